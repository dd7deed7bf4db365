"""The HTML door of invitations: for who has one, for the leads of a club, for the desk.

The address of a link leads on at once: its secret stays sealed in the signed cookie, so that it is in no page's
address, no ``Referer``, no way back of the sign-in. Nothing is asked of the database before a person who is signed in
presses a button.
"""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms.fields import SelectChoice

from app.accounts.entrance import asker, carried
from app.clubs.actions import not_a_lead
from app.clubs.ages import age_in
from app.clubs.cards import door_fact, format_fact, languages_fact, plant_name
from app.clubs.consent import CONSENT_TEXT
from app.clubs.founding.pages import put
from app.clubs.invitations import actions, desk, desk_actions, policy
from app.clubs.invitations.forms import (
    KIND_HELPS,
    ONCE_HELPS,
    AcceptInvitationForm,
    AskForSomebodyForm,
    MakeInvitationForm,
    OpenInvitationForm,
)
from app.clubs.invitations.queries import clubs_to_ask, desk_request_for, invitations_of, waiting_in
from app.clubs.invitations.words import MOST_READ, is_link
from app.clubs.models import Club, Membership
from app.clubs.parts import below
from app.clubs.queries import house_of, member_club_for, membership_of
from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import DomainError, NotFound
from app.core.sealed import seal, unseal
from app.houses.desk import waiting
from app.web.filters import use_zone
from app.web.guard import actor, actor_or_none, public
from app.web.parts import Part
from app.web.pictures import qr_of

bp = Blueprint("invitations", __name__)
KEPT = "invitation"
# The time to sign in, with a code by mail. On a device of many nobody finds it after that.
KEPT_FOR = timedelta(minutes=20)
carried.add(KEPT)
waiting.append(desk.invitations)


@bp.get("/invitations/<string(length=26):secret>")
@public
def open_link(secret: str) -> Response:
    """Whatever the secret is: it is put aside, and nothing is looked for. Messengers open links too."""
    _keep(secret)
    return redirect(url_for("invitations.enter_word"), 303)


@bp.get("/invitations")
@public
def enter_word() -> Any:
    """The word that somebody was given; or the link that they followed, and a button."""
    return _entry(OpenInvitationForm())


@bp.post("/invitations")
@public
def open_invitation() -> Any:
    """Show which club an invitation leads to, and what entering means. It uses nothing up."""
    form = OpenInvitationForm()
    if request.form.get("forget"):
        session.pop(KEPT, None)
        return redirect(url_for("invitations.enter_word"), 303)
    if request.form.get("kept"):
        form.word.data = _kept()
    if not form.validate():
        return _entry(form, 422)
    if actor_or_none() is None:
        _keep(form.word.data)
        return redirect(url_for("accounts.sign_in", next=url_for("invitations.enter_word")), 303)
    return _shown(form.word.data, AcceptInvitationForm(formdata=None, word=form.word.data))


@bp.post("/invitations/accept")
def accept_invitation() -> Any:
    """Come in."""
    form = AcceptInvitationForm()
    return _shown(form.word.data or "", form, sent=True)


def _shown(word: str, form: AcceptInvitationForm, *, sent: bool = False) -> Any:
    try:
        club = actions.open_invitation(actor(), word, asker())
        if _is_in(club):
            session.pop(KEPT, None)
            return redirect(url_for("pages.show_club", slug=club.slug), 303)
        form.ask_age(age_in(house_of(club).country))
        if sent and form.validate():
            return _accepted(club, word, form)
    except actions.WrongInvitation as error:
        # What was typed comes back; what a link brought, and what a page carried along, nobody has typed.
        return _wrong(error, "" if sent or request.form.get("kept") else word)
    return _consent_page(club, form, 422 if form.errors else 200)


def _is_in(club: Club) -> bool:
    own = membership_of(actor(), club.id)
    return own is not None and own.began_at is not None


def _accepted(club: Club, word: str, form: AcceptInvitationForm) -> Any:
    try:
        actions.accept_invitation(actor(), word, form.name.data, asker(), form.consent_version.data)
    except actions.WrongInvitation:
        raise
    except DomainError as error:
        return _consent_page(club, form, put(form, error))
    session.pop(KEPT, None)
    flash(_("Vous êtes dans le club. Dites bonjour, ou attendez un peu."), "done")
    return redirect(url_for("pages.show_club", slug=club.slug), 303)


def _wrong(error: actions.WrongInvitation, typed: str) -> Any:
    session.pop(KEPT, None)
    form = OpenInvitationForm(formdata=None, word=typed)
    form.refuse("word", error.detail)
    return _entry(form, error.status)


def _entry(form: OpenInvitationForm, status: int = 200) -> Any:
    kept = bool(_kept()) and not form.errors
    return render_template("invitations/enter_word.html", form=form, kept=kept, nav_current="clubs"), status


def _consent_page(club: Club, form: AcceptInvitationForm, status: int) -> Any:
    page = render_template(
        "invitations/accept_invitation.html",
        club=club,
        form=form,
        consent=CONSENT_TEXT,
        facts=[door_fact(club), languages_fact(club), format_fact(club)],
        charter=[("check", rule) for rule in club.charter],
        nav_current="clubs",
    )
    return page, status


def _keep(secret: str) -> None:
    session[KEPT] = seal(f"{(now() + KEPT_FOR).isoformat()} {secret[:MOST_READ]}")


def _kept() -> str:
    """What was put aside a moment ago, if anything."""
    until, _space, secret = (unseal(str(session.get(KEPT, ""))) or "").partition(" ")
    return secret if until and datetime.fromisoformat(until) > now() else ""


@bp.route("/clubs/<slug>/invitations", methods=["GET", "POST"])
def make_invitation(slug: str) -> Any:
    """What the club has given out, and another one."""
    club, me = member_club_for(actor(), slug)
    if not policy.can_make_invitation(me):
        raise not_a_lead()
    use_zone(house_of(club).timezone)
    form, status = MakeInvitationForm(), 200
    if form.validate_on_submit():
        try:
            once = form.once.data != "no"
            made = actions.make_invitation(actor(), slug, form.kind.data, now() + form.lasts, once=once)
            session["new_invitation"] = seal(f"{club.id} {made.secret}")
            return redirect(url_for("invitations.make_invitation", slug=slug), 303)
        except DomainError as error:
            status = put(form, error)
    secret = _new_secret(club)
    link = (
        f"{current_app.config['BASE_URL']}{url_for('invitations.open_link', secret=secret)}" if is_link(secret) else ""
    )
    page = render_template(
        "invitations/make_invitation.html",
        **_of(club),
        form=form,
        kind_helps=KIND_HELPS,
        once_helps=ONCE_HELPS,
        word="" if link else secret,
        link=link,
        qr=qr_of(link) if link else None,
        made=invitations_of(club),
    )
    return page, status


def _new_secret(club: Club) -> str:
    """Of an invitation that was just made: shown this once."""
    club_id, _space, secret = (unseal(str(session.pop("new_invitation", ""))) or "").partition(" ")
    return secret if club_id == club.id else ""


@bp.post("/clubs/<slug>/invitations/<invitation_id>/withdraw")
def withdraw_invitation(slug: str, invitation_id: str) -> Response:
    """Take an invitation back."""
    actions.withdraw_invitation(actor(), slug, invitation_id)
    flash(_("L’invitation est retirée. Elle n’ouvre plus rien."), "done")
    return redirect(url_for("invitations.make_invitation", slug=slug), 303)


@bp.post("/clubs/<slug>/invitations/asked/<request_id>")
def answer_desk(slug: str, request_id: str) -> Response:
    """Say yes or no to what the desk asks."""
    give = request.form.get("give") == "yes"
    desk_actions.answer_desk(actor(), slug, request_id, give=give)
    flash(
        _("C’est fait : l’accueil remet un mot.") if give else _("C’est fait : l’accueil saura que c’est non."), "done"
    )
    return redirect(url_for("clubs.list_requests", slug=slug), 303)


@bp.route("/desk/invitations/new", methods=["GET", "POST"])
def ask_for_somebody() -> Any:
    """Ask the leads of a club for a word."""
    if not actor().is_staff:
        raise NotFound()
    form, status = AskForSomebodyForm(), 200
    clubs = clubs_to_ask(actor())
    form.club.choices = [SelectChoice("", _("Choisir")), *(SelectChoice(one.slug, plant_name(one)) for one in clubs)]
    if form.validate_on_submit():
        try:
            asked = desk_actions.ask_for_somebody(actor(), form.club.data or "")
            flash(_("C’est demandé. La réponse viendra sur le bureau."), "done")
            return redirect(url_for("invitations.show_desk_request", request_id=asked.id), 303)
        except DomainError as error:
            status = put(form, error)
    page = render_template("invitations/ask_for_somebody.html", form=form, some=bool(clubs), nav_current="desk")
    return page, status


@bp.get("/desk/invitations/<request_id>")
def show_desk_request(request_id: str) -> str:
    """What became of it; the word, to print, that names no club."""
    asked, club = desk_request_for(actor(), request_id)
    use_zone(house_of(club).timezone)
    word = unseal(asked.word_sealed) if asked.word_sealed else None
    return render_template(
        "invitations/show_desk_request.html", asked=asked, plant=plant_name(club), word=word, nav_current="desk"
    )


@bp.post("/desk/invitations/<request_id>/close")
def close_desk_request(request_id: str) -> Response:
    """It is handed over, or told."""
    desk_actions.close_desk_request(actor(), request_id)
    flash(_("C’est clos. Il n’en reste rien ici."), "done")
    return redirect("/desk", 303)


def inviting(_actor: Actor, club: Club, _me: Membership) -> Part:
    """On the page of a club's leads: what the desk asks, and the way to invitations."""
    asked = waiting_in(club)
    return Part("invitations/_below.html", {"club": club, "asked": asked}, len(asked))


below.append(inviting)


def _of(club: Club) -> dict[str, Any]:
    return {"club": club, "plant": plant_name(club), "nav_current": "clubs"}

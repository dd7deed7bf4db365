"""The HTML door of clubs: the list, coming in, leaving, leading. The page of a club is composed by ``pages``."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.clubs import actions, parts, policy
from app.clubs.ages import age_in
from app.clubs.cards import cards_of, club_name, is_today, plant_name, words_hidden
from app.clubs.consent import CONSENT_TEXT, CONSENT_VERSION
from app.clubs.diary import diary
from app.clubs.forms import AskClubForm, JoinClubForm, RenameForm
from app.clubs.models import Club, Membership
from app.clubs.pinned import pinned_in
from app.clubs.queries import (
    club_for,
    house_of,
    kept_out,
    member_club_for,
    members_of,
    membership_in,
    membership_of,
    own_club_for,
    renamed_elsewhere,
    requests_of,
    settled_club_for,
    visible_clubs,
    visitors_in,
)
from app.core.errors import DomainError, NotFound
from app.web.filters import use_zone
from app.web.fragments import render_page
from app.web.guard import actor, actor_or_none, public
from app.web.reading import keeps

bp = Blueprint("clubs", __name__)
bp.add_app_template_global(pinned_in)
bp.add_app_template_global(club_name)
bp.add_app_template_global(words_hidden)
SHOWN_REQUESTS = 100


@bp.get("/clubs")
@public
@keeps(show="tonight|here|online|language")
def list_clubs() -> Response:
    """The clubs that this reader may see, narrowed by a plain link."""
    clubs = visible_clubs(actor_or_none())
    moments = diary.next_public(clubs)
    tonight = {club_id for club_id, at in moments.items() if is_today(at)}
    shown = request.args.get("show", "")
    kept = [club for club in clubs if _matches(club, shown, tonight)]
    return render_page(
        "clubs/list_clubs.html",
        {"club-list": "clubs/_club_list.html"},
        cards=cards_of(kept, moments),
        tabs=_tabs(shown),
        nav_current="clubs",
    )


def _matches(club: Club, shown: str, tonight: set[str]) -> bool:
    if shown == "tonight":
        return club.id in tonight
    if shown == "here":
        return club.format in ("here", "both")
    if shown == "online":
        return club.format in ("online", "both")
    return shown != "language" or str(get_locale()) in club.languages


def _tabs(shown: str) -> list[tuple[str, str, str, bool]]:
    words = {
        "": _("Tous"),
        "tonight": _("Ce soir"),
        "here": _("Sur place"),
        "online": _("En ligne"),
        "language": _("Dans ma langue"),
    }
    current = shown if shown in words else ""
    return [(url_for("clubs.list_clubs", show=key or None), word, "", key == current) for key, word in words.items()]


@bp.route("/clubs/<slug>/join", methods=["GET", "POST"])
def join_club(slug: str) -> Any:
    """Come in, or ask to."""
    club = club_for(actor(), slug)
    if membership_of(actor(), club.id) is not None or kept_out(actor().account_id, club.id):
        return _to_club(slug)
    if not policy.can_join_club(actor()):
        raise actions.staff_joins_no_club()
    form = (AskClubForm() if club.door == "on_request" else JoinClubForm()).ask_age(age_in(house_of(club).country))
    if form.validate_on_submit():
        try:
            return _joined(slug, form)
        except DomainError as error:
            return _join_page(club, form, _put(form, error))
    return _join_page(club, form, 422 if form.errors else 200)


def _joined(slug: str, form: JoinClubForm) -> Response:
    sentence = form.sentence.data if isinstance(form, AskClubForm) else ""
    state = actions.join_club(actor(), slug, form.name.data, sentence or "", form.consent_version.data)
    if state == "member":
        flash(_("Vous êtes dans le club. Dites bonjour, ou attendez un peu."), "done")
    else:
        flash(_("Votre demande est partie. Une personne responsable du club répond."), "done")
    return _to_club(slug)


def _put(form: JoinClubForm | RenameForm, error: DomainError) -> int:
    """Show a refusal beside its field; one that belongs to no field goes on to its page."""
    if error.code == "consent_changed":
        form.consent_version.data, form.consent.data = CONSENT_VERSION, False
        form.refuse("consent", error.detail)
    elif error.field in form:
        form.refuse(str(error.field), error.detail)
    else:
        raise error
    return error.status


def _join_page(club: Club, form: JoinClubForm, status: int) -> tuple[str, int]:
    page = render_template(
        "clubs/join_club.html", club=club, plant=plant_name(club), form=form, consent=CONSENT_TEXT, nav_current="clubs"
    )
    return page, status


@bp.post("/clubs/<slug>/requests/withdraw")
def withdraw_request(slug: str) -> Response:
    """Take one's request back."""
    actions.withdraw_request(actor(), slug)
    flash(_("Votre demande est retirée. Il n’en reste rien."), "done")
    return _to_club(slug)


@bp.route("/clubs/<slug>/leave", methods=["GET", "POST"])
def leave_club(slug: str) -> Any:
    """Leave, after a page that says what happens. A pause keeps nobody in."""
    club, membership = own_club_for(actor(), slug)
    refused = None
    if request.method == "POST":
        try:
            actions.leave_club(actor(), slug)
        except DomainError as error:
            if error.code != "last_lead":
                raise
            refused = error
        else:
            flash(_("Vous avez quitté le club. Votre nom n’y est plus."), "done")
            return redirect(url_for("pages.home"), 303)
    page = render_template("clubs/leave_club.html", **_of(club, membership), refused=refused, has_errors=bool(refused))
    return page, refused.status if refused else 200


@bp.route("/clubs/<slug>/name", methods=["GET", "POST"])
def rename(slug: str) -> Any:
    """Take another name in one club."""
    club, membership = settled_club_for(actor(), slug)
    form = RenameForm()
    status = 200
    if form.validate_on_submit():
        try:
            actions.rename(actor(), slug, form.name.data)
            flash(_("Le club voit maintenant votre nouveau nom."), "done")
            return _to_club(slug)
        except DomainError as error:
            status = _put(form, error)
    elif form.errors:
        status = 422
    lately = renamed_elsewhere(actor(), club)
    return render_template("clubs/rename.html", **_of(club, membership), form=form, lately=lately), status


@bp.get("/clubs/<slug>/requests")
def list_requests(slug: str) -> Response:
    """Who asks to enter; read by the leads alone."""
    club, membership = member_club_for(actor(), slug)
    if not policy.can_read_requests(membership):
        raise actions.not_a_lead()
    return render_page(
        "clubs/list_requests.html",
        {"requests": "clubs/_requests.html"},
        **_of(club, membership),
        requests=requests_of(club, limit=SHOWN_REQUESTS),
        below=parts.parts_for(actor(), club, membership, parts.below),
        beside=parts.parts_for(actor(), club, membership, parts.beside),
    )


@bp.get("/clubs/<slug>/requests/<request_id>/refuse")
def ask_to_refuse(slug: str, request_id: str) -> str:
    """What a refusal does, before it is done: nothing would bring the request back."""
    club, membership = member_club_for(actor(), slug)
    if not policy.can_refuse_request(membership):
        raise actions.not_a_lead()
    asked = next((each for each in requests_of(club, limit=SHOWN_REQUESTS) if each.id == request_id), None)
    if asked is None:
        raise NotFound()
    return render_template("clubs/refuse_request.html", **_of(club, membership), asked=asked)


@bp.post("/clubs/<slug>/requests/<request_id>")
def decide_request(slug: str, request_id: str) -> Response:
    """Say yes or no to one person."""
    answer = request.form.get("accept", "")
    if answer not in ("yes", "no"):
        raise NotFound()
    if answer == "yes":
        actions.accept_request(actor(), slug, request_id)
        flash(_("C’est fait : la personne est dans le club."), "done")
    else:
        actions.refuse_request(actor(), slug, request_id)
        flash(_("La demande est refusée. Il n’en reste rien."), "done")
    return redirect(url_for("clubs.list_requests", slug=slug), 303)


@bp.get("/clubs/<slug>/members")
def list_members(slug: str) -> Response:
    """The names used in the club; leads name leads here."""
    club, membership = member_club_for(actor(), slug)
    use_zone(house_of(club).timezone)
    return render_page(
        "clubs/list_members.html",
        {"members": "clubs/_members.html", "visitors": "clubs/_visitors.html"},
        **_of(club, membership),
        members=members_of(club),
        visitors=visitors_in(club),
        may_set_role=policy.can_set_role(membership),
    )


@bp.get("/clubs/<slug>/members/<membership_id>/role")
def ask_to_set_role(slug: str, membership_id: str) -> str:
    """What naming a lead, or being one no more, changes; and of whom one speaks."""
    club, membership = member_club_for(actor(), slug)
    if not policy.can_set_role(membership):
        raise actions.not_a_lead()
    one = membership_in(actor(), membership_id)
    if one.club_id != club.id:
        raise NotFound()
    return render_template("clubs/set_role.html", **_of(club, membership), one=one)


@bp.post("/clubs/<slug>/members")
def set_role(slug: str) -> Response:
    """Make a member a lead, or a lead a member."""
    member_club_for(actor(), slug)
    try:
        changed = actions.set_role(actor(), request.form.get("membership", ""), request.form.get("role", ""))
    except DomainError as error:
        if error.code != "last_lead":
            raise
        flash(error.detail, "error")
    else:
        # No name here: this sentence travels in the cookie.
        more = _("C’est fait : une personne responsable de plus.")
        flash(more if changed.role == "lead" else _("C’est fait : une personne responsable de moins."), "done")
    return redirect(url_for("clubs.list_members", slug=slug), 303)


def _of(club: Club, membership: Membership) -> dict[str, Any]:
    return {"club": club, "me": membership, "plant": plant_name(club), "nav_current": "clubs"}


def _to_club(slug: str) -> Response:
    return redirect(url_for("pages.show_club", slug=slug), 303)

"""The HTML door of help requests: for the leads of a club, and for the team of its house."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms.fields import SelectChoice

from app.clubs.actions import not_a_lead
from app.clubs.cards import plant_name
from app.clubs.models import Club, Membership
from app.clubs.parts import beside
from app.clubs.queries import house_of, member_club_for
from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import DomainError, NotAllowed, NotFound
from app.facilitation.models import HelpNote
from app.facilitation.pauses.forms import PauseMemberForm, RemoveMemberForm
from app.facilitation.support import actions, desk, policy
from app.facilitation.support.forms import AskHelpForm, WriteNoteForm
from app.facilitation.support.queries import Helped, help_for, help_of_club, lead_meant, notes_of, other_leads
from app.houses.desk import waiting
from app.houses.queries import staff_name
from app.web.filters import use_zone
from app.web.guard import actor
from app.web.parts import Part

bp = Blueprint("support", __name__)
waiting.append(desk.help_requests)


@bp.route("/clubs/<slug>/help", methods=["GET", "POST"])
def ask_help(slug: str) -> Any:
    """Ask the team for a hand; what was asked before stands below."""
    club, me = member_club_for(actor(), slug)
    if not policy.can_ask_help(me):
        raise not_a_lead()
    use_zone(house_of(club).timezone)
    form, status = AskHelpForm(), 200
    form.about.choices = [
        SelectChoice("", _("Non")),
        *[SelectChoice(one.id, one.name or "") for one in other_leads(me)],
    ]
    if form.validate_on_submit():
        try:
            made = actions.ask_help(actor(), slug, form.title.data, form.body.data, form.about.data or "")
            flash(_("C’est envoyé. L’équipe répond ici."), "done")
            return redirect(url_for(".show_help", request_id=made.id), 303)
        except DomainError as error:
            status = _put(form, error)
    elif form.errors:
        status = 422
    return render_template("support/ask_help.html", **_of(club), form=form, asked=help_of_club(club, me)), status


@bp.route("/help-requests/<request_id>", methods=["GET", "POST"])
def show_help(request_id: str) -> Any:
    """Read what was written, and answer."""
    helped = help_for(actor(), request_id)
    use_zone(house_of(helped.club).timezone)
    form, status = WriteNoteForm(), 200
    if form.validate_on_submit():
        try:
            actions.write_note(actor(), request_id, form.body.data)
            return redirect(url_for(".show_help", request_id=request_id), 303)
        except DomainError as error:
            status = _put(form, error)
    elif form.errors:
        status = 422
    said = [(_who(helped, each), each) for each in notes_of(helped.request)]
    meant = helped.lead is None and lead_meant(helped.request) is not None
    page = render_template(
        "support/show_help.html", **_of(helped.club), helped=helped, said=said, form=form, meant=meant
    )
    return page, status


@bp.route("/help-requests/<request_id>/pause", methods=["GET", "POST"])
def pause_lead(request_id: str) -> Any:
    """The team pauses the lead whom a request is about."""
    helped, form = _to_stop(request_id), PauseMemberForm()
    return _stop(
        helped, form, _("C’est fait : une personne est en pause."),
        lambda: actions.pause_lead(actor(), request_id, now() + form.lasts, form.rule.data, form.reason.data),
    )  # fmt: skip


@bp.route("/help-requests/<request_id>/remove", methods=["GET", "POST"])
def remove_lead(request_id: str) -> Any:
    """The team puts the lead whom a request is about out of the club."""
    helped, form = _to_stop(request_id), RemoveMemberForm()
    return _stop(
        helped, form, _("C’est fait : une personne n’est plus dans le club."),
        lambda: actions.remove_lead(actor(), request_id, form.rule.data, form.reason.data),
    )  # fmt: skip


def _to_stop(request_id: str) -> Helped:
    helped = help_for(actor(), request_id)
    if not policy.can_stop_lead(actor()):
        raise NotAllowed()
    use_zone(house_of(helped.club).timezone)
    return helped


def _stop(helped: Helped, form: RemoveMemberForm, done: str, act: Callable[[], object]) -> Any:
    status = 200
    if form.validate_on_submit():
        try:
            act()
            flash(done, "done")
            return redirect(url_for(".show_help", request_id=helped.request.id), 303)
        except DomainError as error:
            if error.status in (403, 404, 410):
                raise
            form.refuse(error.field if error.field and error.field in form else "reason", error.detail)
            status = error.status
    elif form.errors:
        status = 422
    elif lead_meant(helped.request) is None:
        raise NotFound()
    return render_template("support/stop_lead.html", **_of(helped.club), helped=helped, form=form), status


@bp.post("/help-requests/<request_id>/take")
def take_help(request_id: str) -> Response:
    """One of the team takes care of it."""
    actions.take_help(actor(), request_id)
    flash(_("Vous vous en occupez."), "done")
    return redirect(url_for(".show_help", request_id=request_id), 303)


@bp.post("/help-requests/<request_id>/close")
def close_help(request_id: str) -> Response:
    """It is done."""
    actions.close_help(actor(), request_id)
    flash(_("La demande est close."), "done")
    return redirect(url_for(".show_help", request_id=request_id), 303)


def asking(_actor: Actor, club: Club, me: Membership) -> Part:
    """Beside the requests of a club's leads: what they asked the team."""
    still = [one for one in help_of_club(club, me) if one.closed_at is None]
    return Part("support/_beside.html", {"club": club, "asked": still})


beside.append(asking)


def _who(helped: Helped, said: HelpNote) -> str:
    """Of a lead the team learns no name; a lead learns who of the team answers."""
    if said.by_role == "staff":
        name = staff_name(said.by_account_id) if said.by_account_id else ""
        return str(_("%(name)s, équipe", name=name) if name else _("L’équipe"))
    mine = helped.lead is not None and helped.lead.id == said.by_membership_id
    return str(_("Vous") if mine else _("Une personne responsable"))


def _put(form: WriteNoteForm, error: DomainError) -> int:
    if error.status in (403, 404, 410):
        raise error
    form.refuse(error.field if error.field and error.field in form else "body", error.detail)
    return error.status


def _of(club: Club) -> dict[str, Any]:
    return {"club": club, "plant": plant_name(club), "nav_current": "clubs"}

"""The HTML door of pauses: from the members list, and beside the requests of a club's leads."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms.fields import SelectChoice

from app.clubs.actions import not_a_lead
from app.clubs.cards import plant_name
from app.clubs.models import Club, Membership
from app.clubs.parts import beside
from app.clubs.queries import house_of, member_club_for, membership_in
from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import DomainError, NotFound
from app.facilitation.pauses import actions, policy
from app.facilitation.pauses.forms import PauseMemberForm, PauseSomebodyForm, RemoveMemberForm
from app.facilitation.pauses.queries import may_be_paused
from app.web.filters import use_zone
from app.web.guard import actor
from app.web.parts import Part

bp = Blueprint("pauses", __name__)


@bp.route("/clubs/<slug>/pause", methods=["GET", "POST"])
def pause_somebody(slug: str) -> Any:
    """Pause a member whose name is chosen on the page."""
    club, me = _leading(slug)
    form = _somebody_form(club)
    if form.validate_on_submit():
        try:
            actions.pause_member(actor(), form.member.data, now() + form.lasts, form.rule.data, form.reason.data)
            return _done(club, _("C’est fait : une personne est en pause."))
        except NotFound:
            form.refuse("member", _("Cette personne n’est plus dans le club."))
        except DomainError as error:
            _put(form, error, "member")
    page = render_template("pauses/pause_somebody.html", **_of(club, me), form=form)
    return page, 422 if form.errors else 200


@bp.route("/clubs/<slug>/members/<membership_id>/pause", methods=["GET", "POST"])
def pause_member(slug: str, membership_id: str) -> Any:
    """Pause one member: for how long, which rule, why."""
    club, me = _leading(slug)
    one = _member(club, membership_id)
    form, status = PauseMemberForm(), 200
    if form.validate_on_submit():
        try:
            actions.pause_member(actor(), one.id, now() + form.lasts, form.rule.data, form.reason.data)
            return _done(club, _("C’est fait : une personne est en pause."))
        except DomainError as error:
            status = _put(form, error, "until")
    elif form.errors:
        status = 422
    return render_template("pauses/pause_member.html", **_of(club, me), one=one, form=form), status


@bp.post("/clubs/<slug>/members/<membership_id>/pause/end")
def end_pause(slug: str, membership_id: str) -> Response:
    """End a pause before its time."""
    club, _me = member_club_for(actor(), slug)
    one = membership_in(actor(), membership_id)
    if one.club_id != club.id:
        raise NotFound()
    actions.end_pause(actor(), one.id)
    return _done(club, _("La pause est finie."))


@bp.route("/clubs/<slug>/members/<membership_id>/remove", methods=["GET", "POST"])
def remove_member(slug: str, membership_id: str) -> Any:
    """Put one member out of the club, after a page that says what happens."""
    club, me = _leading(slug)
    one = _member(club, membership_id)
    form, status = RemoveMemberForm(), 200
    if form.validate_on_submit():
        try:
            actions.remove_member(actor(), one.id, form.rule.data, form.reason.data)
            return _done(club, _("C’est fait : une personne n’est plus dans le club."))
        except DomainError as error:
            status = _put(form, error, "reason")
    elif form.errors:
        status = 422
    return render_template("pauses/remove_member.html", **_of(club, me), one=one, form=form), status


def pausing(_actor: Actor, club: Club, _me: Membership) -> Part:
    """The form beside the requests of a club's leads."""
    return Part("pauses/_beside.html", {"form": _somebody_form(club, empty=True), "club": club})


beside.append(pausing)


def _somebody_form(club: Club, *, empty: bool = False) -> PauseSomebodyForm:
    form = PauseSomebodyForm(formdata=None) if empty else PauseSomebodyForm()
    names = [SelectChoice(one.id, one.name or "") for one in may_be_paused(club)]
    form.member.choices = [SelectChoice("", _("Choisir un nom")), *names]
    return form


def _leading(slug: str) -> tuple[Club, Membership]:
    club, me = member_club_for(actor(), slug)
    if not policy.can_pause_member(me) or not policy.can_remove_member(me):
        raise not_a_lead()
    use_zone(house_of(club).timezone)
    return club, me


def _member(club: Club, membership_id: str) -> Membership:
    """Somebody of this club whom a lead may stop."""
    one = membership_in(actor(), membership_id)
    if one.club_id != club.id:
        raise NotFound()
    actions.check_target(one)
    return one


def _put(form: RemoveMemberForm, error: DomainError, otherwise: str) -> int:
    """Show a refusal beside its field; one that is about rights goes on to its page."""
    if error.status in (403, 404):
        raise error
    form.refuse(error.field if error.field and error.field in form else otherwise, error.detail)
    return error.status


def _of(club: Club, me: Membership) -> dict[str, Any]:
    return {"club": club, "me": me, "plant": plant_name(club), "nav_current": "clubs"}


def _done(club: Club, words: str) -> Response:
    # No name here: this sentence travels in the cookie.
    flash(words, "done")
    return redirect(url_for("clubs.list_members", slug=club.slug), 303)

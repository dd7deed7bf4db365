"""The pages of places: plan a meeting outside the rooms, change it, call it off; the house's links."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.clubs.cards import plant_name
from app.clubs.queries import house_of, member_club_for
from app.core.errors import DomainError, NotAllowed, NotFound, TooMany
from app.meetings import actions
from app.meetings.places import actions as places
from app.meetings.places import parts as parts
from app.meetings.places.forms import LinkForm, PlanForm
from app.meetings.places.policy import can_set_link
from app.meetings.places.queries import pattern_of
from app.meetings.policy import can_plan_meeting
from app.meetings.queries import MeetingView, meeting_for
from app.rooms.queries import find_slot
from app.rooms.staff.pages import back_to_rooms, house_here, page
from app.web.filters import use_zone
from app.web.forms import clean_line
from app.web.guard import actor
from app.web.reading import keeps

bp = Blueprint("places", __name__)


@bp.route("/clubs/<slug>/meetings/new", methods=["GET", "POST"])
@keeps(slot="[a-z0-9]{26}")
def plan_meeting(slug: str) -> Any:
    """Plan a meeting elsewhere, or online; a slot that somebody else has may say when, and what was typed its title."""
    club, me = member_club_for(actor(), slug)
    _leads(me)
    begins = request.method == "GET" or "begin" in request.form
    house, form = house_of(club), PlanForm(None) if begins else PlanForm()
    form.offer(online=bool(pattern_of(house)))
    shown = {"plant": plant_name(club), "back": url_for("pages.show_club", slug=slug)}
    if begins and "slot" in request.args:
        form.begin(find_slot(request.args["slot"]), ZoneInfo(house.timezone), clean_line(request.form.get("title", "")))
    if begins or not form.validate():
        return _plan_page(form, **shown)
    try:
        made = actions.plan_meeting(actor(), slug, form.plan_in(ZoneInfo(house.timezone)))
    except DomainError as error:
        return _refused(form, error, **shown)
    flash(_("C’est prévu."), "done")
    return _to(made.id)


@bp.route("/meetings/<meeting_id>/edit", methods=["GET", "POST"])
def change_meeting(meeting_id: str) -> Any:
    """Say otherwise when and where."""
    one, form = _planned(meeting_id), PlanForm()
    form.offer(online=bool(pattern_of(one.house)))
    if request.method == "GET":
        form.fill(one)
    shown = {"plant": one.plant, "back": url_for("meetings.show_meeting", meeting_id=one.id), "one": one}
    if request.method == "GET" or not form.validate():
        return _plan_page(form, **shown)
    try:
        actions.change_meeting(actor(), meeting_id, form.plan_in(ZoneInfo(one.house.timezone)))
    except DomainError as error:
        return _refused(form, error, **shown)
    flash(_("C’est changé. Qui vient est prévenu d’une autre heure."), "done")
    return _to(meeting_id)


@bp.route("/meetings/<meeting_id>/cancel", methods=["GET", "POST"])
def cancel_meeting(meeting_id: str) -> Any:
    """Call it off, after a page that says what happens."""
    one = _planned(meeting_id)
    if request.method == "POST":
        actions.cancel_meeting(actor(), meeting_id)
        flash(_("La rencontre est annulée. Qui venait est prévenu."), "done")
        return redirect(url_for("pages.show_club", slug=one.club.slug), 303)
    return render_template("places/cancel_meeting.html", one=one, nav_current="clubs")


@bp.post("/meetings/<meeting_id>/online")
def put_online(meeting_id: str) -> Response:
    """In its room, and online too."""
    online = request.form.get("online") == "yes"
    places.put_online(actor(), meeting_id, online=online)
    flash(_("La rencontre est aussi en ligne.") if online else _("La rencontre n’est plus en ligne."), "done")
    return _to(meeting_id)


@bp.route("/houses/<slug>/link", methods=["GET", "POST"])
def set_link(slug: str) -> Any:
    """What the links of online meetings look like in this house."""
    house, form = house_here(slug), LinkForm()
    if not can_set_link(actor()):
        raise NotAllowed()
    if request.method == "GET":
        form.pattern.data = pattern_of(house)
    elif form.validate():
        try:
            places.set_link(actor(), slug, form.pattern.data or "")
        except DomainError as error:
            form.refuse(error.field or "pattern", str(error.detail))
        else:
            return back_to_rooms(house, _("C’est noté."))
    return page("places/set_link", house, 422 if form.errors else 200, form=form)


def _leads(me: Any) -> None:
    if not can_plan_meeting(me):
        raise NotAllowed("not_a_lead", actions.NOT_A_LEAD)


def _planned(meeting_id: str) -> MeetingView:
    """What stands outside the rooms, for a lead of its club."""
    one = meeting_for(actor(), meeting_id)
    if one.me is None:
        raise NotFound()
    _leads(one.me)
    if one.claim is not None:
        raise NotFound()
    actions.still_ahead(one.said)
    use_zone(one.house.timezone)
    return one


def _refused(form: PlanForm, error: DomainError, **shown: Any) -> Any:
    # Who has typed a plan keeps it while they wait.
    if not error.field and not isinstance(error, TooMany):
        raise error
    form.refuse(error.field if error.field and error.field in form else "title", str(error.detail))
    page, status = _plan_page(form, **shown)
    return page, error.status if isinstance(error, TooMany) else status


def _plan_page(form: PlanForm, **shown: Any) -> Any:
    page = render_template("places/plan_meeting.html", form=form, nav_current="clubs", **{"one": None, **shown})
    return page, 422 if form.errors else 200


def _to(meeting_id: str) -> Response:
    return redirect(url_for("meetings.show_meeting", meeting_id=meeting_id), 303)

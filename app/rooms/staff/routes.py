"""The pages of the team about rooms: what there is, and plain forms to change it."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _

from app.core.errors import Invalid, Taken
from app.houses.models import House
from app.houses.places import clock_in_words, days_in_words
from app.rooms.evenings.queries import rules_ahead
from app.rooms.evenings.show import shown_rule
from app.rooms.imports.queries import brought_into
from app.rooms.models import Closure, Room
from app.rooms.queries import ONE_DAY, room_by_slug, rooms_of, today_in
from app.rooms.staff import actions
from app.rooms.staff.forms import DayForm, RoomForm, WindowsForm, group_said, room_said
from app.rooms.staff.pages import back_to_rooms, house_here, page
from app.rooms.staff.queries import (
    Group,
    claims_ahead,
    claims_beside,
    closures_ahead,
    group_with,
    groups_of,
    holidays_ahead,
)
from app.web.guard import actor

bp = Blueprint("staff", __name__)
SHOWN_HOLIDAYS = 4


@bp.get("/houses/<slug>/rooms")
def show_rooms(slug: str) -> Any:
    """Everything about the rooms of a house on one page."""
    house = house_here(slug)
    rooms = rooms_of(house)
    lines = [_said(one, rooms) for one in groups_of(house, rooms)]
    closures = [_shut(house, *found) for found in closures_ahead(house)]
    today = today_in(house)
    shut_now = {one["room_id"]: one for one in closures if one["first"] <= today}
    days = holidays_ahead(house)
    return page(
        "staff/show_rooms",
        house,
        rooms=[(room, shut_now.get(room.id) or shut_now.get(None)) for room in rooms],
        lines=[one for one in lines if not one["dated"]],
        extra=[one for one in lines if one["dated"]],
        closures=closures,
        only_ifs=[shown_rule(one.rule, house, one.committed) for one in rules_ahead(house)],
        beside=claims_beside(house, rooms),
        brought=brought_into(house),
        holidays=days[:SHOWN_HOLIDAYS],
        later_holidays=days[SHOWN_HOLIDAYS:],
    )


def _said(one: Group, rooms: list[Room]) -> dict[str, Any]:
    """A line of the week in words."""
    everywhere = len(one.rooms) == len(rooms) and len(rooms) > 1
    return {
        "key": one.key,
        "where": _("Toutes") if everywhere else _(", ").join(room.name for room in one.rooms),
        "days": days_in_words(one.weekdays),
        "hours": f"{clock_in_words(one.times[0][0])} – {clock_in_words(one.times[-1][1])}",
        "number": len(one.times),
        "evening": one.evening,
        "scarce": one.scarce,
        "dated": one.dated,
        "day": one.valid_from,
        "since": one.valid_from,
        "until": one.valid_until,
    }


def _shut(house: House, closure: Closure, room: Room | None) -> dict[str, Any]:
    zone = ZoneInfo(house.timezone)
    start, end = closure.starts_at.astimezone(zone), closure.ends_at.astimezone(zone)
    whole = f"{start:%H:%M}{end:%H:%M}" == "00:0000:00"
    return {
        "id": closure.id,
        "room_id": closure.room_id,
        "room": room.name if room else "",
        "start": start,
        "end": end,
        "first": start.date(),
        "last": end.date() - ONE_DAY if whole else end.date(),
        "whole": whole,
        "reason": closure.reason,
    }


@bp.route("/houses/<slug>/rooms/new", methods=["GET", "POST"])
def add_room(slug: str) -> Any:
    """A new room; then when it opens."""
    house, form = house_here(slug), RoomForm()
    if request.method == "GET" or not form.validate():
        return page("staff/edit_room", house, 422 if form.is_submitted() else 200, form=form, room=None)
    try:
        room = actions.add_room(actor(), slug, form.said)
    except Taken as error:
        form.refuse("name", str(error.detail))
        return page("staff/edit_room", house, error.status, form=form, room=None)
    flash(_("La salle est ajoutée. Dites maintenant quand elle s’ouvre."), "done")
    return redirect(url_for("staff.open_windows", slug=slug, room=room.slug), 303)


@bp.route("/houses/<slug>/rooms/<room_slug>/edit", methods=["GET", "POST"])
def change_room(slug: str, room_slug: str) -> Any:
    """What a room is."""
    house = house_here(slug)
    room = room_by_slug(rooms_of(house), room_slug)
    form = RoomForm(data=room_said(room))
    if request.method == "GET" or not form.validate():
        return page("staff/edit_room", house, 422 if form.is_submitted() else 200, form=form, room=room)
    try:
        actions.change_room(actor(), slug, room_slug, form.said)
    except Taken as error:
        form.refuse("name", str(error.detail))
        return page("staff/edit_room", house, error.status, form=form, room=room)
    return back_to_rooms(house, _("C’est enregistré."))


@bp.route("/houses/<slug>/rooms/<room_slug>/close", methods=["GET", "POST"])
def close_for_good(slug: str, room_slug: str) -> Any:
    """Close a room for good, after a page that says what stands in the way."""
    house = house_here(slug)
    room = room_by_slug(rooms_of(house), room_slug)
    if request.method == "POST":
        try:
            actions.close_for_good(actor(), slug, room_slug)
            return back_to_rooms(house, _("La salle est fermée pour de bon."))
        except Taken as error:
            flash(str(error.detail), "warning")
    ahead = [one for one in claims_ahead(house) if one.room.id == room.id]
    return page("staff/close_room", house, 409 if request.method == "POST" else 200, room=room, ahead=ahead)


@bp.route("/houses/<slug>/windows/new", methods=["GET", "POST"])
def open_windows(slug: str) -> Any:
    """Slots of every week."""
    house = house_here(slug)
    asked = request.args.get("room", "")
    form = WindowsForm(data={"rooms": [asked], "days": [0, 1, 2, 3, 4]} if asked else None)
    form.offer(rooms_of(house))
    if request.method == "GET" or not form.validate():
        return page("staff/edit_windows", house, 422 if form.is_submitted() else 200, form=form, key="")
    try:
        actions.open_windows(actor(), slug, form.pattern)
    except Invalid as error:
        form.refuse(error.field or "rooms", error.detail)
        return page("staff/edit_windows", house, 422, form=form, key="")
    return back_to_rooms(house, _("Les créneaux paraissent sur la page des salles."))


@bp.route("/houses/<slug>/windows/<window_id>/edit", methods=["GET", "POST"])
def change_windows(slug: str, window_id: str) -> Any:
    """A line of the week, said again."""
    house = house_here(slug)
    form = WindowsForm(data=group_said(group_with(house, window_id)))
    form.offer(rooms_of(house))
    if request.method == "GET" or not form.validate():
        return page("staff/edit_windows", house, 422 if form.is_submitted() else 200, form=form, key=window_id)
    try:
        actions.change_windows(actor(), slug, window_id, form.pattern)
    except Invalid as error:
        form.refuse(error.field or "rooms", error.detail)
        return page("staff/edit_windows", house, 422, form=form, key=window_id)
    return back_to_rooms(house, _("C’est enregistré. Ce qui était réservé le reste."))


@bp.route("/houses/<slug>/windows/<window_id>/remove", methods=["GET", "POST"])
def remove_windows(slug: str, window_id: str) -> Any:
    """Take a line off the week, after a page that says what stays."""
    house = house_here(slug)
    line = _said(group_with(house, window_id), rooms_of(house))
    if request.method == "GET":
        return page("staff/remove_windows", house, line=line)
    actions.remove_windows(actor(), slug, window_id)
    return back_to_rooms(house, _("Ces créneaux ne paraissent plus. Ce qui était réservé le reste."))


@bp.route("/houses/<slug>/openings/new", methods=["GET", "POST"])
def open_day(slug: str) -> Any:
    """One day more, be it a public holiday."""
    house, form = house_here(slug), DayForm()
    form.offer(rooms_of(house))
    valid = request.method == "POST" and form.validate()
    if valid and form.day.data < today_in(house):
        form.refuse("day", _("Ce jour est passé."))
        valid = False
    if not valid:
        return page("staff/open_day", house, 422 if form.is_submitted() else 200, form=form)
    try:
        actions.open_day(actor(), slug, form.day.data, tuple(form.rooms.data), form.wanted)
    except Invalid as error:
        form.refuse(error.field or "rooms", error.detail)
        return page("staff/open_day", house, 422, form=form)
    return back_to_rooms(house, _("La maison ouvre ce jour-là."))

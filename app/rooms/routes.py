"""The HTML door of rooms: the week of a room, claim a slot, what was claimed, give it back."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.clubs.cards import plant_name
from app.clubs.models import Club
from app.clubs.queries import memberships_of
from app.core.clock import is_evening, now
from app.core.errors import DomainError, Gone, Invalid, NotAllowed, NotFound, QuotaReached, Taken
from app.houses.models import House
from app.houses.queries import house_by_slug, list_houses
from app.rooms import actions, policy
from app.rooms.alternatives import alternatives_for, larger_room_for
from app.rooms.forms import ClaimSlotForm
from app.rooms.models import Room
from app.rooms.queries import (
    Booked,
    Slot,
    Viewer,
    claim_for,
    find_slot,
    free_evenings,
    room_by_slug,
    rooms_of,
    viewer_for,
)
from app.rooms.quota import check_quota
from app.rooms.week import Links, days_of, label_of, monday_of, neighbours, show_slot, week_of
from app.web.filters import use_zone
from app.web.fragments import render_page
from app.web.guard import actor, actor_or_none, public
from app.web.reading import keeps

bp = Blueprint("rooms", __name__)
EVENINGS = 2


def _meeting_url(claim_id: str) -> str:
    # The floor above has the page of a meeting.
    known = "meetings.show_meeting" in current_app.view_functions
    return url_for("meetings.show_meeting", claim_id=claim_id) if known else ""


LINKS = Links(lambda slot_id: url_for("rooms.claim_slot", slot_id=slot_id), _meeting_url)


@bp.get("/houses/<slug>/slots")
@public
@keeps(room="[a-z0-9-]{1,40}", week="[0-9]{4}-W[0-9]{2}")
def week(slug: str) -> Response:
    """A week of a room: what is free, and what one's own clubs hold."""
    house = house_by_slug(slug)
    use_zone(house.timezone)
    rooms = rooms_of(house)
    if not rooms:
        raise NotFound()
    asked = request.args.get("room")
    room = room_by_slug(rooms, asked) if asked else rooms[0]
    monday = monday_of(request.args.get("week"), house, rooms)
    viewer = viewer_for(actor_or_none())
    days = days_of(house, room, monday, viewer, LINKS)
    return render_page(
        "rooms/show_week.html",
        {"week": "rooms/_week.html", "evenings": "rooms/_evenings.html"},
        place=house,
        room=room,
        days=days,
        may_claim=viewer.leads,
        reads_names=house.id in viewer.houses,
        evenings=[
            show_slot(slot, viewer, LINKS) | {"room": slot.room} for slot in free_evenings(house, rooms, EVENINGS)
        ],
        watched=viewer.slugs,
        **_around(house, rooms, room, monday, days),
    )


def _around(house: House, rooms: list[Room], room: Room, monday: Any, days: list[dict[str, Any]]) -> dict[str, Any]:
    """The links to other houses, rooms and weeks."""
    this, (before, after) = week_of(monday), neighbours(monday, house)

    def url(week: str, slug: str = room.slug) -> str:
        return url_for("rooms.week", slug=house.slug, room=slug, week=week) if week else ""

    return {
        "houses": [(url_for("rooms.week", slug=h.slug), h.name, "", h.id == house.id) for h in list_houses()],
        "rooms": [(url(this, r.slug), r.name, r.capacity, r.id == room.id) for r in rooms],
        "label": label_of(monday, days[-1]["date"] if days else monday),
        "before": url(before),
        "after": url(after),
    }


@bp.route("/slots/<slot_id>/claim", methods=["GET", "POST"])
def claim_slot(slot_id: str) -> Any:
    """Take a free slot for a club that one leads."""
    slot = find_slot(slot_id)
    use_zone(slot.house.timezone)
    viewer, clubs = viewer_for(actor()), _led_clubs()
    form = ClaimSlotForm()
    form.offer(clubs)
    if not form.is_submitted():
        return _instead(slot, viewer, form) or _claim_page(slot, clubs, form, refusal=_no_more(slot, clubs))
    if not _checked(slot, form):
        return _claim_page(slot, clubs, form, 422)
    try:
        booked = actions.claim_slot(actor(), form.wish_for(slot_id), f"{form.key.data}:{slot_id}")
    except (Taken, Invalid, Gone, QuotaReached) as error:
        return _refused(slot_id, viewer, clubs, form, error)
    return redirect(url_for(".show_claim", claim_id=booked.claim.id), 303)


def _led_clubs() -> list[Club]:
    clubs = [club for club, own in memberships_of(actor()) if policy.can_claim_slot(own)]
    if not clubs:
        raise NotAllowed("not_a_lead", actions.NOT_A_LEAD)
    return clubs


def _no_more(slot: Slot, clubs: list[Club]) -> DomainError | None:
    """Why the only club that one leads cannot take another slot: said before anything is typed."""
    if len(clubs) > 1:
        return None
    try:
        check_quota(clubs[0], slot.stretch)
    except QuotaReached as error:
        return error
    return None


def _checked(slot: Slot, form: ClaimSlotForm) -> bool:
    """Too small a room is said together with what else is wrong: one reading, one correction."""
    valid = bool(form.validate())
    if form.size.data and form.size.data > slot.room.capacity:
        form.refuse("size", actions.too_big(slot.room, form.size.data))
        return False
    return valid


def _instead(slot: Slot, viewer: Viewer, form: ClaimSlotForm) -> Any:
    """Where a slot that cannot be claimed leads: to one's own meeting, or to other moments."""
    if slot.claim is not None and slot.claim.club_id in viewer.clubs:
        return redirect(url_for(".show_claim", claim_id=slot.claim.id), 303)
    return None if slot.open or slot.too_far else _taken_page(slot, form)


def _refused(slot_id: str, viewer: Viewer, clubs: list[Club], form: ClaimSlotForm, error: DomainError) -> Any:
    slot = find_slot(slot_id)
    if error.code in ("slot_taken", "idempotency_key_reused", "slot_past"):
        return _instead(slot, viewer, form) or _claim_page(slot, clubs, form, error.status, error)
    if error.field and error.field in form:
        form.refuse(error.field, error.detail)
        return _claim_page(slot, clubs, form, error.status)
    return _claim_page(slot, clubs, form, error.status, error)


def _claim_page(
    slot: Slot, clubs: list[Club], form: ClaimSlotForm, status: int = 200, refusal: DomainError | None = None
) -> Any:
    too_many = form.size.data and form.size.data > slot.room.capacity
    larger = larger_room_for(slot, form.size.data) if too_many else None
    page = render_template(
        "rooms/claim_slot.html",
        slot=show_slot(slot, Viewer(), LINKS),
        room=slot.room,
        week_url=_week_url(slot),
        form=form,
        clubs=clubs,
        plants=[plant_name(club) for club in clubs],
        refusal=refusal,
        larger=larger and show_slot(larger, Viewer(), LINKS) | {"room": larger.room, "url": LINKS.claim(larger.id)},
        has_errors=status != 200,
    )
    return page, status


def _week_url(slot: Slot) -> str:
    week = week_of(slot.stretch.day)
    return url_for("rooms.week", slug=slot.house.slug, room=slot.room.slug, week=week, _anchor=f"j-{slot.stretch.day}")


def _taken_page(slot: Slot, form: ClaimSlotForm) -> Any:
    choices = [
        show_slot(choice.slot, Viewer(), LINKS)
        | {
            "kind": choice.kind,
            "room": choice.slot.room,
            "house": choice.slot.house,
            "url": LINKS.claim(choice.slot.id),
        }
        for choice in alternatives_for(slot, form.size.data or 1)
    ]
    typed = [(field.name, field.data) for field in form if field.data and form.is_submitted()]
    page = render_template("rooms/slot_taken.html", slot=slot, choices=choices, typed=typed, week_url=_week_url(slot))
    return page, 410 if slot.past else 409


@bp.get("/claims/<claim_id>")
def show_claim(claim_id: str) -> str:
    """What was claimed, with its door word; when it was given back, the way to take it again."""
    booked = claim_for(actor(), claim_id)
    if booked.claim.released_at is not None:
        return render_template("rooms/show_released.html", **_of(booked), again_url=_again_url(booked))
    return render_template("rooms/show_claim.html", **_of(booked))


def _of(booked: Booked) -> dict[str, Any]:
    use_zone(booked.house.timezone)
    claim, zone = booked.claim, ZoneInfo(booked.house.timezone)
    start = claim.starts_at.astimezone(zone)
    return {
        "claim": claim,
        "start": start,
        "end": claim.ends_at.astimezone(zone),
        "evening": is_evening(start),
        "room": booked.room,
        "club": booked.club,
        "plant": plant_name(booked.club),
        "may_release": policy.can_release_claim(booked.membership) and claim.ends_at > now(),
        "meeting_url": _meeting_url(claim.id),
        "week_url": url_for(".week", slug=booked.house.slug, room=booked.room.slug),
    }


def _again_url(booked: Booked) -> str:
    """Where a lead takes back what was released, while it is free."""
    try:
        slot = find_slot(booked.slot_id)
    except NotFound:
        return ""
    return LINKS.claim(slot.id) if slot.open and policy.can_claim_slot(booked.membership) else ""


@bp.route("/claims/<claim_id>/release", methods=["GET", "POST"])
def release_claim(claim_id: str) -> Any:
    """Give a slot back, after a page that says what happens."""
    if request.method == "POST":
        actions.release_claim(actor(), claim_id)
        flash(_("La salle est rendue."), "done")
        return redirect(url_for(".show_claim", claim_id=claim_id), 303)
    booked = claim_for(actor(), claim_id)
    if not policy.can_release_claim(booked.membership):
        raise NotAllowed("not_a_lead", actions.NOT_A_LEAD)
    if booked.claim.released_at is not None:
        raise NotFound()
    return render_template("rooms/release_claim.html", **_of(booked))

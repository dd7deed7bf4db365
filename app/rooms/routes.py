"""The HTML door of rooms: the week of a room, claim a slot, what was claimed, give it back."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.clubs.cards import plant_name
from app.clubs.models import Club
from app.core.clock import is_evening, now
from app.core.errors import DomainError, Gone, Invalid, NotAllowed, NotFound, QuotaReached, Taken, TooMany
from app.houses.models import House
from app.houses.queries import house_by_slug, list_houses
from app.rooms import actions, policy
from app.rooms.alternatives import larger_room_for
from app.rooms.claims import USED_UP
from app.rooms.draw.queries import coming_draw
from app.rooms.evenings.queries import is_known
from app.rooms.evenings.show import only_if, say_on_slots, slots_in, waits_for_clubs
from app.rooms.forms import ClaimSlotForm
from app.rooms.leads import led_clubs
from app.rooms.models import Room
from app.rooms.presence.policy import can_check_in
from app.rooms.presence.queries import asks_here
from app.rooms.queries import (
    Booked,
    Slot,
    Viewer,
    claim_for,
    closing_over,
    find_slot,
    free_evenings,
    room_by_slug,
    rooms_of,
    viewer_for,
)
from app.rooms.quota import check_quota
from app.rooms.refusals import EXPLAINED, choices_for, may_go_online, why_not
from app.rooms.series.actions import claim_series
from app.rooms.series.changes import release_part
from app.rooms.series.forms import ScopeForm
from app.rooms.series.queries import weeks_after
from app.rooms.series.show import history_of
from app.rooms.waiting.actions import hold_slot
from app.rooms.week import Links, days_of, label_of, monday_of, neighbours, show_slot, week_of
from app.web.filters import use_zone
from app.web.fragments import render_page
from app.web.guard import actor, actor_or_none, public
from app.web.reading import keeps

bp = Blueprint("rooms", __name__)
EVENINGS = 2
NEW_CONDITION = _l("Cette soirée a une condition, depuis peu. Lisez-la, puis continuez si elle vous va.")


def meeting_url(claim_id: str) -> str:
    """The page of a meeting, where there is one."""
    # The floor above has the page of a meeting.
    known = "meetings.show_meeting" in current_app.view_functions
    return url_for("meetings.show_meeting", meeting_id=claim_id) if known else ""


LINKS = Links(
    lambda slot_id: url_for("rooms.claim_slot", slot_id=slot_id),
    meeting_url,
    lambda slot_id: url_for("waiting.wait", slot_id=slot_id),
    lambda slot_id: url_for("behalf.claim_for_club", slot_id=slot_id),
    lambda claim_id: url_for("behalf.show_claim", claim_id=claim_id),
)


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
    evenings = [show_slot(slot, viewer, LINKS) | {"room": slot.room} for slot in free_evenings(house, rooms, EVENINGS)]
    say_on_slots(house, [*slots_in(days), *evenings])
    return render_page(
        "rooms/show_week.html",
        {"week": "rooms/_week.html", "evenings": "rooms/_evenings.html"},
        place=house,
        room=room,
        days=days,
        may_claim=viewer.leads,
        reads_names=house.id in viewer.houses,
        evenings=evenings,
        watched=viewer.slugs,
        draw_url=_draw_url(house, days),
        **_around(house, rooms, room, monday, days),
    )


def _draw_url(house: House, days: list[dict[str, Any]]) -> str:
    """The page of the draw to come, for who looks at a week with a scarce slot."""
    scarce = any("scarce" in slot for day in days for slot in day["slots"])
    draw = coming_draw(house) if scarce else None
    return url_for("draw.show_draw", slug=house.slug, week=week_of(draw.week)) if draw else ""


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
    """Take a free slot for a club that one leads; sent incomplete, it is kept for some minutes meanwhile."""
    slot = find_slot(slot_id)
    use_zone(slot.house.timezone)
    viewer, clubs = viewer_for(actor()), led_clubs(actor(), policy.can_claim_slot)
    form = ClaimSlotForm()
    form.offer(clubs)
    form.offer_dates(weeks_after(slot))
    form.ask_holder(evening=slot.stretch.evening)
    if not form.is_submitted():
        return _instead(slot, viewer, clubs, form) or _claim_page(slot, clubs, form, refusal=_no_more(slot, clubs))
    asked_to_keep = "keep" in request.form
    if asked_to_keep or not _checked(slot, form):
        return _keep(slot, viewer, clubs, form, 200 if asked_to_keep else 422)
    rule = waits_for_clubs(slot)
    if rule is not None and form.shown_if.data != rule.id:
        return _claim_page(slot, clubs, form, 409, Taken("only_if", NEW_CONDITION))
    try:
        done = _claim(form, slot_id)
    except (Taken, Invalid, Gone, QuotaReached) as error:
        return _refused(slot_id, viewer, clubs, form, error)
    return redirect(done, 303)


def _claim(form: ClaimSlotForm, slot_id: str) -> str:
    """Where what was claimed is shown."""
    wish, key = form.wish_for(slot_id), f"{form.key.data}:{slot_id}"
    if form.repetition is None:
        return url_for(".show_claim", claim_id=actions.claim_slot(actor(), wish, key).claim.id)
    return url_for("series.show_series", series_id=claim_series(actor(), wish, form.repetition, key).series.id)


def _no_more(slot: Slot, clubs: list[Club]) -> DomainError | None:
    """Why the only club that one leads cannot take another slot: said before anything is typed."""
    if slot.too_far:
        return Invalid("too_far", actions.TOO_FAR)
    if len(clubs) > 1 or _is_kept(slot, clubs):
        return None
    try:
        check_quota(clubs[0], slot.stretch)
    except QuotaReached as error:
        return error
    return None


def _checked(slot: Slot, form: ClaimSlotForm) -> bool:
    """Too small a room is said together with what else is wrong: one reading, one correction."""
    valid = bool(form.validate())
    if form.repetition == []:
        form.refuse("dates", _("Cochez au moins une date."))
        valid = False
    if form.size.data and form.size.data > slot.room.capacity:
        form.refuse("size", actions.too_big(slot.room, form.size.data))
        return False
    return valid


def _keep(slot: Slot, viewer: Viewer, clubs: list[Club], form: ClaimSlotForm, status: int) -> Any:
    """While the rest is typed nobody else gets the slot. Sent incomplete it is tried; asked for, a refusal is said."""
    refusal: DomainError | None = None
    if form.club.data in {club.slug for club in clubs}:
        try:
            hold_slot(actor(), slot.id, form.club.data)
        except (Taken, Gone, Invalid, QuotaReached, TooMany) as error:
            refusal = error
    now_so = find_slot(slot.id)
    instead = _instead(now_so, viewer, clubs, form)
    if status == 200 and refusal is not None:
        status = refusal.status
    return instead or _claim_page(now_so, clubs, form, status, refusal if status not in (200, 422) else None)


def _is_kept(slot: Slot, clubs: list[Club]) -> bool:
    """Is it kept for one of these clubs at this moment?"""
    hold = slot.hold
    if hold is None or slot.past or hold.kind not in USED_UP:
        return False
    return hold.club_id in {club.id for club in clubs}


def _instead(slot: Slot, viewer: Viewer, clubs: list[Club], form: ClaimSlotForm) -> Any:
    """Where a slot that cannot be claimed leads: to one's own meeting, or to other moments."""
    if slot.claim is not None and slot.claim.club_id in viewer.clubs:
        return redirect(url_for(".show_claim", claim_id=slot.claim.id), 303)
    if slot.open or _is_kept(slot, clubs) or (slot.state == "free" and slot.too_far):
        return None
    return _taken_page(slot, clubs, form)


def _refused(slot_id: str, viewer: Viewer, clubs: list[Club], form: ClaimSlotForm, error: DomainError) -> Any:
    slot = find_slot(slot_id)
    if error.code in ("slot_taken", "slot_in_draw", "idempotency_key_reused", "slot_past"):
        return _instead(slot, viewer, clubs, form) or _claim_page(slot, clubs, form, error.status, error)
    if error.field and error.field in form:
        form.refuse(error.field, error.detail)
        return _claim_page(slot, clubs, form, error.status)
    return _claim_page(slot, clubs, form, error.status, error)


def _claim_page(
    slot: Slot, clubs: list[Club], form: ClaimSlotForm, status: int = 200, refusal: DomainError | None = None
) -> Any:
    too_many = form.size.data and form.size.data > slot.room.capacity
    larger = larger_room_for(slot, form.size.data) if too_many else None
    until = slot.hold.until if slot.hold and _is_kept(slot, clubs) else None
    condition = only_if(slot.house, slot.start) if slot.stretch.evening else None
    form.shown_if.data = condition["id"] if condition else ""
    instead = (refusal is not None and refusal.code in EXPLAINED) or (too_many and not larger)
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
        kept_until=until and until.astimezone(ZoneInfo(slot.house.timezone)),
        may_keep=slot.open and until is None,
        only_if=condition,
        others=_choices(slot, clubs, form) if instead else [],
        online=_online(slot, clubs) if instead else [],
        typed=form.is_submitted(),
    )
    return page, status


def _week_url(slot: Slot) -> str:
    week = week_of(slot.stretch.day)
    return url_for("rooms.week", slug=slot.house.slug, room=slot.room.slug, week=week, _anchor=f"j-{slot.stretch.day}")


def _choices(slot: Slot, clubs: list[Club], form: ClaimSlotForm) -> list[dict[str, Any]]:
    return [
        show_slot(choice.slot, Viewer(), LINKS)
        | {
            "kind": choice.kind,
            "room": choice.slot.room,
            "house": choice.slot.house,
            "url": LINKS.claim(choice.slot.id),
        }
        for choice in choices_for(slot, form.size.data or 1, clubs)
    ]


def _online(slot: Slot, clubs: list[Club]) -> list[tuple[str, str]]:
    """Where the clubs of those who look plan the same moment online: for each whose house has links."""
    there = [club for club in clubs if may_go_online(slot, club)]
    # The floor above has the form.
    return [(url_for("places.plan_meeting", slug=club.slug, slot=slot.id), plant_name(club)) for club in there]


def _taken_page(slot: Slot, clubs: list[Club], form: ClaimSlotForm) -> Any:
    said = [field for field in form if field.data and form.is_submitted() and field.name != "keep"]
    typed = [pair for field in said for pair in _typed(field)]
    waits = slot.state in ("claimed", "held") and not slot.past and not slot.too_far
    page = render_template(
        "rooms/slot_taken.html",
        slot=slot,
        why=why_not(slot),
        others=_choices(slot, clubs, form),
        online=_online(slot, clubs),
        typed=typed,
        week_url=_week_url(slot),
        wait_url=url_for("waiting.wait", slot_id=slot.id) if waits else "",
        draw_urls=_draw_urls(slot, clubs) if slot.in_draw else [],
    )
    return page, 410 if slot.past else 409


def _draw_urls(slot: Slot, clubs: list[Club]) -> list[tuple[str, str]]:
    """Where those who look wish for a slot that is drawn: each of their clubs that belongs to its house."""
    mine = [club for club in clubs if club.house_id == slot.house.id]
    return [(url_for("draw.rank_wishes", slug=club.slug), plant_name(club)) for club in mine]


def _typed(field: Any) -> list[tuple[str, Any]]:
    # Dates belong to the weekday of the slot that is gone.
    several = [] if field.name == "dates" else field.data
    return [(field.name, each) for each in (several if isinstance(several, list) else [several])]


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
        "closing": closing_over(claim),
        "history": history_of([claim.id]),
        "asks_here": can_check_in(booked.membership) and asks_here(claim, booked.room),
        "only_if": only_if(booked.house, claim.starts_at),
        "known": is_evening(start) and is_known(claim.id),
        "may_release": policy.can_release_claim(booked.membership) and claim.ends_at > now(),
        "meeting_url": meeting_url(claim.id),
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
        done = release_part(actor(), claim_id, request.form.get("scope") or "this")
        flash(_("La salle est rendue.") if done == 1 else _("Les salles sont rendues."), "done")
        return redirect(url_for(".show_claim", claim_id=claim_id), 303)
    booked = claim_for(actor(), claim_id)
    if not policy.can_release_claim(booked.membership):
        raise NotAllowed("not_a_lead", actions.NOT_A_LEAD)
    if booked.claim.released_at is not None:
        raise NotFound()
    form = ScopeForm()
    form.about(booked.claim)
    return render_template("rooms/release_claim.html", form=form, **_of(booked))

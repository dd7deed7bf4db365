"""Seven days of a room as its page draws them: one block a day, one row for each time of the week."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_interval
from flask_babel import gettext as _

from app.clubs.cards import plant_name
from app.core.clock import is_evening, now
from app.houses.models import House
from app.rooms.claims import USED_UP
from app.rooms.models import Room
from app.rooms.queries import ONE_DAY, Slot, Viewer, slots_between, stretches_of, today_in
from app.web.filters import date_locale, day_long, first, hm

BACK, AHEAD = 3, 10
WEEK = re.compile(r"(\d{4})-W(\d{2})")
SEVEN_DAYS = timedelta(days=7)
Shown = dict[str, Any]


@dataclass(frozen=True)
class Links:
    """Where a slot leads; empty for nowhere. claim, wait: given a slot id · meeting: given a claim id.

    for_club, at_desk: for the team, that acts for a club: given a slot id, given a claim id.
    """

    claim: Callable[[str], str]
    meeting: Callable[[str], str]
    wait: Callable[[str], str] = lambda _slot: ""
    for_club: Callable[[str], str] = lambda _slot: ""
    at_desk: Callable[[str], str] = lambda _claim: ""


NOWHERE = Links(lambda _slot: "", lambda _claim: "")


def week_of(day: date) -> str:
    """``2026-W48``."""
    year, number, _weekday = day.isocalendar()
    return f"{year}-W{number:02d}"


def monday_of(asked: str | None, house: House, rooms: Sequence[Room]) -> date:
    """The Monday of the week asked for; the nearest readable one; when none is asked, that of the next slot."""
    this = _monday(today_in(house))
    found = WEEK.fullmatch(asked or "")
    try:
        wanted = date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        wanted = None
    if wanted is None:
        left = stretches_of([(room, house) for room in rooms], today_in(house), this + SEVEN_DAYS)
        return this if any(stretch.start > now() for stretch, _house in left) else this + SEVEN_DAYS
    return min(max(wanted, this - BACK * SEVEN_DAYS), this + AHEAD * SEVEN_DAYS)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def neighbours(monday: date, house: House) -> tuple[str, str]:
    """The weeks before and after, empty beyond what is readable."""
    this = _monday(today_in(house))
    before, after = monday - SEVEN_DAYS, monday + SEVEN_DAYS
    return (
        week_of(before) if before >= this - BACK * SEVEN_DAYS else "",
        week_of(after) if after <= this + AHEAD * SEVEN_DAYS else "",
    )


def label_of(monday: date, last: date) -> str:
    """``23–28 nov.``, ``1er–6 févr.``"""
    return first(str(format_interval(monday, last, "MMMd", locale=date_locale())))


def days_of(house: House, room: Room, monday: date, viewer: Viewer, links: Links) -> list[Shown]:
    """Monday to Saturday, and Sunday when it has a slot; nothing when the room does not open that week."""
    slots = slots_between(house, [room], monday, monday + SEVEN_DAYS)
    if not slots:
        return []
    by_day: dict[date, list[Slot]] = {}
    for slot in slots:
        by_day.setdefault(slot.stretch.day, []).append(slot)
    zone = ZoneInfo(house.timezone)
    times = sorted({(_clock(slot.start, zone), _clock(slot.end, zone)) for slot in slots})
    days = [monday + number * ONE_DAY for number in range(7)]
    return [
        _day(day, by_day.get(day, []), times, house, viewer, links)
        for day in days
        if day.weekday() < 6 or day in by_day
    ]


def _clock(moment: datetime, zone: ZoneInfo) -> time:
    return moment.astimezone(zone).time()


def _day(
    day: date, slots: list[Slot], times: list[tuple[time, time]], house: House, viewer: Viewer, links: Links
) -> Shown:
    zone = ZoneInfo(house.timezone)
    shown = [show_slot(slot, viewer, links) for slot in slots]
    for start, end in times:
        # A day without a slot at that time says so: the rows of the week stay side by side.
        if not any(s["start"].time() < end and start < s["end"].time() for s in shown):
            shown.append(_shut(datetime.combine(day, start, zone), datetime.combine(day, end, zone)))
    return {
        "date": day,
        "today": day == today_in(house),
        "free": sum(slot.open for slot in slots),
        "soon": any(slot.state == "free" and slot.too_far for slot in slots),
        "slots": sorted(shown, key=lambda s: s["start"]),
    }


def _shut(start: datetime, end: datetime) -> Shown:
    return {"start": start, "end": end, "state": "closed", "evening": is_evening(start)}


def show_slot(slot: Slot, viewer: Viewer, links: Links) -> Shown:
    """One slot in the words of the page; who holds it is said as CONTRACT 4 allows."""
    zone = ZoneInfo(slot.house.timezone)
    shown = {
        "id": slot.id,
        "start": slot.start.astimezone(zone),
        "end": slot.end.astimezone(zone),
        "evening": slot.stretch.evening,
        "place": slot.room.name,
        "state": slot.state,
    }
    if slot.state == "free":
        return shown | _free(slot, viewer, links)
    if slot.state == "closed":
        return shown | {"what": _("Jour férié") if slot.why == "holiday" else slot.why}
    return shown | (_held(slot, viewer, links) if slot.state == "held" else _claimed(slot, viewer, links))


def _free(slot: Slot, viewer: Viewer, links: Links) -> Shown:
    told: Shown
    if slot.past:
        return {"state": "past"}
    if slot.too_far:
        return {"more": _("bientôt à réserver")}
    if slot.in_draw:
        told = {"more": _("très demandé, tiré au sort"), "scarce": True, "in_draw": True}
        return told | {"href": links.claim(slot.id), "act": _("Voir")} if viewer.leads else told
    told = {"more": _("très demandé"), "scarce": True} if slot.stretch.scarce else {}
    if slot.house.id in viewer.houses:
        return told | {"href": links.for_club(slot.id)}
    return told | {"href": links.claim(slot.id)} if viewer.leads else told


def _held(slot: Slot, viewer: Viewer, links: Links) -> Shown:
    """One's own club may claim what is kept for it; to everybody else it is kept, whatever for."""
    own = viewer.clubs.get(slot.club.id) if slot.club else None
    if own is None or slot.hold is None:
        return {"what": _("Gardé un moment")} | _wait(slot, viewer, links)
    until = slot.hold.until.astimezone(ZoneInfo(slot.house.timezone))
    told: Shown = {"state": "wait", "more": _("gardé jusqu’à %(time)s", time=hm(until))}
    if slot.hold.until - now() > ONE_DAY:
        told["more"] = _("gardé jusqu’au %(day)s", day=day_long(until))
    return told | {"href": links.claim(slot.id)} if own.leads and slot.hold.kind in USED_UP else told


def _claimed(slot: Slot, viewer: Viewer, links: Links) -> Shown:
    claim, club = slot.claim, slot.club
    if claim is None or club is None:
        return {}
    word = _("mot : %(word)s", word=claim.door_word)
    if club.id in viewer.clubs:
        return {"state": "mine", "more": word, "href": links.meeting(claim.id), "act": _("Voir")}
    if slot.house.id in viewer.houses:
        there = {} if claim.ends_at <= now() else {"href": links.at_desk(claim.id), "act": _("Voir")}
        return {"what": plant_name(club), "more": word} | there
    there = {"href": links.meeting(claim.id), "act": _("Voir")} if club.listed and claim.public else {}
    return {"what": plant_name(club), "more": _("Ouverte à tous")} | there if there else _wait(slot, viewer, links)


def _wait(slot: Slot, viewer: Viewer, links: Links) -> Shown:
    """A lead gets on the list for what another club has."""
    href = "" if slot.past or slot.too_far or not viewer.leads else links.wait(slot.id)
    return {"href": href, "act": _("Attendre")} if href else {}

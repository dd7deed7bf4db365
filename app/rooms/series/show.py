"""A series, and what became of a claim, in the words of the page."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from app.clubs.cards import plant_name
from app.core.clock import is_evening, now
from app.core.db import db
from app.houses.models import House
from app.rooms.alternatives import Alternative, alternatives_of
from app.rooms.calendar import Stretch
from app.rooms.evenings.show import only_if
from app.rooms.models import Claim, Room
from app.rooms.queries import REACH, Slot
from app.rooms.quota import fits_quota
from app.rooms.series.actions import Occurrence, missing
from app.rooms.series.models import ClaimEvent, ClaimSwap
from app.rooms.series.queries import Dates
from app.rooms.series.swap_queries import side_of
from app.rooms.slot_ids import read_slot_id
from app.web.filters import day_long, hm, span

WHY = {
    "slot_taken": _l("Déjà pris par un autre club."),
    "slot_closed": _l("La salle n’est pas libre à ce moment."),
    "slot_unlisted": _l("La salle n’ouvre pas à cette heure ce jour-là."),
    "slot_past": _l("Ce moment est passé."),
    "slot_in_draw": _l("Ce moment se donne au tirage au sort."),
    "holiday": _l("C’est un jour férié."),
    "quota_reached": _l("Votre club avait déjà toutes ses réservations à venir."),
    "too_far": _l("C’était trop tôt : on réserve huit semaines à l’avance, au plus."),
}
# For these another moment is of use.
REPLACED = ("slot_taken", "slot_closed", "slot_unlisted", "slot_in_draw", "holiday")


ICONS = {"made": "check", "released": "door-open", "changed": "type", "cut": "chevron-right"}


def claimed(dates: Dates) -> list[dict[str, Any]]:
    """The claims of a series that stand, each on the clock of its house."""
    return [_claim(claim, room, house) for claim, room, house in dates.living]


def _claim(claim: Claim, room: Room, house: House) -> dict[str, Any]:
    zone = ZoneInfo(house.timezone)
    start, end = claim.starts_at.astimezone(zone), claim.ends_at.astimezone(zone)
    told = {"id": claim.id, "start": start, "end": end, "evening": is_evening(start), "room": room.name}
    return told | {"word": claim.door_word, "past": claim.ends_at <= now(), "title": claim.title}


def refused(dates: Dates) -> list[dict[str, Any]]:
    """The dates that could not be claimed and lie ahead, each with why not and what is free instead now."""
    there = [(number, one, datetime.fromisoformat(one["start"])) for number, one in missing(dates.series)]
    ahead = [(number, one, start) for number, one, start in there if start > now()]
    claim, room, house = dates.claims[0] if dates.claims else (None, None, None)
    if claim is None or room is None or house is None:
        return []
    fits = fits_quota(dates.club)
    useful = [n for n, one, start in ahead if one["code"] in REPLACED and start <= now() + REACH]
    gone = [_gone(one, room, house) for n, one, _start in ahead if n in useful]
    found = dict(zip(useful, alternatives_of(gone, claim.size, lambda slot: fits(slot.stretch)), strict=True))
    zone = ZoneInfo(house.timezone)
    return [
        {
            "number": n,
            "start": start.astimezone(zone),
            "end": datetime.fromisoformat(one["end"]).astimezone(zone),
            "evening": is_evening(start.astimezone(zone)),
            "why": WHY.get(one["code"], WHY["slot_closed"]),
            "choices": [_choice(choice) for choice in found.get(n, [])],
        }
        for n, one, start in ahead
    ]


def _gone(one: Occurrence, room: Room, house: House) -> Slot:
    start, end = (datetime.fromisoformat(one[side]) for side in ("start", "end"))
    day = start.astimezone(ZoneInfo(house.timezone)).date()
    return Slot(Stretch(room, day, start, end, False, False), house, "closed")


def _choice(choice: Alternative) -> dict[str, Any]:
    slot, zone = choice.slot, ZoneInfo(choice.slot.house.timezone)
    return {
        "id": slot.id,
        "start": slot.start.astimezone(zone),
        "end": slot.end.astimezone(zone),
        "room": slot.room.name,
        "house": slot.house.name if choice.kind == "house" else "",
    }


def slot_shown(slot: Slot) -> dict[str, Any]:
    """A slot to pick, on the clock of its house; who holds it is not said."""
    zone = ZoneInfo(slot.house.timezone)
    start, end = slot.start.astimezone(zone), slot.end.astimezone(zone)
    told = {"id": slot.id, "start": start, "end": end, "evening": slot.stretch.evening, "room": slot.room.name}
    return told | {"house": slot.house.name}


def by_day(shown: Sequence[dict[str, Any]]) -> list[tuple[date, list[dict[str, Any]]]]:
    """Slots as shown, in order, under the days on which they begin."""
    return [(day, list(those)) for day, those in groupby(shown, lambda each: each["start"].date())]


def swap_shown(swap: ClaimSwap, side: str) -> dict[str, Any]:
    """A proposal as one club sees it; who asks is named only where the week names it."""
    ours, theirs = (side_of(db.session.get_one(Claim, each)) for each in (swap.ours_id, swap.theirs_id))
    named = side == "theirs" and ours.club.listed and ours.claim.public
    asked = [swap.ours_slot, swap.theirs_slot]
    give, get = asked if side == "ours" else reversed(asked)
    mine = ours if side == "ours" else theirs
    told: dict[str, Any] = {"gives": _where(give), "gets": _where(get)}
    told["waits"] = swap.outcome is None and swap.until > now()
    told["until"] = swap.until.astimezone(ZoneInfo(mine.house.timezone))
    return told | {"id": swap.id, "side": side, "who": plant_name(ours.club) if named else ""}


def condition_of(swap: ClaimSwap, side: str) -> dict[str, Any] | None:
    """The condition under which what a club would get stands, if its evening has one."""
    _room, house, since, _until = _read(swap.theirs_slot if side == "ours" else swap.ours_slot)
    return only_if(house, since)


def _read(slot: str) -> tuple[Room, House, datetime, datetime]:
    """As it was asked: where a claim of the other club has gone since is not told."""
    number, since, until = read_slot_id(slot) or (0, now(), now())
    room, house = db.session.execute(select(Room, House).join(House).where(Room.number == number)).one()
    return room, house, since, until


def _where(slot: str) -> str:
    room, house, since, until = _read(slot)
    start, end = (moment.astimezone(ZoneInfo(house.timezone)) for moment in (since, until))
    facts = {"day": day_long(start), "time": span(start, end), "room": room.name, "house": house.name}
    return str(_("%(day)s, %(time)s, %(room)s, %(house)s", **facts))


def history_of(claim_ids: Sequence[str], series_id: str = "") -> list[tuple[str, str]]:
    """What became of these claims and of this series, from the beginning, each with its icon: no name is said.

    The caller has proved to be of the club.
    """
    was_room, was_house, to_room, to_house = aliased(Room), aliased(House), aliased(Room), aliased(House)
    rows = db.session.execute(
        select(ClaimEvent, was_room.name, was_house.timezone, to_room.name, to_house.timezone)
        .outerjoin(was_room, was_room.id == ClaimEvent.from_room_id)
        .outerjoin(was_house, was_house.id == was_room.house_id)
        .outerjoin(to_room, to_room.id == ClaimEvent.to_room_id)
        .outerjoin(to_house, to_house.id == to_room.house_id)
        .where(or_(ClaimEvent.claim_id.in_(claim_ids), ClaimEvent.series_id == series_id))
        .order_by(ClaimEvent.number)
    )
    return [
        _line(event, _spot(event.from_at, room, zone), _spot(event.to_at, new_room, new_zone))
        for event, room, zone, new_room, new_zone in rows
    ]


def _spot(start: datetime | None, room: str | None, zone: str | None) -> str:
    if not start or not room or not zone:
        return ""
    local = start.astimezone(ZoneInfo(zone))
    return str(_("%(day)s, %(time)s, %(room)s", day=day_long(local), time=hm(local), room=room))


def _line(event: ClaimEvent, was: str, to: str) -> tuple[str, str]:
    said = {
        "made": lambda: _("Réservé : %(where)s.", where=to),
        "moved": lambda: _("Déplacé. Avant : %(old)s. Après : %(new)s.", old=was, new=to),
        "swapped": lambda: _("Échangé avec un autre club. Avant : %(old)s. Après : %(new)s.", old=was, new=to),
        "released": lambda: _("Rendu : %(where)s.", where=was),
        "changed": lambda: _("Titre, nombre de personnes ou ouverture changés : %(where)s.", where=was),
        "cut": lambda: _("La série est coupée en deux. La suite commence là : %(where)s.", where=was),
    }[event.act]()
    if event.at_desk:
        said = _("%(what)s Par l’accueil, à la demande du club.", what=said)
    return ICONS.get(event.act, "calendar-days"), _("Le %(day)s. %(what)s", day=day_long(event.at), what=said)

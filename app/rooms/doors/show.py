"""What a door says now, in the words that anyone who passes may read: of a club nothing, unless it opened that meeting.

The door word shows from the start of the meeting and not before: the key is given against it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from app.clubs.cards import plant_name
from app.core.clock import now
from app.houses.models import House
from app.rooms.doors.codes import door_code
from app.rooms.doors.queries import held_from
from app.rooms.models import Claim, Room
from app.rooms.queries import ONE_DAY, Held, Slot, slots_between, today_in

BEFORE, AFTER = timedelta(minutes=5), timedelta(minutes=15)
AHEAD = timedelta(days=7)
MOST_LATER = 2


@dataclass(frozen=True)
class DoorShown:
    """One face of a door. state: ``free``, ``busy``, ``kept``, ``ask`` (say that you are there) or ``closed``.

    until: when this ends, if that is known · word: the door word · meeting: its names, if it is open to all · why: of
    a closure · code: of this minute, with ``start`` and ``deadline`` · later: moments and what comes then · slot: the
    next that a club can claim today · claim: whose check-in is asked.
    """

    state: str
    moment: datetime
    until: datetime | None = None
    word: str = ""
    meeting: str = ""
    why: str = ""
    code: str = ""
    start: datetime | None = None
    deadline: datetime | None = None
    later: Sequence[tuple[datetime, Any]] = ()
    slot: Slot | None = None
    claim: str = ""


def door_shown(room: Room, house: House, *, asks: bool) -> DoorShown:
    """What the door of a room says at this moment. asks: is there a way to check in?"""
    moment, today = now(), today_in(house)
    held = held_from(room, moment, moment + AHEAD)
    slots = [slot for slot in slots_between(house, [room], today, today + ONE_DAY) if slot.state != "closed"]
    asked = next((claim for claim in map(_claim, held) if claim and asks and _is_asked(claim, moment)), None)
    if room.closed_at is not None:
        return DoorShown("closed", moment)
    if asked is not None:
        return _asking(asked, room, moment, _later(held, slots, asked.ends_at, asked))
    present = next((one for one in held if one.start <= moment < _end(one)), None)
    if present is not None:
        return _present(present, moment, _later(held, slots, _end(present), present.claim))
    return _nobody(held, slots, moment)


def _claim(held: Held) -> Claim | None:
    return held.claim


def _end(held: Held) -> datetime:
    """As it is shown: the buffer after a meeting is nobody's."""
    said = held.claim or held.hold
    return said.ends_at if said else held.end


def _is_asked(claim: Claim, moment: datetime) -> bool:
    return claim.checked_in_at is None and claim.starts_at - BEFORE <= moment < min(
        claim.starts_at + AFTER, claim.ends_at
    )


def _asking(claim: Claim, room: Room, moment: datetime, later: Sequence[tuple[datetime, Any]]) -> DoorShown:
    begun = claim.starts_at <= moment
    return DoorShown(
        "ask",
        moment,
        until=claim.ends_at if begun else None,
        word=claim.door_word if begun else "",
        code=door_code(room.id, moment),
        start=claim.starts_at,
        deadline=claim.starts_at + AFTER,
        later=later,
        claim=claim.id,
    )


def _present(held: Held, moment: datetime, later: Sequence[tuple[datetime, Any]]) -> DoorShown:
    if held.claim is not None:
        word, meeting = held.claim.door_word, _open_to_all(held)
        return DoorShown("busy", moment, held.claim.ends_at, word=word, meeting=meeting, later=later)
    if held.hold is not None:
        return DoorShown("kept", moment, held.hold.until, later=later)
    return DoorShown("closed", moment, held.end, why=held.why, later=later)


def _nobody(held: Sequence[Held], slots: Sequence[Slot], moment: datetime) -> DoorShown:
    """Free between the first and the last slot of the day; else the house is not open."""
    next_slot, later = next((slot for slot in slots if slot.open), None), _later(held, slots, moment, None)[:MOST_LATER]
    if not slots or moment >= slots[-1].end:
        return DoorShown("closed", moment, later=later)
    if moment < slots[0].start:
        return DoorShown("closed", moment, slots[0].start, later=later, slot=next_slot)
    taken = next((one.start for one in held if one.start > moment), None)
    until = min(taken, slots[-1].end) if taken else slots[-1].end
    return DoorShown("free", moment, until, later=later, slot=next_slot)


def _later(
    held: Sequence[Held], slots: Sequence[Slot], since: datetime, present: Claim | None
) -> list[tuple[datetime, Any]]:
    """What comes: the end of what is now, then who comes next."""
    coming = [
        one for one in held if one.start >= since and (one.claim is None or one.claim is not present) and not one.hold
    ]
    found = [(one.start, _words(one)) for one in coming]
    if present is not None and not any(one.start - since <= AFTER for one in coming):
        goes_on = any(slot.start >= since for slot in slots)
        found = [(since, _("Libre") if goes_on else _("Fermeture")), *found]
    return found[:MOST_LATER]


def _words(held: Held) -> Any:
    if held.claim is None:
        return _("Fermé : %(why)s", why=held.why) if held.why else _("Fermé")
    return _open_to_all(held) or _("Réservé")


def _open_to_all(held: Held) -> str:
    """PRODUCT 4.4: a plant name shows on a door only if the club is listed and made that meeting public."""
    claim, club = held.claim, held.club
    if claim is None or club is None or not (club.listed and claim.public):
        return ""
    return str(_("%(club)s : %(title)s", club=plant_name(club), title=claim.title))

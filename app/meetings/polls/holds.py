"""Slots that are kept for a club while it votes: three at a time, by the rules of any claim; the clock ends it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.clubs.models import Club
from app.core.clock import now
from app.core.db import constraint_of, db
from app.core.errors import Taken
from app.meetings.polls.models import PollDate
from app.meetings.polls.wishes import MOST_HELD, Asked
from app.rooms.actions import check_slot
from app.rooms.claims import drop_hold, place_hold, refuse_out_of_turn
from app.rooms.models import Hold, Room
from app.rooms.queries import Slot
from app.rooms.quota import check_quota
from app.rooms.spans import Overlaps, lock_rooms
from app.web.filters import day_long, hm

KIND = "poll"
# A lead has a day to choose, once the vote is over; what has not won is given back at its end.
TO_CHOOSE = timedelta(days=1)
FULL = _l("Votre club garde déjà trois moments. Attendez la fin d’un autre vote, ou choisissez une date sans salle.")


def keep_slots(club: Club, asked: Sequence[Asked], ends: datetime, beside: Sequence[Hold] = ()) -> dict[str, Hold]:
    """Keep the slots among these for a club: all of them, or none; by the id of the slot.

    beside: what the same poll keeps already, which counts as one with them. The caller holds the club. Raises Taken,
    Gone, Invalid, SlotInDraw, QuotaReached.
    """
    slots = [each.slot for each in asked if each.slot is not None]
    for slot in slots:
        _check(slot, club, counted=bool(beside))
    lapsed = _lapsed(club)
    lock_rooms([*(slot.room for slot in slots), *(room for _hold, room in lapsed)])
    for hold, room in lapsed:
        drop_hold(hold, room)
    places = _free_places(club)
    if len(places) < len(slots):
        raise Taken("holds_full", FULL)
    return {slot.id: _keep(slot, club, ends, place) for slot, place in zip(slots, places, strict=False)}


def _check(slot: Slot, club: Club, *, counted: bool) -> None:
    check_slot(slot)
    if slot.stretch.scarce:
        raise Taken("slot_scarce", _told(slot, _l("Ce moment est très demandé : on ne le garde pas.")))
    if slot.state != "free":
        raise Taken("slot_taken", _told(slot, _l("Ce moment n’est plus libre. Choisissez-en un autre.")))
    if not counted:
        check_quota(club, slot.stretch)


def _told(slot: Slot, why: Any) -> Any:
    """Which one, when there are three."""
    local = slot.start.astimezone(ZoneInfo(slot.house.timezone))
    return _l("%(day)s, %(time)s : %(why)s", day=day_long(local), time=hm(local), why=why)


def _keep(slot: Slot, club: Club, ends: datetime, place: int) -> Hold:
    refuse_out_of_turn(slot, club)
    try:
        return place_hold(slot.stretch, club, KIND, min(ends + TO_CHOOSE, slot.start), place=place)
    except Overlaps:
        raise Taken("slot_taken", _told(slot, _l("Ce moment vient d’être pris. Choisissez-en un autre."))) from None
    except IntegrityError as error:
        if "place" not in constraint_of(error):
            raise
        raise Taken("holds_full", FULL) from None


def _lapsed(club: Club) -> list[tuple[Hold, Room]]:
    """What the clock has ended and nobody has cleared yet: its place is free again."""
    rows = db.session.execute(
        select(Hold, Room)
        .join(Room, Room.id == Hold.room_id)
        .where(Hold.club_id == club.id, Hold.kind == KIND, Hold.until <= now())
    )
    return [(hold, room) for hold, room in rows]


def _free_places(club: Club) -> list[int]:
    taken = set(db.session.scalars(select(Hold.place).where(Hold.club_id == club.id, Hold.kind == KIND)))
    return [place for place in range(1, MOST_HELD + 1) if place not in taken]


def holds_of(poll_id: str) -> list[tuple[PollDate, Hold, Room]]:
    """What is kept for the dates of a poll, lapsed or not. The caller holds the club."""
    rows = db.session.execute(
        select(PollDate, Hold, Room)
        .join(Hold, Hold.id == PollDate.hold_id)
        .join(Room, Room.id == Hold.room_id)
        .where(PollDate.poll_id == poll_id)
        .order_by(PollDate.number)
        .execution_options(populate_existing=True)
    )
    return [(date, hold, room) for date, hold, room in rows]


def give_back(kept: Iterable[tuple[PollDate, Hold, Room]]) -> None:
    """These slots are for everyone again, or for who waits for them. All their rooms are locked first, at once."""
    kept = list(kept)
    lock_rooms(room for _date, _hold, room in kept)
    for date, hold, room in kept:
        # It may have lapsed, and been cleared, while the room was waited for.
        still = db.session.get(Hold, hold.id, populate_existing=True)
        date.hold_id = None
        db.session.flush()
        if still is not None:
            drop_hold(still, room)

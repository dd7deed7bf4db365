"""A room that becomes free is offered to who waits for it, and kept for them until a moment that is said."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from app.clubs.models import Club
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.houses.models import House
from app.rooms.claims import USED_UP, freed, others_turn, place_hold, placed
from app.rooms.models import Claim, Hold, Room
from app.rooms.queries import Slot, find_slot
from app.rooms.slot_ids import slot_id
from app.rooms.spans import Overlaps, lock_words, vacate
from app.rooms.waiting import notices
from app.rooms.waiting.models import Waiting
from app.rooms.waiting.queries import waiting_for

AT_MOST = timedelta(hours=48)
# For the rest of a slot that has begun: who is near comes, or the next one may.
ALREADY_BEGUN = timedelta(minutes=10)


def offer_on(room: Room, start: datetime, end: datetime) -> None:
    """Keep a stretch that is free now for whoever is next. The caller holds the room's lock."""
    if end <= now():
        return
    if not waiting_for(room, start, end):
        return
    # A place in the list may go by a claim in another room: behind the words' lock, that is over or has not begun.
    lock_words(db.session.get_one(House, room.house_id))
    try:
        slot = find_slot(slot_id(room.number, start, end))
    except NotFound:
        return
    if slot.open:
        _offer(slot)


def _offer(slot: Slot) -> None:
    first = next(iter(_in_line(slot)), None)
    if first is None:
        return
    club = db.session.get_one(Club, first.club_id)
    try:
        hold = place_hold(slot.stretch, club, "offer", lasts_until(slot))
    except Overlaps:
        return
    first.hold_id = hold.id
    db.session.flush()
    notices.offered(first, hold, slot)


def lasts_until(slot: Slot) -> datetime:
    """48 hours, or half the time left, whichever is shorter."""
    moment = now()
    if slot.start <= moment:
        return min(moment + ALREADY_BEGUN, slot.end)
    return moment + min(AT_MOST, (slot.start - moment) / 2)


def is_others_turn(slot: Slot, club: Club) -> bool:
    """Does another club come before this one for a slot that is free now?"""
    first = next(iter(_in_line(slot)), None)
    return first is not None and first.club_id != club.id


def _in_line(slot: Slot) -> list[Waiting]:
    """Whoever is next first; who waits for an evening waits for no slot of the daytime."""
    everybody = waiting_for(slot.room, slot.start, slot.end)
    return [one for one in everybody if one.room_id or slot.stretch.evening]


def wait_no_more(claim: Claim) -> None:
    """A club that got the slot, or any room of the house that evening, waits for it no more."""
    house = select(Room.house_id).where(Room.id == claim.room_id).scalar_subquery()
    db.session.execute(
        delete(Waiting).where(
            Waiting.club_id == claim.club_id, Waiting.house_id == house, Waiting.hold_id.is_(None),
            Waiting.starts_at <= claim.starts_at, Waiting.ends_at > claim.starts_at,
            (Waiting.room_id.is_(None)) | (Waiting.room_id == claim.room_id),
        )
    )  # fmt: skip


def withdraw_offers(room: Room, start: datetime, end: datetime) -> None:
    """What is kept there for others gives way to who was there first; who waits keeps the place in the list."""
    there = select(Hold).where(
        Hold.room_id == room.id, Hold.kind.in_(USED_UP), Hold.starts_at < end, Hold.ends_at > start
    )
    for hold in db.session.scalars(there).all():
        db.session.execute(update(Waiting).where(Waiting.hold_id == hold.id).values(hold_id=None))
        vacate(room, hold)
        db.session.delete(hold)
    db.session.flush()


freed.append(offer_on)
others_turn.append(is_others_turn)
placed.append(wait_no_more)

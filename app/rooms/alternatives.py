"""What to take instead of a slot that is gone: three slots that are free at that moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select

from app.core.db import db
from app.houses.models import House
from app.rooms.models import Room
from app.rooms.queries import ONE_DAY, REACH, Slot, slots_of

CHOICES = 3


@dataclass(frozen=True)
class Alternative:
    """kind: ``later`` (same room), ``room`` (same house) or ``house``."""

    kind: str
    slot: Slot


def alternatives_for(gone: Slot, size: int = 1) -> list[Alternative]:
    """The same room later, another room near that time, another house near that time; then more of the same room."""
    here = _open_slots(gone, Room.house_id == gone.house.id, REACH, size)
    later = _later(gone, [slot for slot in here if slot.room.id == gone.room.id])
    beside = [slot for slot in here if slot.room.id != gone.room.id]
    away = _open_slots(gone, Room.house_id != gone.house.id, 3 * ONE_DAY, size)
    found = [Alternative("later", slot) for slot in later[:1]]
    found += [Alternative("room", slot) for slot in _nearest(gone, beside)]
    found += [Alternative("house", slot) for slot in _nearest(gone, away)]
    found += [Alternative("later", slot) for slot in later[1:]]
    return sorted(found[:CHOICES], key=lambda choice: ("later", "room", "house").index(choice.kind))


def larger_room_for(small: Slot, size: int) -> Slot | None:
    """The open slot nearest in time, that day, in a room of the house with enough places."""
    day = small.stretch.day
    found = [s for s in _open_slots(small, Room.house_id == small.house.id, ONE_DAY, size) if s.stretch.day == day]
    return next(iter(_nearest(small, found)), None)


def _open_slots(gone: Slot, which: ColumnElement[bool], reach: timedelta, size: int) -> list[Slot]:
    rooms = db.session.execute(
        select(Room, House).join(House).where(which, Room.capacity >= size).order_by(House.position, Room.number)
    )
    day = gone.stretch.day
    slots = slots_of([(room, house) for room, house in rooms], day - ONE_DAY, day + reach + ONE_DAY)
    return [slot for slot in slots if slot.open and slot.id != gone.id]


def _later(gone: Slot, same_room: Iterable[Slot]) -> list[Slot]:
    """After the one that is gone: first the same hour of the same weekday, then whatever comes next."""
    after = [slot for slot in same_room if slot.start > gone.start]
    alike = [slot for slot in after if _hour(slot) == _hour(gone)]
    return alike[:1] + [slot for slot in after if slot not in alike[:1]]


def _hour(slot: Slot) -> tuple[int, str]:
    local = slot.start.astimezone(ZoneInfo(slot.house.timezone))
    return local.weekday(), f"{local:%H:%M}"


def _nearest(gone: Slot, slots: Iterable[Slot]) -> list[Slot]:
    return sorted(slots, key=lambda slot: (abs(slot.start - gone.start), slot.room.number))[:1]

"""What to take instead of a slot that is gone: three slots that are free at that moment."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select

from app.core.db import db
from app.houses.models import House
from app.rooms.models import Room
from app.rooms.queries import ONE_DAY, REACH, Slot, open_slots_of

CHOICES = 3
NEAR = 3 * ONE_DAY


@dataclass(frozen=True)
class Alternative:
    """kind: ``later`` (same room), ``room`` (same house) or ``house``."""

    kind: str
    slot: Slot


def alternatives_for(gone: Slot, size: int = 1, fits: Callable[[Slot], bool] = lambda _slot: True) -> list[Alternative]:
    """The same room later, another room near that time, another house near that time; then more of each.

    fits: which slots may be named at all.
    """
    return alternatives_of([gone], size, fits)[0]


def alternatives_of(
    several: Sequence[Slot], size: int = 1, fits: Callable[[Slot], bool] = lambda _slot: True
) -> list[list[Alternative]]:
    """As ``alternatives_for``, for several slots of one house that are gone, read at once."""
    if not several:
        return []
    house = several[0].house
    days = [slot.stretch.day for slot in several]
    first, last = min(days), max(days)
    here = [slot for slot in _open_slots(Room.house_id == house.id, first, last + REACH, size) if fits(slot)]
    away = [slot for slot in _open_slots(Room.house_id != house.id, first, last + NEAR, size) if fits(slot)]
    return [_choose(gone, _around(gone, here, REACH), _around(gone, away, NEAR)) for gone in several]


def _around(gone: Slot, slots: Iterable[Slot], reach: timedelta) -> list[Slot]:
    day = gone.stretch.day
    near = [slot for slot in slots if day - ONE_DAY <= slot.stretch.day <= day + reach]
    return [slot for slot in near if slot.id != gone.id]


def _choose(gone: Slot, here: list[Slot], away: list[Slot]) -> list[Alternative]:
    later = _later(gone, [slot for slot in here if slot.room.id == gone.room.id])
    beside = [slot for slot in here if slot.room.id != gone.room.id]
    found = [Alternative("later", slot) for slot in later[:1]]
    found += [Alternative("room", slot) for slot in _nearest(gone, beside)]
    found += [Alternative("house", slot) for slot in _nearest(gone, away)]
    found += [Alternative("later", slot) for slot in later[1:]]
    found += [Alternative("room", slot) for slot in _by_nearness(gone, beside)[1:]]
    found += [Alternative("house", slot) for slot in _by_nearness(gone, away)[1:]]
    return sorted(found[:CHOICES], key=lambda choice: ("later", "room", "house").index(choice.kind))


def larger_room_for(small: Slot, size: int) -> Slot | None:
    """The open slot nearest in time, that day, in a room of the house with enough places."""
    day = small.stretch.day
    found = [s for s in _open_slots(Room.house_id == small.house.id, day, day, size) if s.stretch.day == day]
    return next(iter(_nearest(small, found)), None)


def _open_slots(which: ColumnElement[bool], first: date, last: date, size: int) -> list[Slot]:
    rooms = db.session.execute(
        select(Room, House)
        .join(House)
        .where(which, Room.capacity >= size, Room.closed_at.is_(None))
        .order_by(House.position, Room.number)
    )
    return open_slots_of([(room, house) for room, house in rooms], first - ONE_DAY, last + ONE_DAY)


def _later(gone: Slot, same_room: Iterable[Slot]) -> list[Slot]:
    """After the one that is gone: first the same hour of the same weekday, then whatever comes next."""
    after = [slot for slot in same_room if slot.start > gone.start]
    alike = [slot for slot in after if _hour(slot) == _hour(gone)]
    return alike[:1] + [slot for slot in after if slot not in alike[:1]]


def _hour(slot: Slot) -> tuple[int, str]:
    local = slot.start.astimezone(ZoneInfo(slot.house.timezone))
    return local.weekday(), f"{local:%H:%M}"


def _nearest(gone: Slot, slots: Iterable[Slot]) -> list[Slot]:
    return _by_nearness(gone, slots)[:1]


def _by_nearness(gone: Slot, slots: Iterable[Slot]) -> list[Slot]:
    return sorted(slots, key=lambda slot: (abs(slot.start - gone.start), slot.room.number))

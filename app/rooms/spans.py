"""The one way to the table of occupied spans: wait for the rooms, insert, and let the database say who was first.

Order of locks everywhere: claims, clubs, rooms (ascending, all of them at once), then the words of the house's door. A
hold that has lapsed is in nobody's way: who needs its time deletes it first.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select
from sqlalchemy.exc import IntegrityError

from app.core.clock import now
from app.core.db import constraint_of, db, is_sqlite
from app.core.ids import new_id
from app.houses.models import House
from app.rooms.models import Claim, Closure, Hold, Room, Span

Part = tuple[datetime, datetime]


class Overlaps(Exception):
    """Somebody holds the room at that time, or it is shut."""


def lock_rooms(rooms: Iterable[Room]) -> None:
    """Who writes spans of these rooms waits here for each other: a queue, not a crowd of deadlocks.

    Once a transaction, with every room that it will write to. SQLite has one writer at a time.
    """
    if not is_sqlite():
        for room_id in sorted({room.id for room in rooms}):
            db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"room:{room_id}", 0))))


def lock_house(house: House) -> None:
    """Every room of a house at once, those included that are being added: for what shuts or changes several."""
    if not is_sqlite():
        db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"rooms:{house.id}", 0))))
    lock_rooms(db.session.scalars(select(Room).where(Room.house_id == house.id)))


def lock_words(*houses: House) -> None:
    """Two claims of a house never draw one door word, and nobody is offered what they have just stopped waiting for.

    After the rooms, just before the word is drawn or a place in the waiting list goes; several houses at once.
    """
    if not is_sqlite():
        for house_id in sorted({house.id for house in houses}):
            db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"words:{house_id}", 0))))


def occupy(room: Room, start: datetime, end: datetime, subject: Claim | Hold | Closure) -> None:
    """Write one span. Raises Overlaps, and nothing of it is left; the caller holds the room's lock."""
    _drop_lapsed(room, start, end)
    owner = {Claim: "claim_id", Hold: "hold_id", Closure: "closure_id"}[type(subject)]
    span = Span(id=new_id(), room_id=room.id, starts_at=start, ends_at=end, **{owner: subject.id})
    try:
        with db.session.begin_nested():
            db.session.add(span)
            db.session.flush()
    except IntegrityError as error:
        if "span_overlaps" not in constraint_of(error):
            raise
        raise Overlaps from None


def vacate(room: Room, subject: Claim | Hold) -> None:
    """What is given up is free at once, but for a closure that waited for it: that takes its place."""
    lock_rooms([room])
    held = Span.claim_id if isinstance(subject, Claim) else Span.hold_id
    db.session.execute(delete(Span).where(held == subject.id))
    fill_again(room, subject.starts_at, subject.ends_at + timedelta(minutes=room.buffer_minutes))


def shut(room: Room, closure: Closure) -> None:
    """The closure takes all its time in the room, but for what is shut already. Raises Overlaps."""
    for start, end in _without(room, closure.starts_at, closure.ends_at, closures_only=True):
        occupy(room, start, end, closure)


def fill(closure: Closure, room: Room) -> None:
    """Shut a room during a closure, but for what is shut already and for the claims that stand there."""
    for start, end in _without(room, closure.starts_at, closure.ends_at, closures_only=False):
        db.session.add(Span(id=new_id(), room_id=room.id, starts_at=start, ends_at=end, closure_id=closure.id))
    db.session.flush()


def fill_again(room: Room, start: datetime, end: datetime) -> None:
    """What a claim or a closure leaves free belongs to the closures that are still there."""
    there = select(Closure).where(
        Closure.house_id == room.house_id,
        or_(Closure.room_id.is_(None), Closure.room_id == room.id),
        Closure.starts_at < end,
        Closure.ends_at > start,
    )
    for closure in db.session.scalars(there.order_by(Closure.starts_at)):
        fill(closure, room)


def _drop_lapsed(room: Room, start: datetime, end: datetime) -> None:
    there = Span.room_id == room.id, Span.starts_at < end, Span.ends_at > start
    lapsed = select(Hold).join(Span, Span.hold_id == Hold.id).where(*there, Hold.until <= now())
    for hold in db.session.scalars(lapsed).all():
        vacate(room, hold)


def _without(room: Room, start: datetime, end: datetime, *, closures_only: bool) -> list[Part]:
    taken = select(Span.starts_at, Span.ends_at).where(
        Span.room_id == room.id, Span.starts_at < end, Span.ends_at > start
    )
    if closures_only:
        taken = taken.where(Span.closure_id.is_not(None))
    parts = []
    for since, until in db.session.execute(taken.order_by(Span.starts_at)):
        if since > start:
            parts.append((start, since))
        start = max(start, until)
    return [*parts, (start, end)] if end - start > timedelta(0) else parts

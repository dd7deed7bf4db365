"""The clock's door of waiting: what lapsed goes on to the next, what is free is offered, whoever freed it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete, or_, select

from app.core import jobs
from app.core.clock import now
from app.core.db import db, transaction
from app.core.retention import Lasting, by_key
from app.houses.models import House
from app.rooms.claims import drop_hold
from app.rooms.models import Hold, Room, Span
from app.rooms.queries import ONE_DAY, Slot, rooms_of, slots_between
from app.rooms.spans import lock_rooms
from app.rooms.waiting.models import Waiting
from app.rooms.waiting.offers import offer_on

OVER = Lasting(days=1)

by_key(
    "rooms:waiting", ("waiting",), OVER, Waiting.id,
    lambda moment: select(Waiting.id).where(Waiting.ends_at < OVER.before(moment)),
)  # fmt: skip


@jobs.every("waiting:look", minutes=1)
def look() -> None:
    """Holds that lapsed go, what waits in vain goes, what became free is kept for the next."""
    _drop_lapsed()
    _drop_past()
    _offer_what_is_free()


def _drop_lapsed() -> None:
    # Those of a page that was filled leave their row for the night, and nothing in the room.
    lapsed = select(Hold.id).outerjoin(Span, Span.hold_id == Hold.id).where(Hold.until <= now())
    lapsed = lapsed.where(or_(Span.id.is_not(None), Hold.kind != "form"))
    for hold_id in db.session.scalars(lapsed.order_by(Hold.until)).all():
        with transaction():
            room = db.session.scalars(
                select(Room).join(Hold, Hold.room_id == Room.id).where(Hold.id == hold_id)
            ).first()
            if room is None:
                continue
            lock_rooms([room])
            # It may have become a claim while the room was waited for.
            hold = db.session.get(Hold, hold_id, populate_existing=True)
            if hold is not None and hold.until <= now():
                drop_hold(hold, room)


def _drop_past() -> None:
    past = Waiting.ends_at <= now()
    if db.session.scalars(select(Waiting.id).where(past).limit(1)).first() is not None:
        with transaction():
            db.session.execute(delete(Waiting).where(past, Waiting.hold_id.is_(None)))


def _offer_what_is_free() -> None:
    """For what no verb frees: a closure that is lifted, a line of the week that is added."""
    for room, start, end in _free_and_waited_for():
        with transaction():
            lock_rooms([room])
            offer_on(room, start, end)


def _free_and_waited_for() -> list[tuple[Room, datetime, datetime]]:
    waits = db.session.scalars(select(Waiting).where(Waiting.hold_id.is_(None), Waiting.ends_at > now())).all()
    found = set()
    for house in db.session.scalars(select(House).where(House.id.in_({one.house_id for one in waits}))).all():
        mine = [one for one in waits if one.house_id == house.id]
        for day in {one.starts_at.astimezone(ZoneInfo(house.timezone)).date() for one in mine}:
            for slot in slots_between(house, rooms_of(house), day, day + ONE_DAY):
                if slot.open and any(_is_for(one, slot) for one in mine):
                    found.add((slot.room, slot.start, slot.end))
    return sorted(found, key=lambda one: (one[1], one[0].number))


def _is_for(one: Waiting, slot: Slot) -> bool:
    if one.room_id:
        return (one.room_id, one.starts_at, one.ends_at) == (slot.room.id, slot.start, slot.end)
    return slot.stretch.evening and one.starts_at <= slot.start < one.ends_at and one.size <= slot.room.capacity

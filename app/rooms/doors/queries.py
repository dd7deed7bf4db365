"""Reads of doors: which room a screen hangs at, what is in it, and whose room can say who is there."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select

from app.clubs.models import Club
from app.core.clock import now
from app.core.db import db
from app.houses.devices.models import Device
from app.houses.models import House
from app.rooms.doors.models import Door
from app.rooms.models import Claim, Closure, Hold, Room, Span
from app.rooms.queries import Held

# PRODUCT 5: only where a door or a kiosk works can anybody check in, or be missed.
WORKING = timedelta(minutes=5)


def rooms_with_a_door(rooms: Iterable[Room]) -> set[str]:
    """The ids of those where people can check in now: their own door, or a kiosk of the house, showed life lately."""
    wanted = {room.id: room.house_id for room in rooms}
    found = select(Room.id).select_from(Device).outerjoin(Door, Door.device_id == Device.id)
    found = found.join(Room, or_(Room.id == Door.room_id, Door.room_id.is_(None) & (Room.house_id == Device.house_id)))
    alive = Device.seen_at > now() - WORKING
    return set(db.session.scalars(found.where(alive, Room.id.in_(wanted)).distinct()))


def room_of_door(device_id: str) -> tuple[Room, House] | None:
    """The room at which a screen hangs."""
    found = select(Room, House).join(House, House.id == Room.house_id).join(Door, Door.room_id == Room.id)
    row = db.session.execute(found.where(Door.device_id == device_id)).first()
    return (row[0], row[1]) if row else None


def held_from(room: Room, since: datetime, until: datetime) -> list[Held]:
    """What is in a room between two moments, and what is kept of it, by time."""
    rows = db.session.execute(
        select(Span, Claim, Hold, Club, Closure.reason)
        .outerjoin(Claim, Claim.id == Span.claim_id)
        .outerjoin(Hold, Hold.id == Span.hold_id)
        .outerjoin(Club, Club.id == func.coalesce(Claim.club_id, Hold.club_id))
        .outerjoin(Closure, Closure.id == Span.closure_id)
        .where(Span.room_id == room.id, Span.starts_at < until, Span.ends_at > since)
        .where(or_(Hold.id.is_(None), Hold.until > now()))
        .order_by(Span.starts_at)
    )
    return [Held(span.starts_at, span.ends_at, claim, hold, club, why or "") for span, claim, hold, club, why in rows]

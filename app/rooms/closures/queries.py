"""What a closure that is planned would hit, and where each claim could go instead."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from app.clubs.models import Club
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.ids import ID
from app.houses.models import House
from app.houses.queries import house_of_staff
from app.rooms.alternatives import alternatives_for
from app.rooms.calendar import day_bounds, stretch_at
from app.rooms.models import Claim, Closure, Room, Span
from app.rooms.queries import ONE_DAY, Slot, room_by_slug, rooms_of
from app.rooms.staff.queries import Standing

# Until so long before, a club that was told keeps its claim and looks for another moment.
TOLD = timedelta(hours=48)


@dataclass(frozen=True)
class Plan:
    """A closure as it is wished. room: its slug, empty for the whole house · last: the last day, included."""

    room: str
    first: date
    last: date
    reason: str


@dataclass(frozen=True)
class Shutting:
    """A plan in a house: which rooms, between which moments."""

    house: House
    rooms: list[Room]
    room: Room | None
    start: datetime
    end: datetime

    def shuts(self, slot: Slot) -> bool:
        """Would that slot be shut too?"""
        mine = any(room.id == slot.room.id for room in self.rooms)
        return mine and slot.start < self.end and slot.stretch.occupied_until > self.start

    @property
    def may_tell(self) -> bool:
        """Is there time left for a club to choose by itself?"""
        return self.start - TOLD > now()


def shutting(house: House, plan: Plan) -> Shutting:
    """Raises NotFound for a room that the house does not have."""
    rooms = rooms_of(house)
    room = room_by_slug(rooms, plan.room) if plan.room else None
    start, end = day_bounds(plan.first, plan.last + ONE_DAY, ZoneInfo(house.timezone))
    return Shutting(house, [room] if room else rooms, room, start, end)


def hits(room_ids: list[str], start: datetime, end: datetime) -> list[Standing]:
    """Claims still to begin that stand in these rooms at that time, soonest first."""
    rows = db.session.execute(
        select(Claim, Room, Club)
        .join(Span, Span.claim_id == Claim.id)
        .join(Room, Room.id == Claim.room_id)
        .join(Club, Club.id == Claim.club_id)
        .where(Span.room_id.in_(room_ids), Span.starts_at < end, Span.ends_at > start, Claim.starts_at > now())
        .order_by(Claim.starts_at, Claim.id)
        .execution_options(populate_existing=True)
    )
    return [Standing(*row) for row in rows]


def hit_by(plan: Shutting) -> list[Standing]:
    """What a plan would hit."""
    return hits([room.id for room in plan.rooms], plan.start, plan.end)


def choices_for(one: Standing, plan: Shutting) -> list[Slot]:
    """Three slots of the house that are free now and stay open, large enough for the claim."""

    def fits(slot: Slot) -> bool:
        return slot.house.id == plan.house.id and not plan.shuts(slot)

    return [choice.slot for choice in alternatives_for(slot_held(one, plan.house), one.claim.size, fits)]


def slot_held(one: Standing, house: House) -> Slot:
    """The slot of a claim, whether the pattern still lists it or not."""
    stretch = stretch_at(one.room, one.claim.starts_at, one.claim.ends_at, ZoneInfo(house.timezone))
    return Slot(stretch, house, "claimed", one.claim, one.club)


def closure_of(actor: Actor, slug: str, closure_id: str) -> tuple[House, Closure, list[Room]]:
    """A closure that is not over, with the rooms that it shuts, for who works in the house. Raises NotFound."""
    house = house_of_staff(actor, slug)
    rooms = {room.id: room for room in rooms_of(house)}
    wanted = select(Closure).where(
        Closure.id == (closure_id if ID.fullmatch(closure_id) else ""),
        Closure.house_id == house.id,
        Closure.ends_at > now(),
        or_(Closure.room_id.is_(None), Closure.room_id.in_(rooms)),
    )
    closure = db.session.scalars(wanted).first()
    if closure is None:
        raise NotFound()
    return house, closure, [rooms[closure.room_id]] if closure.room_id else list(rooms.values())

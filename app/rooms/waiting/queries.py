"""Reads of the waiting list, for someone: a club sees its own place, and of the others how many are before it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, func, or_, select

from app.clubs.models import Club, Membership
from app.clubs.queries import LEADS, clubs_of, member_club_by_id
from app.core.actor import Actor
from app.core.clock import EVENING_FROM, now
from app.core.db import db
from app.core.errors import NotFound
from app.houses.models import House
from app.rooms.calendar import wall_to_utc
from app.rooms.models import Claim, Hold, Room
from app.rooms.queries import ONE_DAY, Slot
from app.rooms.slot_ids import slot_id
from app.rooms.waiting.models import Waiting


@dataclass(frozen=True)
class Place:
    """A place in the list with all that is said of it. room: of the offer, else of the slot that is waited for."""

    waiting: Waiting
    room: Room | None
    house: House
    club: Club
    membership: Membership
    hold: Hold | None

    @property
    def offered(self) -> bool:
        """Is a slot kept for the club at this moment?"""
        return self.hold is not None and self.hold.until > now()

    @property
    def slot_id(self) -> str:
        """Of what is offered, else of what is waited for; empty for an evening."""
        what = self.hold or self.waiting
        return slot_id(self.room.number, what.starts_at, what.ends_at) if self.room else ""


def place_for(actor: Actor, waiting_id: str) -> Place:
    """A place of one of the actor's own clubs. Raises NotFound."""
    mine = Waiting.id == waiting_id, Waiting.club_id.in_(clubs_of(actor))
    row = db.session.execute(_with_hold().where(*mine)).first()
    if row is None:
        raise NotFound()
    club, membership = member_club_by_id(actor, row[0].club_id)
    return _place(row[0], row[1], club, membership)


def places_of(club: Club, membership: Membership) -> list[Place]:
    """All places of a club, what is offered first, then the soonest."""
    rows = db.session.execute(_with_hold().where(Waiting.club_id == club.id, Waiting.ends_at > now()))
    found = [_place(waiting, hold, club, membership) for waiting, hold in rows]
    return sorted(found, key=lambda one: (not one.offered, one.waiting.starts_at))


def offers_for(actor: Actor) -> list[tuple[Club, str, datetime]]:
    """What is kept for the clubs that the actor leads: the place in the list and until when, the soonest first."""
    rows = db.session.execute(
        select(Club, Waiting.id, Hold.until, House.timezone)
        .join(Waiting, Waiting.club_id == Club.id)
        .join(Hold, Hold.id == Waiting.hold_id)
        .join(House, House.id == Waiting.house_id)
        .where(Club.id.in_(clubs_of(actor, LEADS)), Hold.until > now())
        .order_by(Hold.until, Waiting.id)
    )
    return [(club, waiting, until.astimezone(ZoneInfo(zone))) for club, waiting, until, zone in rows]


def _with_hold() -> Select[Waiting, Hold]:
    return select(Waiting, Hold).outerjoin(Hold, Hold.id == Waiting.hold_id).execution_options(populate_existing=True)


def _place(waiting: Waiting, hold: Hold | None, club: Club, membership: Membership) -> Place:
    room_id = hold.room_id if hold else waiting.room_id
    room = db.session.get(Room, room_id) if room_id else None
    return Place(waiting, room, db.session.get_one(House, waiting.house_id), club, membership, hold)


def evening_bounds(slot: Slot) -> tuple[datetime, datetime]:
    """The evening of a slot, on its house's clock."""
    zone = ZoneInfo(slot.house.timezone)
    start = wall_to_utc(slot.stretch.day, EVENING_FROM, zone) or slot.start
    end = datetime.combine(slot.stretch.day + ONE_DAY, time.min, zone)
    return start, end.astimezone(start.tzinfo)


def place_at(club: Club, slot: Slot, *, evening: bool) -> Waiting | None:
    """The place that a club has already for the same thing."""
    start, end = evening_bounds(slot) if evening else (slot.start, slot.end)
    room = Waiting.room_id.is_(None) if evening else Waiting.room_id == slot.room.id
    same = select(Waiting).where(
        Waiting.club_id == club.id, Waiting.house_id == slot.house.id, room,
        Waiting.starts_at == start, Waiting.ends_at == end,
    )  # fmt: skip
    return db.session.scalars(same).first()


def waiting_for(room: Room, start: datetime, end: datetime) -> list[Waiting]:
    """Who waits for a stretch of a room and has no offer yet, whoever is next first.

    The longest wait, to the minute; then who has fewest claims ahead; then a lot that is drawn of the two ids.
    """
    same_slot = and_(Waiting.room_id == room.id, Waiting.starts_at == start, Waiting.ends_at == end)
    evening = and_(Waiting.room_id.is_(None), Waiting.starts_at <= start, Waiting.ends_at > start)
    wanted = select(Waiting).where(
        Waiting.house_id == room.house_id, Waiting.hold_id.is_(None), Waiting.size <= room.capacity,
        or_(same_slot, evening),
    ).execution_options(populate_existing=True)  # fmt: skip
    rows = list(db.session.scalars(wanted))
    ahead = claims_ahead({one.club_id for one in rows}) if len(rows) > 1 else {}
    lot = f"{room.id} {start:%Y%m%d%H%M}"

    def turn(one: Waiting) -> tuple[datetime, int, str]:
        asked = one.asked_at.replace(second=0, microsecond=0)
        return asked, ahead.get(one.club_id, 0), hashlib.sha256(f"{lot} {one.club_id}".encode()).hexdigest()

    return sorted(rows, key=turn)


def claims_ahead(club_ids: set[str]) -> dict[str, int]:
    """How many claims each club has ahead."""
    counted = (
        select(Claim.club_id, func.count())
        .where(Claim.club_id.in_(club_ids), Claim.released_at.is_(None), Claim.ends_at > now())
        .group_by(Claim.club_id)
    )
    return {row[0]: row[1] for row in db.session.execute(counted)}


def number_before(place: Place) -> int:
    """How many clubs come before this one, for the same slot or the same evening."""
    mine = place.waiting
    if place.room is not None:
        order = [one.club_id for one in waiting_for(place.room, mine.starts_at, mine.ends_at)]
        return order.index(mine.club_id) if mine.club_id in order else 0
    before = select(func.count(Waiting.club_id.distinct())).where(
        Waiting.house_id == mine.house_id, Waiting.hold_id.is_(None), Waiting.club_id != mine.club_id,
        Waiting.starts_at < mine.ends_at, Waiting.ends_at > mine.starts_at,
        Waiting.asked_at < mine.asked_at.replace(second=0, microsecond=0) + timedelta(minutes=1),
    )  # fmt: skip
    return int(db.session.scalar(before) or 0)

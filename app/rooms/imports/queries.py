"""What a calendar would take of a room, what stands in its way, and what was brought before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.clubs.models import Club
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.ids import ID
from app.houses.models import House
from app.houses.queries import house_of_staff
from app.rooms.imports.models import ImportedClosure, RoomImport
from app.rooms.imports.reading import Moment
from app.rooms.models import Claim, Closure, Hold, Room, Span


@dataclass(frozen=True)
class Clash:
    """A moment that cannot be taken: a club has the room. start, end: of what the club has."""

    moment: Moment
    start: datetime
    end: datetime
    club: Club


@dataclass(frozen=True)
class Plan:
    """A file laid over a room: what would be taken, what clashes, how many were brought before."""

    taken: list[Moment]
    clashes: list[Clash]
    known: int


def plan_for(room: Room, moments: Sequence[Moment]) -> Plan:
    """Nothing is written; what it says may change until it is."""
    known = known_in(room, moments)
    new = [one for one in moments if one.key not in known]
    held = _held(room, new)
    clashes = {}
    for one in new:
        over = next((each for each in held if each[0] < one.end and each[1] > one.start), None)
        if over:
            clashes[one.key] = Clash(one, *over[2:])
    return Plan([one for one in new if one.key not in clashes], list(clashes.values()), len(known))


def known_in(room: Room, moments: Sequence[Moment]) -> set[str]:
    """Which of them came into the room before."""
    wanted = select(ImportedClosure.entry_hash).where(
        ImportedClosure.room_id == room.id, ImportedClosure.entry_hash.in_([one.key for one in moments])
    )
    return set(db.session.scalars(wanted))


def _held(room: Room, moments: Sequence[Moment]) -> list[tuple[datetime, datetime, datetime, datetime, Club]]:
    """What clubs have of the room then: the span with its buffer, the times shown, the club."""
    if not moments:
        return []
    start, end = min(one.start for one in moments), max(one.end for one in moments)
    rows = db.session.execute(
        select(Span, Claim, Hold, Club)
        .outerjoin(Claim, Claim.id == Span.claim_id)
        .outerjoin(Hold, (Hold.id == Span.hold_id) & (Hold.until > now()))
        .join(Club, Club.id == func.coalesce(Claim.club_id, Hold.club_id))
        .where(Span.room_id == room.id, Span.starts_at < end, Span.ends_at > start)
        .order_by(Span.starts_at)
    )
    return [
        (span.starts_at, span.ends_at, (claim or hold).starts_at, (claim or hold).ends_at, club)
        for span, claim, hold, club in rows
    ]


@dataclass(frozen=True)
class Brought:
    """A calendar that was brought: into which room, when, and how many of its moments are still ahead."""

    id: str
    room: Room
    made_at: datetime
    ahead: int


def brought_into(house: House) -> list[Brought]:
    """The calendars of a house that still take some of its time, the newest first."""
    rows = db.session.execute(
        select(RoomImport, Room, func.count(Closure.id))
        .join(Room, Room.id == RoomImport.room_id)
        .join(ImportedClosure, ImportedClosure.import_id == RoomImport.id)
        .join(Closure, (Closure.id == ImportedClosure.closure_id) & (Closure.ends_at > now()))
        .where(Room.house_id == house.id, Room.closed_at.is_(None))
        .group_by(RoomImport.id, Room.number)
        .order_by(RoomImport.made_at.desc(), RoomImport.id)
    )
    return [Brought(one.id, room, one.made_at, ahead) for one, room, ahead in rows]


def brought_for(actor: Actor, slug: str, import_id: str) -> tuple[House, Brought]:
    """One of them, for who works in the house. Raises NotFound."""
    house = house_of_staff(actor, slug)
    wanted = import_id if ID.fullmatch(import_id) else ""
    found = next((one for one in brought_into(house) if one.id == wanted), None)
    if found is None:
        raise NotFound()
    return house, found

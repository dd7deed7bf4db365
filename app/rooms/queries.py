"""Reads of rooms, slots and claims. Slots are public; who holds one is said only to those who may know."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.clubs.models import Club, Membership
from app.clubs.queries import member_club_by_id, memberships_of
from app.core.actor import Actor
from app.core.clock import EVENING_FROM, now
from app.core.db import db
from app.core.errors import NotFound
from app.houses.models import House
from app.houses.queries import houses_of_staff
from app.rooms.calendar import Stretch, day_bounds, is_holiday, stretches
from app.rooms.models import Claim, Closure, OpeningWindow, Room, Span
from app.rooms.slot_ids import read_slot_id, slot_id

ONE_DAY = timedelta(days=1)
REACH = timedelta(weeks=8)


@dataclass(frozen=True)
class Slot:
    """A stretch of a room with what is known of it. state: ``free``, ``claimed`` or ``closed``.

    why: the closure's reason, ``holiday``, or empty.
    """

    stretch: Stretch
    house: House
    state: str
    claim: Claim | None = None
    club: Club | None = None
    why: str = ""

    @property
    def id(self) -> str:
        return slot_id(self.room.number, self.start, self.end)

    @property
    def room(self) -> Room:
        return self.stretch.room

    @property
    def start(self) -> datetime:
        return self.stretch.start

    @property
    def end(self) -> datetime:
        return self.stretch.end

    @property
    def past(self) -> bool:
        return self.start <= now()

    @property
    def too_far(self) -> bool:
        return self.start > now() + REACH

    @property
    def open(self) -> bool:
        """Can it be claimed at this moment?"""
        return self.state == "free" and not self.past and not self.too_far


@dataclass(frozen=True)
class Viewer:
    """Who looks: their memberships by club, the clubs' slugs, the houses they work in."""

    clubs: dict[str, Membership] = field(default_factory=dict)
    houses: frozenset[str] = frozenset()
    slugs: tuple[str, ...] = ()

    @property
    def leads(self) -> bool:
        return any(membership.leads for membership in self.clubs.values())


@dataclass(frozen=True)
class Held:
    """An occupied span of a room, and whose it is."""

    start: datetime
    end: datetime
    claim: Claim | None
    club: Club | None
    why: str


def viewer_for(actor: Actor | None) -> Viewer:
    """What decides how much of a claim is shown."""
    if actor is None:
        return Viewer()
    if actor.is_staff:
        return Viewer(houses=frozenset(house.id for house in houses_of_staff(actor)))
    mine = memberships_of(actor)
    return Viewer({club.id: own for club, own in mine}, slugs=tuple(club.slug for club, _own in mine))


def rooms_of(house: House) -> list[Room]:
    """The rooms of a house, in the order in which they were made."""
    return list(db.session.scalars(select(Room).where(Room.house_id == house.id).order_by(Room.number)))


def room_by_slug(rooms: Iterable[Room], slug: str) -> Room:
    """Raises NotFound."""
    found = next((room for room in rooms if room.slug == slug), None)
    if found is None:
        raise NotFound()
    return found


def today_in(house: House) -> date:
    """The date on the house's calendar."""
    return now().astimezone(ZoneInfo(house.timezone)).date()


def slots_between(
    house: House, rooms: Sequence[Room], first: date, last: date, *, evenings: bool = False
) -> list[Slot]:
    """The slots of some rooms of a house over its local days (``last`` excluded), by time, then by room."""
    return slots_of([(room, house) for room in rooms], first, last, evenings=evenings)


def slots_of(places: Sequence[tuple[Room, House]], first: date, last: date, *, evenings: bool = False) -> list[Slot]:
    """As ``slots_between``, for rooms of several houses, each on its own calendar; always two queries."""
    windows = _windows([room.id for room, _ in places], evenings)
    occupied = _occupied([room.id for room, _ in places], first, last)
    found = [
        _slot(stretch, house, occupied.get(room.id, []))
        for room, house in places
        for stretch in stretches(room, windows.get(room.id, ()), ZoneInfo(house.timezone), first, last)
    ]
    return sorted(found, key=lambda slot: (slot.start, slot.room.number))


def _windows(room_ids: list[str], evenings: bool) -> dict[str, list[OpeningWindow]]:
    wanted = select(OpeningWindow).where(OpeningWindow.room_id.in_(room_ids))
    if evenings:
        wanted = wanted.where(OpeningWindow.starts >= EVENING_FROM)
    found: dict[str, list[OpeningWindow]] = defaultdict(list)
    for window in db.session.scalars(wanted):
        found[window.room_id].append(window)
    return found


def _occupied(room_ids: list[str], first: date, last: date) -> dict[str, list[Held]]:
    # A day more at each end: the days are local, the spans are not.
    since, until = day_bounds(first - ONE_DAY, last + ONE_DAY, ZoneInfo("UTC"))
    rows = db.session.execute(
        select(Span, Claim, Club, Closure.reason)
        .outerjoin(Claim, Claim.id == Span.claim_id)
        .outerjoin(Club, Club.id == Claim.club_id)
        .outerjoin(Closure, Closure.id == Span.closure_id)
        .where(Span.room_id.in_(room_ids), Span.starts_at < until, Span.ends_at > since)
        .order_by(Span.starts_at)
    )
    found: dict[str, list[Held]] = defaultdict(list)
    for span, claim, club, reason in rows:
        found[span.room_id].append(Held(span.starts_at, span.ends_at, claim, club, reason or ""))
    return found


def _slot(stretch: Stretch, house: House, occupied: list[Held]) -> Slot:
    over = list(_overlapping(stretch, occupied))
    for held in over:
        if held.claim and (held.claim.starts_at, held.claim.ends_at) == (stretch.start, stretch.end):
            return Slot(stretch, house, "claimed", held.claim, held.club)
    if over:
        return Slot(stretch, house, "closed", why=next((held.why for held in over if held.why), ""))
    if is_holiday(house.country, stretch.day):
        return Slot(stretch, house, "closed", why="holiday")
    return Slot(stretch, house, "free")


def _overlapping(stretch: Stretch, occupied: list[Held]) -> Iterator[Held]:
    """Spans of a room never overlap: in order of start they are in order of end."""
    for held in occupied[bisect_right(occupied, stretch.start, key=lambda held: held.end) :]:
        if held.start >= stretch.occupied_until:
            return
        yield held


def find_slot(text: str) -> Slot:
    """The slot of an id. Raises NotFound when the id is not ours or the pattern no longer lists it."""
    read = read_slot_id(text)
    row = read and db.session.execute(select(Room, House).join(House).where(Room.number == read[0])).first()
    if not read or not row:
        raise NotFound()
    room, house = row
    day = read[1].astimezone(ZoneInfo(house.timezone)).date()
    for slot in slots_between(house, [room], day, day + ONE_DAY):
        if (slot.start, slot.end) == read[1:]:
            return slot
    raise NotFound()


def free_evenings(house: House, rooms: Sequence[Room], amount: int) -> list[Slot]:
    """The next evenings with a free room, the first room of each."""
    today = today_in(house)
    found: dict[date, Slot] = {}
    for slot in slots_between(house, rooms, today, today + REACH + ONE_DAY, evenings=True):
        if slot.open:
            found.setdefault(slot.stretch.day, slot)
    return list(found.values())[:amount]


@dataclass(frozen=True)
class Booked:
    """A claim with all that is said of it."""

    claim: Claim
    room: Room
    house: House
    club: Club
    membership: Membership

    @property
    def slot_id(self) -> str:
        return slot_id(self.room.number, self.claim.starts_at, self.claim.ends_at)


def claim_for(actor: Actor | None, claim_id: str, *, lock: bool = False) -> Booked:
    """A claim of one of the actor's own clubs, released or not. Raises NotFound."""
    wanted = select(Claim).where(Claim.id == claim_id)
    claim = db.session.scalars(wanted.with_for_update() if lock else wanted).first()
    if claim is None:
        raise NotFound()
    club, membership = member_club_by_id(actor, claim.club_id)
    room, house = db.session.execute(select(Room, House).join(House).where(Room.id == claim.room_id)).one()
    return Booked(claim, room, house, club, membership)

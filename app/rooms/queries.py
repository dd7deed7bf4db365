"""Reads of rooms, slots and claims. Slots are public; who holds one is said only to those who may know."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.clubs.models import Club, Membership
from app.clubs.queries import clubs_of, member_club_by_id, memberships_of
from app.core.actor import Actor
from app.core.clock import EVENING_FROM, now
from app.core.db import db
from app.core.errors import NotFound
from app.houses.models import House
from app.houses.queries import houses_of_staff
from app.rooms.calendar import Stretch, day_bounds, is_holiday, stretches
from app.rooms.draw.weeks import still_in_draw
from app.rooms.models import Claim, Closure, Hold, OpeningWindow, Room, Span
from app.rooms.slot_ids import read_slot_id, slot_id

ONE_DAY = timedelta(days=1)
REACH = timedelta(weeks=8)


@dataclass(frozen=True)
class Slot:
    """A stretch of a room with what is known of it. state: ``free``, ``held``, ``claimed`` or ``closed``.

    club: whose claim or hold it is · why: the closure's reason, ``holiday``, or empty · rest: it was given back after
    its start, for nobody came: what is left of it is for who takes it · in_draw: it is scarce, and its draw is to come.
    """

    stretch: Stretch
    house: House
    state: str
    claim: Claim | None = None
    club: Club | None = None
    why: str = ""
    hold: Hold | None = None
    rest: bool = False
    in_draw: bool = False

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
        moment = now()
        return self.start <= moment and not (self.rest and moment < self.end)

    @property
    def too_far(self) -> bool:
        return self.start > now() + REACH

    @property
    def open(self) -> bool:
        """Can it be claimed at this moment?"""
        return self.state == "free" and not self.past and not self.too_far and not self.in_draw


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
    hold: Hold | None
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
    """The rooms of a house that are not closed for good, in the order in which they were made."""
    open_rooms = select(Room).where(Room.house_id == house.id, Room.closed_at.is_(None))
    return list(db.session.scalars(open_rooms.order_by(Room.number)))


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


Place = tuple[Room, House]


def slots_of(places: Sequence[Place], first: date, last: date, *, evenings: bool = False) -> list[Slot]:
    """As ``slots_between``, for rooms of several houses, each on its own calendar; two queries, one more for now.

    And one more where a scarce slot of the weeks that should be drawn is among them.
    """
    occupied = _occupied([room.id for room, _ in places], first, last)
    listed = stretches_of(places, first, last, evenings=evenings)
    drawn = still_in_draw(listed)
    found = [_slot(stretch, house, occupied.get(stretch.room.id, []), stretch in drawn) for stretch, house in listed]
    return _with_rests(found)


def _with_rests(slots: list[Slot]) -> list[Slot]:
    """Those under way that nobody used are for who takes them; asked only when one under way is not claimed."""
    left = _left_over(slot.stretch for slot in slots if slot.state in ("free", "held"))
    return [replace(slot, rest=True) if slot.stretch in left else slot for slot in slots] if left else slots


def _left_over(listed: Iterable[Stretch]) -> set[Stretch]:
    """Of some stretches that nobody holds, those under way that were given back for nobody came."""
    moment = now()
    running = [stretch for stretch in listed if stretch.start <= moment < stretch.end]
    if not running:
        return set()
    unused = select(Claim.room_id, Claim.starts_at, Claim.ends_at).where(
        Claim.room_id.in_({one.room.id for one in running}), Claim.unused_at.is_not(None), Claim.ends_at > moment
    )
    left = {(room_id, start, end) for room_id, start, end in db.session.execute(unused)}
    return {one for one in running if (one.room.id, one.start, one.end) in left}


def open_slots_of(places: Sequence[Place], first: date, last: date, *, evenings: bool = False) -> list[Slot]:
    """Those of ``slots_of`` that can be claimed at this moment, without a look at who holds the others."""
    moment, taken = now(), _taken([room.id for room, _ in places], first, last)
    listed = stretches_of(places, first, last, evenings=evenings)
    drawn = still_in_draw(listed)
    free = [
        (stretch, house)
        for stretch, house in listed
        if moment < stretch.end
        and stretch.start <= moment + REACH
        and stretch not in drawn
        and not _is_taken(stretch, taken.get(stretch.room.id))
        and (stretch.extra or not is_holiday(house.country, stretch.day))
    ]
    left = _left_over(stretch for stretch, _house in free)
    return [
        Slot(stretch, house, "free", rest=stretch in left)
        for stretch, house in free
        if stretch.start > moment or stretch in left
    ]


def stretches_of(
    places: Sequence[Place], first: date, last: date, *, evenings: bool = False
) -> list[tuple[Stretch, House]]:
    """What these rooms list over those local days, by time, then by room; one query."""
    windows = _windows([room.id for room, _ in places], evenings)
    found = [
        (stretch, house)
        for room, house in places
        for stretch in stretches(room, windows.get(room.id, ()), ZoneInfo(house.timezone), first, last)
    ]
    return sorted(found, key=lambda one: (one[0].start, one[0].room.number))


def _windows(room_ids: list[str], evenings: bool) -> dict[str, list[OpeningWindow]]:
    wanted = select(OpeningWindow).where(OpeningWindow.room_id.in_(room_ids))
    if evenings:
        wanted = wanted.where(OpeningWindow.starts >= EVENING_FROM)
    found: dict[str, list[OpeningWindow]] = defaultdict(list)
    for window in db.session.scalars(wanted):
        found[window.room_id].append(window)
    return found


def _occupied(room_ids: list[str], first: date, last: date) -> dict[str, list[Held]]:
    rows = db.session.execute(
        select(Span, Claim, Hold, Club, Closure.reason)
        .outerjoin(Claim, Claim.id == Span.claim_id)
        .outerjoin(Hold, Hold.id == Span.hold_id)
        .outerjoin(Club, Club.id == func.coalesce(Claim.club_id, Hold.club_id))
        .outerjoin(Closure, Closure.id == Span.closure_id)
        .where(_near(room_ids, first, last), or_(Hold.id.is_(None), Hold.until > now()))
        .order_by(Span.starts_at)
    )
    found: dict[str, list[Held]] = defaultdict(list)
    for span, claim, hold, club, reason in rows:
        found[span.room_id].append(Held(span.starts_at, span.ends_at, claim, hold, club, reason or ""))
    return found


def _taken(room_ids: list[str], first: date, last: date) -> dict[str, tuple[list[datetime], list[datetime]]]:
    """The starts and the ends of the spans of each room, in order: they never overlap."""
    found: dict[str, tuple[list[datetime], list[datetime]]] = defaultdict(lambda: ([], []))
    rows = select(Span.room_id, Span.starts_at, Span.ends_at).where(_near(room_ids, first, last), _in_the_way())
    for room_id, start, end in db.session.execute(rows.order_by(Span.starts_at)):
        starts, ends = found[room_id]
        starts.append(start)
        ends.append(end)
    return found


def _is_taken(stretch: Stretch, spans: tuple[list[datetime], list[datetime]] | None) -> bool:
    if spans is None:
        return False
    starts, ends = spans
    next_one = bisect_right(ends, stretch.start)
    return next_one < len(starts) and starts[next_one] < stretch.occupied_until


def _in_the_way() -> ColumnElement[bool]:
    """Not a hold that has lapsed."""
    return or_(Span.hold_id.is_(None), Span.hold_id.in_(select(Hold.id).where(Hold.until > now())))


def _near(room_ids: list[str], first: date, last: date) -> ColumnElement[bool]:
    # A day more at each end: the days are local, the spans are not.
    since, until = day_bounds(first - ONE_DAY, last + ONE_DAY, ZoneInfo("UTC"))
    return and_(Span.room_id.in_(room_ids), Span.starts_at < until, Span.ends_at > since)


def _slot(stretch: Stretch, house: House, occupied: list[Held], in_draw: bool) -> Slot:
    over = list(_overlapping(stretch, occupied))
    for held in over:
        if held.claim and (held.claim.starts_at, held.claim.ends_at) == (stretch.start, stretch.end):
            return Slot(stretch, house, "claimed", held.claim, held.club)
        if held.hold and (held.hold.starts_at, held.hold.ends_at) == (stretch.start, stretch.end):
            return Slot(stretch, house, "held", club=held.club, hold=held.hold)
    if over:
        return Slot(stretch, house, "closed", why=next((held.why for held in over if held.why), ""))
    if not stretch.extra and is_holiday(house.country, stretch.day):
        return Slot(stretch, house, "closed", why="holiday")
    return Slot(stretch, house, "free", in_draw=in_draw)


def _overlapping(stretch: Stretch, occupied: list[Held]) -> Iterator[Held]:
    """Spans of a room never overlap: in order of start they are in order of end."""
    for held in occupied[bisect_right(occupied, stretch.start, key=lambda held: held.end) :]:
        if held.start >= stretch.occupied_until:
            return
        yield held


def find_slot(text: str) -> Slot:
    """The slot of an id. Raises NotFound when the id is not ours or the pattern no longer lists it."""
    read = read_slot_id(text)
    row = (
        read
        and db.session.execute(
            select(Room, House).join(House).where(Room.number == read[0], Room.closed_at.is_(None))
        ).first()
    )
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
    places = [(room, house) for room in rooms]
    for slot in open_slots_of(places, today, today + REACH + ONE_DAY, evenings=True):
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


def closing_over(claim: Claim) -> Closure | None:
    """The closure that waits for this claim to go: its club was told, and may still choose another moment."""
    if claim.released_at is not None or claim.starts_at <= now():
        return None
    there = (
        select(Closure)
        .join(Room, Room.id == claim.room_id)
        .where(
            Closure.house_id == Room.house_id,
            or_(Closure.room_id.is_(None), Closure.room_id == Room.id),
            Closure.starts_at < claim.ends_at,
            Closure.ends_at > claim.starts_at,
        )
    )
    return db.session.scalars(there.order_by(Closure.starts_at).limit(1)).first()


def claim_for(actor: Actor | None, claim_id: str, *, lock: bool = False) -> Booked:
    """A claim of one of the actor's own clubs, released or not. Raises NotFound."""
    wanted = select(Claim).where(Claim.id == claim_id, Claim.club_id.in_(clubs_of(actor)))
    claim = db.session.scalars(wanted.with_for_update() if lock else wanted).first()
    if claim is None:
        raise NotFound()
    club, membership = member_club_by_id(actor, claim.club_id)
    room, house = db.session.execute(select(Room, House).join(House).where(Room.id == claim.room_id)).one()
    return Booked(claim, room, house, club, membership)

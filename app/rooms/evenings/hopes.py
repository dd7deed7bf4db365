"""Who counted on an evening without having booked it: who waits for a room, whose session has a date there."""

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, select

from app.clubs.models import Club
from app.core.db import db
from app.houses.models import House
from app.rooms.calendar import stretch_at
from app.rooms.evenings.bounds import evening_of
from app.rooms.evenings.models import EveningRule
from app.rooms.models import Hold, Room
from app.rooms.queries import Slot, rooms_of
from app.rooms.sessions.models import SessionRequest
from app.rooms.sessions.notices import asked_of
from app.rooms.spans import lock_words
from app.rooms.waiting.models import Waiting


@dataclass(frozen=True)
class Hope:
    """A club and the moment that it does not get. any_room: it waited for the evening, whichever room.

    left: how many dates its session still has, when it is one of those · path: where its leads read more.
    """

    club: Club
    slot: Slot
    size: int
    any_room: bool = False
    left: int | None = None
    path: str = ""


def clubs_asking(house: House, rule: EveningRule) -> set[str]:
    """The clubs whose session waits for the team and has a date there: they are locked before it is taken out."""
    return set(db.session.scalars(select(Hold.club_id).where(_kept(house, rule), Hold.kind == "series")))


def end_hopes(house: House, rule: EveningRule) -> list[Hope]:
    """Nobody waits for that evening any more, and each session says which date it lost. The caller holds the house."""
    return [*_end_waits(house, rule), *_cut_sessions(house, rule)]


def _end_waits(house: House, rule: EveningRule) -> list[Hope]:
    lock_words(house)
    start, end = evening_of(rule.day, ZoneInfo(house.timezone))
    there = Waiting.house_id == house.id, Waiting.starts_at >= start, Waiting.starts_at < end
    waits = db.session.scalars(
        select(Waiting).where(*there).order_by(Waiting.asked_at, Waiting.id).execution_options(populate_existing=True)
    ).all()
    found = [_hope_of(one, house) for one in waits]
    for one in waits:
        db.session.delete(one)
    db.session.flush()
    return found


def _hope_of(one: Waiting, house: House) -> Hope:
    rooms = rooms_of(house)
    large = next((room for room in rooms if room.capacity >= one.size), rooms[0])
    room = next((room for room in rooms if room.id == one.room_id), large)
    club = db.session.get_one(Club, one.club_id)
    path = f"/houses/{house.slug}/slots"
    return Hope(club, _slot(room, house, one), one.size, any_room=one.room_id is None, path=path)


def _slot(room: Room, house: House, what: Waiting | Hold) -> Slot:
    return Slot(stretch_at(room, what.starts_at, what.ends_at, ZoneInfo(house.timezone)), house, "closed")


def _cut_sessions(house: House, rule: EveningRule) -> list[Hope]:
    rows = db.session.execute(
        select(Hold, Room, SessionRequest)
        .join(Room, Room.id == Hold.room_id)
        .join(SessionRequest, and_(SessionRequest.club_id == Hold.club_id, SessionRequest.outcome.is_(None)))
        .where(_kept(house, rule), Hold.kind == "series")
        .order_by(Hold.id)
        .execution_options(populate_existing=True)
    ).all()
    return [_cut(request, hold, room, house) for hold, room, request in rows]


def _cut(request: SessionRequest, hold: Hold, room: Room, house: House) -> Hope:
    request.lost = [*request.lost, hold.starts_at.isoformat()]
    db.session.flush()
    asked = asked_of(request)
    slot, path = _slot(room, house, hold), f"/session-requests/{request.id}"
    return Hope(asked.club, slot, request.size, left=len(asked.left), path=path)


def _kept(house: House, rule: EveningRule) -> ColumnElement[bool]:
    start, end = evening_of(rule.day, ZoneInfo(house.timezone))
    rooms = select(Room.id).where(Room.house_id == house.id)
    return and_(Hold.room_id.in_(rooms), Hold.starts_at >= start, Hold.starts_at < end)


def one_a_club(hopes: Iterable[Hope], told: set[str]) -> list[Hope]:
    """Of what a club waited for, the first, unless the club is told already; its session is another matter."""
    found, known = [], set(told)
    for one in hopes:
        if one.left is not None or one.club.id not in known:
            found.append(one)
        if one.left is None:
            known.add(one.club.id)
    return found

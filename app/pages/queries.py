"""Reads that put several floors together: what a club's pages say of its meetings, what waits for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ScalarSelect, func, select

from app.clubs.diary import Public
from app.clubs.models import Club, Membership
from app.clubs.queries import ACTIVE
from app.core.clock import is_evening
from app.core.db import db
from app.houses.models import House
from app.meetings.models import Rsvp
from app.meetings.queries import open_to_all, takes_a_place
from app.rooms.live import wall_stamp
from app.rooms.models import Claim, Room


@dataclass(frozen=True)
class OpenMeeting:
    """A coming meeting that a listed club opened to all, in the time of its house."""

    id: str
    title: str
    start: datetime
    end: datetime
    room: Room
    house: House
    club: Club
    full: bool

    @property
    def evening(self) -> bool:
        return is_evening(self.start)


def open_meetings(club: Club | None = None, limit: int = 6) -> list[OpenMeeting]:
    """Coming meetings that are open to all, of one listed club or of all of them, soonest first."""
    query = open_to_all().add_columns(_coming() >= Room.capacity).limit(limit)
    if club is not None:
        query = query.where(Claim.club_id == club.id)
    return [_open_meeting(*row) for row in db.session.execute(query)]


def _coming() -> ScalarSelect[int]:
    """How many places are taken or kept, by those who are still in the club."""
    said = select(func.coalesce(func.sum(1 + Rsvp.guests), 0)).join(Membership, Membership.id == Rsvp.membership_id)
    return said.where(Rsvp.meeting_id == Claim.id, takes_a_place(), ACTIVE).correlate(Claim).scalar_subquery()


def _open_meeting(claim: Claim, room: Room, house: House, club: Club, full: bool) -> OpenMeeting:
    start, end = told_in(house, claim.starts_at), told_in(house, claim.ends_at)
    return OpenMeeting(claim.id, claim.title, start, end, room, house, club, full)


def open_meetings_by_club(clubs: Sequence[Club]) -> Public:
    """What the JSON door says of the open meetings of many clubs, in one query."""
    found: Public = {}
    for claim, room, house, club in db.session.execute(open_to_all().where(Club.id.in_([c.id for c in clubs]))):
        found.setdefault(club.id, []).append(_told(claim, room, house))
    return found


def next_open_meetings(clubs: Sequence[Club]) -> dict[str, datetime]:
    """When each of many clubs next meets in the open, for its card."""
    found: dict[str, datetime] = {}
    for claim, _room, house, club in db.session.execute(open_to_all().where(Club.id.in_([c.id for c in clubs]))):
        found.setdefault(club.id, told_in(house, claim.starts_at))
    return found


def told_in(house: House, moment: datetime) -> datetime:
    """A moment that bears its house's zone, so that a page of another house shows the right clock."""
    return moment.astimezone(ZoneInfo(house.timezone))


def _told(claim: Claim, room: Room, house: House) -> dict[str, Any]:
    return {
        "id": claim.id,
        "title": claim.title,
        "start": wall_stamp(claim.starts_at, house),
        "end": wall_stamp(claim.ends_at, house),
        "house": house.slug,
        "room": room.slug,
    }

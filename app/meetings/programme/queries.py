"""Reads of a meeting's points and things, always for a member.

What lies ahead is for everybody who may come; of a meeting that is over, newcomers read from their coming on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from app.clubs.models import Membership
from app.clubs.queries import ACTIVE, IN_CLUB
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import NotFound
from app.core.ids import ID
from app.meetings.programme import policy
from app.meetings.programme.models import AgendaPoint, Thing
from app.meetings.queries import MeetingView

Row = TypeVar("Row", AgendaPoint, Thing)
TAKER = aliased(Membership)
STILL_THERE = and_(
    TAKER.id == Thing.taker_id, TAKER.began_at.is_not(None), TAKER.ended_at.is_(None), TAKER.visit_until.is_(None)
)


@dataclass(frozen=True)
class PointView:
    """A point as its reader sees it. at: when it begins, as far as those before it say how long they are."""

    point: AgendaPoint
    at: datetime | None
    first: bool
    last: bool
    may_drop: bool

    @property
    def id(self) -> str:
        return self.point.id


@dataclass(frozen=True)
class ThingView:
    """A thing as its reader sees it. taker: the name used in the club of who brings it; None: nobody yet."""

    thing: Thing
    taker: str | None
    mine: bool
    may_leave: bool
    may_drop: bool

    @property
    def id(self) -> str:
        return self.thing.id

    @property
    def text(self) -> str:
        return self.thing.text


def points_of(meeting: MeetingView, me: Membership) -> list[PointView]:
    """In their order; the caller has proved to be a member."""
    query = select(AgendaPoint).where(AgendaPoint.meeting_id == meeting.id, AgendaPoint.seq >= _floor(meeting, me))
    points = db.session.scalars(query.order_by(AgendaPoint.place, AgendaPoint.seq)).all()
    times = _times(meeting.start, points)
    end = len(points) - 1
    return [PointView(one, times[n], n == 0, n == end, policy.can_drop_point(me, one)) for n, one in enumerate(points)]


def things_of(meeting: MeetingView, me: Membership) -> list[ThingView]:
    """In the order in which they were asked for; the caller has proved to be a member."""
    query = select(Thing, TAKER.name, TAKER.id).outerjoin(TAKER, STILL_THERE).where(Thing.meeting_id == meeting.id)
    rows = db.session.execute(query.where(Thing.seq >= _floor(meeting, me)).order_by(Thing.seq))
    return [
        ThingView(
            thing, name if taker else None, taker == me.id, policy.can_leave_thing(me, thing),
            policy.can_drop_thing(me, thing),
        )
        for thing, name, taker in rows
    ]  # fmt: skip


def point_for(actor: Actor, point_id: str) -> AgendaPoint:
    """A point of a meeting of a club that the actor belongs to. Raises NotFound, for who is on a visit too."""
    return _of_mine(actor, AgendaPoint, point_id)


def thing_for(actor: Actor, thing_id: str) -> Thing:
    """As ``point_for``, of a thing."""
    return _of_mine(actor, Thing, thing_id)


def is_brought(thing: Thing) -> bool:
    """Does somebody who is still in the club bring it?"""
    held = select(TAKER.id).where(TAKER.id == thing.taker_id, TAKER.ended_at.is_(None))
    return db.session.scalar(held) is not None


def _of_mine(actor: Actor, table: type[Row], key: str) -> Row:
    query = (
        select(table)
        .join(Membership, Membership.club_id == table.club_id)
        .where(table.id == key, Membership.account_id == actor.account_id, ACTIVE, IN_CLUB)
    )
    found = db.session.scalars(query).first()
    if found is None or not ID.fullmatch(key):
        raise NotFound()
    return found


def _floor(meeting: MeetingView, me: Membership) -> int:
    return me.first_seq if meeting.past else 0


def _times(start: datetime, points: Sequence[AgendaPoint]) -> list[datetime | None]:
    """When each begins: nobody knows after one that does not say how long it is. Of none that does, nothing is said."""
    found: list[datetime | None] = []
    at: datetime | None = start if any(one.minutes for one in points) else None
    for one in points:
        found.append(at)
        at = at + timedelta(minutes=one.minutes) if at is not None and one.minutes else None
    return found

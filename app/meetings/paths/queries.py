"""Reads of the path of a session, for the members of its club."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, exists, func, select

from app.clubs.models import Club, Membership
from app.clubs.queries import ACTIVE, clubs_of, member_club_by_id
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.houses.models import House
from app.meetings.paths.models import MOST_GOALS, ReviewLine, SessionGoal, SessionPath, SessionSeat
from app.rooms.models import Claim, MeetingSession, Room

# How long the club's page leads to the review of a session that is over.
SHOWN_AFTER = timedelta(days=30)


@dataclass(frozen=True)
class Step:
    """One meeting of a session. state: ``done``, ``next`` or empty · role: ``first``, ``last`` or empty."""

    id: str
    start: datetime
    end: datetime
    state: str
    role: str


@dataclass(frozen=True)
class SessionSteps:
    """A session with its meetings that stand, the first and the last of which bear a word of their own."""

    session: MeetingSession
    house: House | None
    steps: list[Step]

    @property
    def id(self) -> str:
        return self.session.id

    @property
    def name(self) -> str:
        return self.session.name

    @property
    def over(self) -> bool:
        """Is none of its meetings ahead?"""
        return all(step.end <= now() for step in self.steps)

    @property
    def closing(self) -> bool:
        """Has its last meeting begun? From then on one says what was reached."""
        return all(step.start <= now() for step in self.steps)

    @property
    def coming(self) -> list[Step]:
        return [step for step in self.steps if step.end > now()]


@dataclass(frozen=True)
class PathView:
    """All that the page of a session says. taken: how many take part; mine: the reader does.

    goals, review: what was written since the reader may read · before: something was written before that · free: the
    places for one goal more.
    """

    club: Club
    me: Membership
    line: SessionSteps
    said: SessionPath
    goals: list[SessionGoal]
    review: list[ReviewLine]
    before: bool
    free: list[int]
    taken: int
    mine: bool

    @property
    def left(self) -> int | None:
        return None if self.said.places is None else max(0, self.said.places - self.taken)

    @property
    def full(self) -> bool:
        return self.left == 0

    @property
    def written(self) -> bool:
        return bool(self.review)

    @property
    def reached(self) -> str:
        return text_of(self.review, "reached")

    @property
    def ahead(self) -> str:
        return text_of(self.review, "ahead")


def text_of(lines: Sequence[ReviewLine], kind: str) -> str:
    """One half of a closing review, as it is read."""
    return "\n".join(line.text for line in lines if line.kind == kind)


def my_session(actor: Actor, session_id: str) -> tuple[MeetingSession, Club, Membership]:
    """A session of one of the actor's own clubs. Raises NotFound."""
    mine = select(MeetingSession).where(MeetingSession.id == session_id, MeetingSession.club_id.in_(clubs_of(actor)))
    session = db.session.scalars(mine).first()
    if session is None:
        raise NotFound()
    club, me = member_club_by_id(actor, session.club_id)
    return session, club, me


def path_for(actor: Actor, session_id: str) -> PathView:
    """The path of a session of one's own club. Raises NotFound."""
    session, club, me = my_session(actor, session_id)
    (line,) = _lines([session])
    taken, mine = db.session.execute(
        select(func.count(), func.count().filter(SessionSeat.membership_id == me.id))
        .select_from(SessionSeat)
        .join(Membership, Membership.id == SessionSeat.membership_id)
        .where(SessionSeat.session_id == session.id, ACTIVE)
    ).one()
    goals, lines = goals_in(session.id), review_in(session.id)
    seen, review = (
        [goal for goal in goals if goal.seq >= me.first_seq],
        [one for one in lines if one.seq >= me.first_seq],
    )
    before = len(seen) + len(review) < len(goals) + len(lines)
    free = sorted(set(range(1, MOST_GOALS + 1)) - {goal.number for goal in goals})
    return PathView(club, me, line, said_of(session.id), seen, review, before, free, taken, mine > 0)


def goals_in(session_id: str) -> list[SessionGoal]:
    """Every goal; who may read which is for the caller to say."""
    goals = select(SessionGoal).where(SessionGoal.session_id == session_id).order_by(SessionGoal.number)
    return list(db.session.scalars(goals.execution_options(populate_existing=True)))


def review_in(session_id: str) -> list[ReviewLine]:
    """Every line of the closing review; who may read which is for the caller to say."""
    lines = select(ReviewLine).where(ReviewLine.session_id == session_id).order_by(ReviewLine.place, ReviewLine.id)
    return list(db.session.scalars(lines.execution_options(populate_existing=True)))


def said_of(session_id: str) -> SessionPath:
    """What a club said of a session; a blank one, of no database, when it said nothing."""
    found = db.session.get(SessionPath, session_id, populate_existing=True)
    return found or SessionPath(session_id=session_id, places=None, version=0)


def session_for_club(actor: Actor, club: Club) -> SessionSteps | None:
    """The session that a club is in the middle of, for one of its members; None when there is none."""
    member_club_by_id(actor, club.id)
    found = _lines_of(MeetingSession.club_id == club.id)
    return next((line for line in reversed(found) if not line.over), None)


def ended_for_club(club: Club) -> tuple[SessionSteps, SessionPath] | None:
    """The last session of a club that is over, as long as one speaks of it; the caller has proved to be a member.

    That is for a month, and for as long as the club rests after it.
    """
    rows = db.session.execute(
        select(MeetingSession, SessionPath)
        .outerjoin(SessionPath, SessionPath.session_id == MeetingSession.id)
        .where(MeetingSession.club_id == club.id)
        .order_by(MeetingSession.granted_at.desc(), MeetingSession.id.desc())
        .limit(1)
    ).all()
    if not rows:
        return None
    session, said = rows[0]
    (line,) = _lines([session])
    since = max((step.end for step in line.steps), default=session.granted_at)
    rests = said is not None and said.rest_until is not None and said.rest_until > today_of(line)
    if not line.over or not (rests or since > now() - SHOWN_AFTER):
        return None
    return line, said or SessionPath(session_id=session.id, version=0)


def steps_of(session_id: str) -> SessionSteps:
    """The meetings of a session; the caller has proved to be a member."""
    (line,) = _lines_of(MeetingSession.id == session_id)
    return line


def today_of(line: SessionSteps) -> date:
    """The day on the calendar of its house."""
    return now().astimezone(ZoneInfo(line.house.timezone) if line.house else ZoneInfo("UTC")).date()


def rests(moment: datetime) -> ColumnElement[bool]:
    """Does a club rest at this moment? A condition on ``Club``, to the day: nobody is to be called on meanwhile."""
    theirs = exists().where(
        MeetingSession.club_id == Club.id,
        SessionPath.session_id == MeetingSession.id,
        SessionPath.rest_until > moment.date(),
    )
    return theirs.correlate(Club)


def _lines(sessions: Sequence[MeetingSession]) -> list[SessionSteps]:
    known = {line.id: line for line in _lines_of(MeetingSession.id.in_([each.id for each in sessions]))}
    return [known.get(each.id) or SessionSteps(each, None, []) for each in sessions]


def _lines_of(which: Any) -> list[SessionSteps]:
    found: dict[str, list[Row[MeetingSession, Claim, House]]] = {}
    for row in db.session.execute(_meetings().where(which)):
        found.setdefault(row[0].id, []).append(row)
    return [_line(rows) for rows in found.values()]


def _meetings() -> Select[MeetingSession, Claim, House]:
    return (
        select(MeetingSession, Claim, House)
        .join(Claim, Claim.session_id == MeetingSession.id)
        .join(Room, Room.id == Claim.room_id)
        .join(House, House.id == Room.house_id)
        .where(Claim.released_at.is_(None))
        .order_by(MeetingSession.granted_at, MeetingSession.id, Claim.starts_at)
        .execution_options(populate_existing=True)
    )


def _line(rows: Sequence[Row[MeetingSession, Claim, House]]) -> SessionSteps:
    ahead = next((claim.id for _session, claim, _house in rows if claim.ends_at > now()), None)
    steps, last = [], len(rows) - 1
    for number, (_session, claim, house) in enumerate(rows):
        zone = ZoneInfo(house.timezone)
        state = "done" if claim.ends_at <= now() else "next" if claim.id == ahead else ""
        role = "first" if number == 0 and last else "last" if number == last and last else ""
        steps.append(Step(claim.id, claim.starts_at.astimezone(zone), claim.ends_at.astimezone(zone), state, role))
    return SessionSteps(rows[0][0], rows[0][2], steps)

"""Reads of minutes and of what was decided, always for a member: newcomers from their coming on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.clubs.models import Club, Membership
from app.clubs.queries import ACTIVE, IN_CLUB
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.ids import ID
from app.meetings.ballots.models import Ballot
from app.meetings.ballots.queries import decided_ballots
from app.meetings.ballots.results import told
from app.meetings.minutes import policy
from app.meetings.minutes.models import MinutesVersion, NotedDecision
from app.meetings.queries import MeetingView, meeting_for

OFFERED = 5


@dataclass(frozen=True)
class Written:
    """A version and the name used in the club of who left it so; None when they are not there any more."""

    version: MinutesVersion
    name: str | None


@dataclass(frozen=True)
class Decided:
    """What was decided, and whether its reader may take it away. ballot: by which, if it was; outcome: how it came out.

    readable: may the reader open that ballot's page? A newcomer reads what was noted since, not how it came about.
    """

    decision: NotedDecision
    may_drop: bool
    ballot: Ballot | None = None
    outcome: Any = ""
    readable: bool = False

    @property
    def id(self) -> str:
        return self.decision.id

    @property
    def text(self) -> str:
        return self.ballot.question if self.ballot else self.decision.text

    @property
    def at(self) -> datetime:
        return self.decision.noted_at


def inside(actor: Actor, meeting_id: str) -> tuple[MeetingView, Membership]:
    """A meeting of a club that the actor is in, with their membership. Raises NotFound, also if it is open to all."""
    found = meeting_for(actor, meeting_id)
    if found.me is None:
        raise NotFound()
    return found, found.me


def latest_of(meeting_id: str) -> MinutesVersion | None:
    """The minutes as they stand; the caller has proved to be a member who may read them."""
    newest = select(MinutesVersion).where(MinutesVersion.meeting_id == meeting_id)
    return db.session.scalars(newest.order_by(MinutesVersion.number.desc()).limit(1)).first()


def is_readable(meeting_id: str, me: Membership) -> bool:
    """Were they begun since this member may read? Minutes that nobody has begun are."""
    first = db.session.scalar(select(func.min(MinutesVersion.seq)).where(MinutesVersion.meeting_id == meeting_id))
    return first is None or first >= me.first_seq


def minutes_for(meeting_id: str, me: Membership) -> Written | None:
    """The minutes as they stand, None when there are none. Raises NotFound for who came after they were begun."""
    if not is_readable(meeting_id, me):
        raise NotFound()
    rows = history_of(meeting_id, 1)
    return rows[0] if rows else None


def history_of(meeting_id: str, limit: int | None = None) -> list[Written]:
    """Every version, the last first; the caller has proved to be a member who may read them."""
    rows = db.session.execute(
        select(MinutesVersion, Membership.name)
        .outerjoin(Membership, (Membership.id == MinutesVersion.written_by_id) & IN_CLUB)
        .where(MinutesVersion.meeting_id == meeting_id)
        .order_by(MinutesVersion.number.desc())
        .limit(limit)
    )
    return [Written(version, name) for version, name in rows]


def version_of(meeting_id: str, me: Membership, number: int) -> MinutesVersion:
    """One version, for a member who may read the minutes. Raises NotFound."""
    wanted = select(MinutesVersion).where(MinutesVersion.meeting_id == meeting_id, MinutesVersion.number == number)
    found = db.session.scalars(wanted).first() if 0 < number < 2**31 else None
    if found is None or not is_readable(meeting_id, me):
        raise NotFound()
    return found


def texts_until(version: MinutesVersion) -> Sequence[Any]:
    """(text, writer) of the versions up to one, in order."""
    rows = select(MinutesVersion.text, MinutesVersion.written_by_id).where(
        MinutesVersion.meeting_id == version.meeting_id, MinutesVersion.number <= version.number
    )
    return db.session.execute(rows.order_by(MinutesVersion.number)).all()


def decided_in(club: Club, me: Membership, limit: int | None = None, meeting_id: str | None = None) -> list[Decided]:
    """What a club decided, the last first; the caller has proved to be there. Who is on a visit reads no ballot."""
    query = select(NotedDecision, Ballot).outerjoin(Ballot, Ballot.id == NotedDecision.ballot_id)
    query = query.where(NotedDecision.club_id == club.id, NotedDecision.seq >= me.first_seq)
    if meeting_id is not None:
        query = query.where(NotedDecision.meeting_id == meeting_id)
    if me.visit_until is not None:
        query = query.where(NotedDecision.ballot_id.is_(None))
    rows = db.session.execute(query.order_by(NotedDecision.seq.desc()).limit(limit)).all()
    outcomes = {ballot.id: words for ballot, words in told([ballot for _one, ballot in rows if ballot is not None])}
    belongs = me.visit_until is None
    return [
        Decided(
            one, belongs and policy.can_drop_decision(me, one), ballot, outcomes.get(one.ballot_id or "", ""),
            readable=ballot is not None and belongs and ballot.seq >= me.first_seq,
        )
        for one, ballot in rows
    ]  # fmt: skip


def last_before(actor: Actor, meeting: MeetingView, me: Membership) -> MeetingView | None:
    """Ahead of a meeting: the one whose minutes a member may read that were begun last."""
    if meeting.start <= now():
        return None
    begun = select(MinutesVersion.meeting_id).where(MinutesVersion.club_id == meeting.club.id)
    begun = begun.where(MinutesVersion.number == 1, MinutesVersion.seq >= me.first_seq)
    found = db.session.scalar(begun.order_by(MinutesVersion.seq.desc()).limit(1))
    return meeting_for(actor, found) if found else None


def ballots_to_note(meeting: MeetingView, me: Membership) -> list[tuple[Ballot, Any]]:
    """The last things that the club decided by a ballot, with how they came out, but those noted for this meeting."""
    noted = select(NotedDecision.ballot_id).where(
        NotedDecision.meeting_id == meeting.id, NotedDecision.ballot_id.is_not(None)
    )
    return told(decided_ballots(me, noted, OFFERED))


def decision_for(actor: Actor, decision_id: str) -> tuple[NotedDecision, Membership]:
    """What a club that the actor belongs to decided, to change it. Raises NotFound, for who is on a visit too."""
    query = (
        select(NotedDecision, Membership)
        .join(Membership, Membership.club_id == NotedDecision.club_id)
        .where(NotedDecision.id == decision_id, NotedDecision.seq >= Membership.first_seq)
        .where(Membership.account_id == actor.account_id, ACTIVE, IN_CLUB)
    )
    found = db.session.execute(query.with_for_update(of=NotedDecision)).first()
    if found is None or not ID.fullmatch(decision_id):
        raise NotFound()
    return found[0], found[1]

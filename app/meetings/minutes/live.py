"""What the club's log says of minutes and decisions, read when it is sent: ids, never what they say."""

from collections.abc import Sequence

from sqlalchemy import func, select

from app.clubs.live import Shown, renders
from app.clubs.models import Club
from app.clubs.queries import rows_since
from app.core.db import db
from app.meetings.minutes.models import MinutesVersion, NotedDecision


@renders("minutes:written")
def _minutes(club: Club, ids: Sequence[str]) -> dict[str, Shown]:
    begun = select(MinutesVersion.meeting_id, func.min(MinutesVersion.seq)).where(MinutesVersion.club_id == club.id)
    rows = db.session.execute(begun.where(MinutesVersion.meeting_id.in_(ids)).group_by(MinutesVersion.meeting_id))
    return {meeting_id: Shown({"meeting": meeting_id}, seq) for meeting_id, seq in rows}


@renders("decision:noted", "decision:gone")
def _decision(club: Club, ids: Sequence[str]) -> dict[str, Shown]:
    there = select(NotedDecision.id, NotedDecision.seq).where(NotedDecision.id.in_(ids))
    rows = db.session.execute(there.where(NotedDecision.club_id == club.id))
    known = rows_since(club, "decision:noted", ids, [(row.id, row.seq) for row in rows])
    return {decision_id: Shown({"decision": decision_id}, seq) for decision_id, seq in known.items()}

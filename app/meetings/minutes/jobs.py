"""How long minutes are kept: as long as the club's messages, from their first version on, all versions together."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select

from app.clubs.models import Club
from app.core.db import db
from app.core.retention import by_key
from app.meetings.minutes import leaving as leaving
from app.meetings.minutes import parts as parts
from app.meetings.minutes.models import MinutesVersion, NotedDecision
from app.meetings.models import Meeting
from app.messaging.keeping.jobs import MESSAGES, oldest


def _old_minutes(moment: datetime) -> Select[Any]:
    first = select(MinutesVersion.id).join(Club, Club.id == MinutesVersion.club_id)
    old = first.where(
        MinutesVersion.meeting_id == Meeting.id, MinutesVersion.number == 1, MinutesVersion.written_at < oldest(moment)
    )
    return select(Meeting.id).where(old.exists())


def _old_decisions(moment: datetime) -> Select[Any]:
    club = select(Club.id).where(Club.id == NotedDecision.club_id, NotedDecision.noted_at < oldest(moment))
    return select(NotedDecision.id).where(club.exists())


by_key(
    "minutes:old", ("minutes_version",), MESSAGES, Meeting.id, _old_minutes,
    lambda meetings: db.session.execute(delete(MinutesVersion).where(MinutesVersion.meeting_id.in_(meetings))),
)  # fmt: skip
by_key("minutes:decisions", ("noted_decision",), MESSAGES, NotedDecision.id, _old_decisions)

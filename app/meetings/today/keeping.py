"""How what was said on the day of a meeting is forgotten, in the caller's transaction."""

from collections.abc import Sequence

from sqlalchemy import delete, update

from app.core.db import db
from app.meetings.models import Meeting
from app.meetings.today.models import Arrival


def forget_ways(meeting_ids: Sequence[str]) -> None:
    """Nobody is on their way any more."""
    db.session.execute(delete(Arrival).where(Arrival.meeting_id.in_(meeting_ids)))


def forget_moves(meeting_ids: Sequence[str]) -> None:
    """They stand where they were said to."""
    there = update(Meeting).where(Meeting.id.in_(meeting_ids))
    db.session.execute(there.values(moved_to="", moved_by_id=None))


def forget_day(meeting_ids: Sequence[str]) -> None:
    """Both."""
    forget_ways(meeting_ids)
    forget_moves(meeting_ids)

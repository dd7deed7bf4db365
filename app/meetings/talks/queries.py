"""Which discussion is a meeting's own, and the other way round."""

from dataclasses import dataclass

from sqlalchemy import func, select

from app.clubs.models import Membership
from app.core.db import db
from app.meetings.talks.models import MeetingThread
from app.messaging.models import Message


@dataclass(frozen=True)
class Talk:
    """A meeting's discussion. readable: it holds something that the member may read."""

    thread_id: str
    readable: bool


def talk_of(meeting_id: str, me: Membership) -> Talk | None:
    """The discussion of a meeting, for one of its club; None as long as nobody has opened one."""
    last = select(func.max(Message.seq)).where(Message.thread_id == MeetingThread.thread_id).scalar_subquery()
    query = select(MeetingThread.thread_id, last.label("last")).where(MeetingThread.meeting_id == meeting_id)
    row = db.session.execute(query).first()
    return Talk(row.thread_id, (row.last or 0) >= me.first_seq) if row else None


def meeting_of(thread_id: str) -> str | None:
    """The id of the meeting that a discussion is about; the caller has proved to be one of the club."""
    return db.session.scalar(select(MeetingThread.meeting_id).where(MeetingThread.thread_id == thread_id))

"""Which discussion is a meeting's own."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.retention import stays


class MeetingThread(Base):
    """One discussion for one meeting. It goes with either."""

    __tablename__ = "meeting_thread"

    meeting_id: Mapped[str] = mapped_column(String(26), ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True)
    thread_id: Mapped[str] = mapped_column(String(26), ForeignKey("thread.id", ondelete="CASCADE"), unique=True)


stays("meeting_thread", "it goes with its meeting, or with its discussion")

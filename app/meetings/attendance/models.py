"""How many were at a meeting, and who, where a club notes names."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime
from app.core.privacy import declare


class Attendance(Base):
    """A number, and nothing else: neither who counted nor when."""

    __tablename__ = "attendance"
    __table_args__ = (CheckConstraint("number BETWEEN 0 AND 500", name="number"),)

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int]


class Attendee(Base):
    """Somebody who was there, where their club notes names. dropped: they took their name off; nobody puts it back."""

    __tablename__ = "attendee"
    __table_args__ = (Index(None, "membership_id"),)

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True)
    membership_id: Mapped[str] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), primary_key=True)
    dropped: Mapped[bool] = mapped_column(default=False)


class NamedAttendance(Base):
    """A club that notes names beside the number, and since when. No row: it notes none."""

    __tablename__ = "named_attendance"

    club_id: Mapped[str] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"), primary_key=True)
    since_at: Mapped[datetime] = mapped_column(UtcDateTime)


declare(
    "attendee", "membership_id", "that the person was at a meeting of a club that notes names, or took their name off"
)

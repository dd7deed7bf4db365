"""Dates that a club votes on. An answer bears no time: two clubs of one person cannot be joined up by the clock."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime
from app.core.privacy import declare

ANSWERS = ("yes", "maybe", "no")
KINDS = ("room", "elsewhere", "online")
CHOSEN = text("chosen_at IS NOT NULL")


class Poll(Base):
    """A question to a club: which of these moments? Open until ends_at, or until somebody ends it before.

    outcome: ``chosen`` (a date is a meeting) · ``over`` (its time had come) · ``cancelled``; empty while it is open.
    thread_id: the discussion that it came out of. seq: the row of the log that opened it: who may read that reads it.
    """

    __tablename__ = "poll"
    __table_args__ = (
        CheckConstraint("opened_at < ends_at", name="order"),
        CheckConstraint("outcome IN ('chosen', 'over', 'cancelled')", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="ended"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    club_id: Mapped[str] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"), index=True)
    opened_by_id: Mapped[str | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"), index=True)
    thread_id: Mapped[str | None] = mapped_column(ForeignKey("thread.id", ondelete="SET NULL"), index=True)
    seq: Mapped[int]
    title: Mapped[str] = mapped_column(String(80))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(String(9))


class PollDate(Base):
    """One of the moments, twelve at most. place: words, not an address; of a room, nothing: the room says it.

    added_by_id: who proposed this one, and whose words the place is.

    hold_id: the slot that is kept for it now. chosen_at, meeting_id: it won, and this is the meeting that it became.
    """

    __tablename__ = "poll_date"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        CheckConstraint("number BETWEEN 1 AND 12", name="number"),
        CheckConstraint("kind IN ('room', 'elsewhere', 'online')", name="kind"),
        CheckConstraint("(kind = 'room') = (room_id IS NOT NULL)", name="room"),
        UniqueConstraint("poll_id", "number"),
        Index(None, "added_by_id"),
        Index("ix_poll_date_chosen", "poll_id", unique=True, sqlite_where=CHOSEN, postgresql_where=CHOSEN),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    poll_id: Mapped[str] = mapped_column(ForeignKey("poll.id", ondelete="CASCADE"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(9))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    place: Mapped[str] = mapped_column(String(80), default="")
    added_by_id: Mapped[str | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))
    room_id: Mapped[str | None] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    hold_id: Mapped[str | None] = mapped_column(ForeignKey("hold.id", ondelete="SET NULL"), unique=True)
    chosen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    meeting_id: Mapped[str | None] = mapped_column(ForeignKey("meeting.id", ondelete="SET NULL"), index=True)


class PollAnswer(Base):
    """What one member says of one date; changed as often as they wish until the end."""

    __tablename__ = "poll_answer"
    __table_args__ = (CheckConstraint("answer IN ('yes', 'maybe', 'no')", name="answer"),)

    date_id: Mapped[str] = mapped_column(ForeignKey("poll_date.id", ondelete="CASCADE"), primary_key=True)
    membership_id: Mapped[str] = mapped_column(
        ForeignKey("membership.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    answer: Mapped[str] = mapped_column(String(5))


declare("poll", "opened_by_id", "what the person asked a club to choose a date for")
declare("poll_date", "added_by_id", "the dates that the person proposed to a club, and where")
declare("poll_answer", "membership_id", "which dates of a club suit the person")

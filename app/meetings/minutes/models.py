"""What is written of a meeting, version after version, and what is picked from it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime
from app.core.privacy import declare

MAX_MINUTES = 12_000
MAX_DECISION = 300


class MinutesVersion(Base):
    """The whole text of a meeting's minutes, as one member left it. number: 1, 2, 3, with no hole.

    Who writes says from which number; the next one can be taken once, whoever else writes: that is what keeps an edit
    from being lost. seq: the row of the log; a newcomer reads minutes whose first version is theirs to read.
    """

    __tablename__ = "minutes_version"
    __table_args__ = (
        UniqueConstraint("meeting_id", "number"),
        CheckConstraint("number > 0", name="number"),
        Index(None, "club_id"),
        Index(None, "written_by_id"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    club_id: Mapped[str] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    written_by_id: Mapped[str | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seq: Mapped[int]


class NotedDecision(Base):
    """What the club keeps as decided: a line of minutes, or what a ballot came to.

    written_by_id: who wrote the line, not who picked it · ballot_id: then there is no text and no writer here: its
    words are read where they are, and go with it.
    """

    __tablename__ = "noted_decision"
    __table_args__ = (
        Index(None, "club_id", "seq"),
        Index(None, "meeting_id"),
        Index(None, "written_by_id"),
        Index(None, "ballot_id"),
        Index("uq_noted_decision_meeting_id_ballot_id", "meeting_id", "ballot_id", unique=True),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    club_id: Mapped[str] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"))
    meeting_id: Mapped[str | None] = mapped_column(ForeignKey("meeting.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(String(MAX_DECISION))
    written_by_id: Mapped[str | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))
    ballot_id: Mapped[str | None] = mapped_column(ForeignKey("ballot.id", ondelete="CASCADE"))
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seq: Mapped[int]


declare("minutes_version", "written_by_id", "what the person wrote in the minutes of a club's meetings")
declare("noted_decision", "written_by_id", "a line that the person wrote and the club keeps as decided")

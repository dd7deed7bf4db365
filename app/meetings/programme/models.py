"""The points of a meeting, and the things that somebody brings to it."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.privacy import declare

MAX_POINT = 120
MAX_THING = 80
LONGEST_POINT = 240


class AgendaPoint(Base):
    """One line of what a meeting is about. place: its order, with holes. minutes: how long, if somebody said so."""

    __tablename__ = "agenda_point"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 1 AND 240", name="minutes"),
        Index(None, "meeting_id", "place"),
        Index(None, "club_id"),
        Index(None, "added_by_id"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    club_id: Mapped[str] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"))
    place: Mapped[int]
    text: Mapped[str] = mapped_column(String(MAX_POINT))
    minutes: Mapped[int | None]
    added_by_id: Mapped[str | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))
    seq: Mapped[int]


class Thing(Base):
    """Something to bring to a meeting. taker_id: who brings it; empty as long as nobody does."""

    __tablename__ = "thing"
    __table_args__ = (
        Index(None, "meeting_id", "seq"),
        Index(None, "club_id"),
        Index(None, "asked_by_id"),
        Index(None, "taker_id"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    club_id: Mapped[str] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(String(MAX_THING))
    asked_by_id: Mapped[str | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))
    taker_id: Mapped[str | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))
    seq: Mapped[int]


declare("agenda_point", "added_by_id", "the points that the person added to meetings")
declare("thing", "asked_by_id", "the things that the person asked for, for a meeting")
declare("thing", "taker_id", "what the person brings to a meeting")

"""What a club's leads asked of the team: a series of meetings, its dates held until the answer."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.db import Base, UtcDateTime
from app.core.privacy import declare

OUTCOMES = ("granted", "refused", "withdrawn", "lapsed")


class SessionRequest(Base):
    """A session that is asked for. dates: the start and the end of each, in order · until: when its holds lapse.

    outcome: empty while it waits; a club has one that waits at a time · reason: why not, in the team's words · lost:
    the starts of the dates that cannot be had any more: their evening does not open, or they were not free when it was
    granted.
    """

    __tablename__ = "session_request"
    __table_args__ = (
        CheckConstraint(f"outcome IN {OUTCOMES}", name="outcome"),
        CheckConstraint("size IN (1, 5, 10, 20)", name="size"),
        Index(
            "ix_session_request_waiting",
            "club_id",
            unique=True,
            sqlite_where=text("outcome IS NULL"),
            postgresql_where=text("outcome IS NULL"),
        ),
        Index(None, "club_id", "asked_at"),
        Index(None, "room_id"),
        Index(None, "asked_by_id"),
        Index(None, "session_id"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    club_id: Mapped[str] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"))
    room_id: Mapped[str] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
    dates: Mapped[list[list[str]]] = mapped_column(JSON)
    asked_by_id: Mapped[str | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(String(10))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(500), default="")
    lost: Mapped[list[str]] = mapped_column(JSON, default=list)
    session_id: Mapped[str | None] = mapped_column(ForeignKey("meeting_session.id", ondelete="SET NULL"))

    @property
    def waits(self) -> bool:
        """Does it wait for an answer? One that has lapsed does not, before anything says so."""
        return self.outcome is None and self.until > now()


declare("session_request", "asked_by_id", "the sessions that the person asked for a club")

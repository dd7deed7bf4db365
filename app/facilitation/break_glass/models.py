"""One reading of a club in an emergency: who asked, who said yes, why, until when, and from when the club knows."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime
from app.core.privacy import declare
from app.core.retention import stays

MAX_REASON = 300
MOST_HOURS = 24
MOST_DAYS = 30
OPEN = text("ended_at IS NULL")


class BreakGlass(Base):
    """Asked, then begun by a second person, then over. The database refuses one person alone, more than 24 hours, a
    notice that comes after 30 days or later without a ground; once begun, no row can go and none of this can change
    (triggers, see the migration): whoever ends it early does not take the notice away.

    ground, later_ground: a key of ``words`` (later_ground empty: the club knows at once) · notice_days: how many days
    later · told_at: when the club's log and journal said so · read_at: when the club was first opened.
    """

    __tablename__ = "break_glass"
    __table_args__ = (
        CheckConstraint("confirmed_by_id <> asked_by_id", name="two_people"),
        CheckConstraint("ground IN ('danger', 'crime', 'law')", name="ground"),
        CheckConstraint("length(trim(reason)) > 0", name="reason"),
        CheckConstraint("hours BETWEEN 1 AND 24", name="hours"),
        CheckConstraint("later_ground IN ('', 'lead', 'law')", name="later_ground"),
        CheckConstraint("notice_days BETWEEN 0 AND 30 AND (notice_days = 0) = (later_ground = '')", name="notice_days"),
        CheckConstraint(
            "(began_at IS NULL) = (until IS NULL) AND (began_at IS NULL) = (notice_at IS NULL) "
            "AND until > began_at AND notice_at >= began_at AND (began_at IS NOT NULL OR confirmed_by_id IS NULL)",
            name="begun",
        ),
        Index("uq_break_glass_open", "club_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index(None, "club_id", "notice_at"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    club_id: Mapped[str] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"))
    asked_by_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    confirmed_by_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    ground: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(MAX_REASON))
    hours: Mapped[int]
    later_ground: Mapped[str] = mapped_column(String(12), default="")
    notice_days: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    began_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    notice_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def ends(self) -> datetime | None:
        """When it is or was over: at the hour that was set, or before."""
        return min(self.until, self.ended_at) if self.until and self.ended_at else self.until


declare("break_glass", "asked_by_id", "the clubs that one of the team read in an emergency")
declare("break_glass", "confirmed_by_id", "the readings in an emergency that one of the team said yes to")
stays("break_glass", "the club must be able to read it whatever anybody wants: triggers refuse that it goes")

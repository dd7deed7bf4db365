"""What there is to do in a club."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime
from app.core.privacy import declare

MAX_TASK = 200


class Task(Base):
    """One thing to do. holder_id: who does it, or is asked to: then taken_at is empty until they say yes.

    seq: the row of the log that made it, from which a newcomer may read it or not. moved_at: when it was last made,
    taken, given back, done or undone.
    """

    __tablename__ = "task"
    __table_args__ = (Index(None, "club_id", "done_at"), Index(None, "made_by_id"), Index(None, "holder_id"))

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    club_id: Mapped[str] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(String(MAX_TASK))
    due: Mapped[date | None]
    made_by_id: Mapped[str | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))
    holder_id: Mapped[str | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seq: Mapped[int]


declare("task", "made_by_id", "what the person asked for in a club")
declare("task", "holder_id", "what the person does for a club, or is asked to do")

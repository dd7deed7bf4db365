"""What a club says of its session, its goals, and who takes part in it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime
from app.core.privacy import declare

MOST_GOALS, MOST_PLACES = 5, 200
REVIEW = ("reached", "ahead")
MAX_REVIEW = 1000


class SessionPath(Base):
    """One for a session of which something is said. places: as many take part; None: all who wish.

    version: which writing of the closing review · rest_until: the club rests until that day, which is not in it.
    """

    __tablename__ = "session_path"
    __table_args__ = (
        CheckConstraint(f"places BETWEEN 2 AND {MOST_PLACES}", name="places"),
        Index(None, "rest_until"),
    )

    session_id: Mapped[str] = mapped_column(ForeignKey("meeting_session.id", ondelete="CASCADE"), primary_key=True)
    places: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=0)
    rest_until: Mapped[date | None] = mapped_column(Date)


class ReviewLine(Base):
    """One line of the closing review of a session: what was ``reached``, or what lies ``ahead``. place: their order.

    by_id: who wrote it; it stays theirs when somebody else saves the whole · seq: the row of the log, from which a
    newcomer may read it or not.
    """

    __tablename__ = "review_line"
    __table_args__ = (
        CheckConstraint(f"kind IN {REVIEW}", name="kind"),
        Index(None, "session_id", "place"),
        Index(None, "by_id"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("meeting_session.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(7))
    place: Mapped[int]
    text: Mapped[str] = mapped_column(String(MAX_REVIEW))
    by_id: Mapped[str | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seq: Mapped[int]


class SessionGoal(Base):
    """One line of what a session is for. number: its place among five; reached: said so at the closing review.

    seq: the row of the log that made it, from which a newcomer may read it or not.
    """

    __tablename__ = "session_goal"
    __table_args__ = (
        CheckConstraint(f"number BETWEEN 1 AND {MOST_GOALS}", name="number"),
        UniqueConstraint("session_id", "number"),
        Index(None, "by_id"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("meeting_session.id", ondelete="CASCADE"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(String(120))
    by_id: Mapped[str | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))
    reached: Mapped[bool] = mapped_column(default=False)
    seq: Mapped[int] = mapped_column(server_default="1")


class SessionSeat(Base):
    """Who takes part in a session. number: the seat; two never have the same, so the last one goes to one person."""

    __tablename__ = "session_seat"
    __table_args__ = (
        CheckConstraint(f"number BETWEEN 1 AND {MOST_PLACES}", name="number"),
        UniqueConstraint("session_id", "number"),
        Index(None, "membership_id"),
    )

    session_id: Mapped[str] = mapped_column(ForeignKey("meeting_session.id", ondelete="CASCADE"), primary_key=True)
    membership_id: Mapped[str] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int]


declare("review_line", "by_id", "the lines that the person wrote in the closing review of a session")
declare("session_goal", "by_id", "the goals that the person wrote for a session")
declare("session_seat", "membership_id", "the sessions that the person takes part in")

"""Invitations, and what the desk asks of a club for somebody. Neither knows who is invited, or who came."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime


class Invitation(Base):
    """A way into one club, found by the keyed hash of its secret. What is taken back is gone.

    kind: ``link``, ``word``, or ``desk`` for a word that the desk hands over · once: for one person, and then the
    database refuses a second use · uses: how often it was used, never by whom · made_on: the day alone.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("kind IN ('link', 'word', 'desk')", name="kind"),
        CheckConstraint("uses <= 1 OR NOT once", name="used_once"),
        Index(None, "club_id"),
        Index(None, "made_by_id"),
        Index(None, "until"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    club_id: Mapped[str] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"))
    made_by_id: Mapped[str] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(4))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    once: Mapped[bool]
    uses: Mapped[int] = mapped_column(default=0)
    made_on: Mapped[date] = mapped_column(Date)
    until: Mapped[datetime] = mapped_column(UtcDateTime)


class InvitationRequest(Base):
    """The desk asks the leads of a club for a word, for somebody. It goes when the desk has told them.

    answer: empty while nobody has answered, then ``yes`` or ``no`` · word_sealed: the word, until it is handed over.
    """

    __tablename__ = "invitation_request"
    __table_args__ = (
        CheckConstraint("answer IN ('yes', 'no')", name="answer"),
        CheckConstraint("(answer = 'yes') = (word_sealed IS NOT NULL)", name="word"),
        Index(None, "club_id"),
        Index(None, "until"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    club_id: Mapped[str] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"))
    invitation_id: Mapped[str | None] = mapped_column(ForeignKey("invitation.id", ondelete="SET NULL"), index=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str | None] = mapped_column(String(3))
    word_sealed: Mapped[str | None] = mapped_column(String(200))

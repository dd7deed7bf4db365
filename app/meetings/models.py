"""Who comes to a meeting. The meeting itself is the claim of a slot."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime
from app.core.privacy import declare

ANSWERS = ("yes", "no")


class Rsvp(Base):
    """A member's answer to a meeting: one row, changed as often as they wish."""

    __tablename__ = "rsvp"
    __table_args__ = (CheckConstraint("answer IN ('yes', 'no')", name="answer"), Index(None, "membership_id"))

    claim_id: Mapped[str] = mapped_column(ForeignKey("claim.id", ondelete="CASCADE"), primary_key=True)
    membership_id: Mapped[str] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), primary_key=True)
    answer: Mapped[str] = mapped_column(String(3))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


declare("rsvp", "membership_id", "the meetings of a club that the person comes to")

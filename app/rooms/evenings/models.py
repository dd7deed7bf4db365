"""Evenings with a condition, and who is known to the team for an evening of a club."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime
from app.core.privacy import declare


class EveningRule(Base):
    """An evening of a house, by the house's date, that opens only if so many clubs have booked when it is decided.

    opens: what was decided, empty until then.
    """

    __tablename__ = "evening_rule"
    __table_args__ = (
        UniqueConstraint("house_id", "day"),
        CheckConstraint("clubs >= 2", name="clubs"),
        CheckConstraint("(decided_at IS NULL) = (opens IS NULL)", name="decided"),
        Index(None, "decides_at"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    house_id: Mapped[str] = mapped_column(ForeignKey("house.id", ondelete="CASCADE"))
    day: Mapped[date]
    clubs: Mapped[int]
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decides_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opens: Mapped[bool | None]


class KeyHolder(Base):
    """A person who agreed to be known to the team for one evening of a club, under a name of their choosing.

    It need not be the name that they have in the club; the team alone reads it.
    """

    __tablename__ = "key_holder"
    __table_args__ = (Index(None, "said_by_id"),)

    claim_id: Mapped[str] = mapped_column(ForeignKey("claim.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    said_by_id: Mapped[str] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"))


declare("key_holder", "said_by_id", "who is known to the team for an evening, as the person said it for a club")

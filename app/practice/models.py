"""Who listens, who rehearses with whom, and who would rather not meet whom again. No club stands in any of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime

STANDS = text("cancelled_at IS NULL")


class PracticeOffer(Base):
    """Somebody listens for a span of today or tomorrow, under a name chosen for it alone; ``adviser``: of the team.

    in_house, by_phone: the ways they offer. withdrawn_at: they listen no more.
    """

    __tablename__ = "practice_offer"
    __table_args__ = (
        CheckConstraint("kind IN ('peer', 'adviser')", name="kind"),
        CheckConstraint("starts_at < ends_at", name="span"),
        CheckConstraint("in_house OR by_phone", name="way"),
        Index(None, "account_id"),
        Index(None, "ends_at"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    house_id: Mapped[str] = mapped_column(ForeignKey("house.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(8))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    in_house: Mapped[bool]
    by_phone: Mapped[bool]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Rehearsal(Base):
    """Fifteen minutes of an offer that somebody took: two names chosen for it, nothing else of either.

    Each of the two has one rehearsal at a time, as the database sees to. phone_sealed: the number at which who asked is
    called; gone at its end. cancelled_by: which of the two, ``asker`` or ``listener``.
    """

    __tablename__ = "rehearsal"
    __table_args__ = (
        CheckConstraint("way IN ('house', 'phone')", name="way"),
        CheckConstraint("cancelled_by IN ('asker', 'listener')", name="cancelled_by"),
        CheckConstraint("asker_id <> listener_id", name="two"),
        Index(
            "uq_rehearsal_listener", "listener_id", "starts_at", unique=True, sqlite_where=STANDS,
            postgresql_where=STANDS,
        ),
        Index("uq_rehearsal_asker", "asker_id", "starts_at", unique=True, sqlite_where=STANDS, postgresql_where=STANDS),
        Index(None, "ends_at"),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    offer_id: Mapped[str] = mapped_column(ForeignKey("practice_offer.id", ondelete="CASCADE"), index=True)
    listener_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    asker_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    asker_name: Mapped[str] = mapped_column(String(40))
    trade: Mapped[str] = mapped_column(String(20), default="")
    way: Mapped[str] = mapped_column(String(5))
    phone_sealed: Mapped[str | None] = mapped_column(String(200))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_by: Mapped[str | None] = mapped_column(String(8))


class PracticeRefusal(Base):
    """Somebody would rather not rehearse with somebody again: neither sees the other's times. Nobody is told."""

    __tablename__ = "practice_refusal"

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True)

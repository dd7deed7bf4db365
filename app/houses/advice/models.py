"""Hours of advice, and the places that people hold in them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime
from app.core.privacy import declare


class AdviceHour(Base):
    """One moment of a partner: for one person, or a workshop for several.

    way: ``here``, ``phone`` or ``online`` · room: where, in words · title: of a workshop, empty for a talk between two.
    freed_at: since when a place is free again that nobody took and who gives the advice has not been told of.
    """

    __tablename__ = "advice_hour"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        CheckConstraint("places BETWEEN 1 AND 30", name="places"),
        CheckConstraint("way IN ('here', 'phone', 'online')", name="way"),
        Index(
            "ix_advice_hour_once",
            "partner_id",
            "starts_at",
            "room",
            unique=True,
            sqlite_where=text("cancelled_at IS NULL"),
            postgresql_where=text("cancelled_at IS NULL"),
        ),
        Index(None, "ends_at"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    partner_id: Mapped[str] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    places: Mapped[int] = mapped_column(default=1)
    way: Mapped[str] = mapped_column(String(6))
    room: Mapped[str] = mapped_column(String(80), default="")
    language: Mapped[str] = mapped_column(String(2))
    title: Mapped[str] = mapped_column(String(80), default="")
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    freed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Booking(Base):
    """Somebody's place in an hour; it goes when they cancel, and thirty days after the hour.

    place: from 1 to the hour's places; two never hold the same. name: of their choosing, for this hour; empty on a
    slip. slip: the number on the paper of who has no account. over: the hour is past or cancelled; a person has one
    place of a partner that is not over, and who books the next one writes that down.
    """

    __tablename__ = "advice_booking"
    __table_args__ = (
        UniqueConstraint("hour_id", "place"),
        CheckConstraint("(account_id IS NULL) = (slip IS NOT NULL)", name="one_way"),
        Index(None, "account_id"),
        Index(
            "ix_advice_booking_one_open",
            "partner_id",
            "account_id",
            unique=True,
            sqlite_where=text("NOT over"),
            postgresql_where=text("NOT over"),
        ),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    hour_id: Mapped[str] = mapped_column(ForeignKey("advice_hour.id", ondelete="CASCADE"))
    partner_id: Mapped[str] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"))
    place: Mapped[int]
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(40), default="")
    slip: Mapped[str | None] = mapped_column(String(8), unique=True)
    over: Mapped[bool] = mapped_column(default=False)


declare("advice_booking", "account_id", "an hour of advice, under a name chosen for it; the adviser reads that name")

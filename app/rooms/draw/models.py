"""Draws of scarce slots, the wishes of clubs in them, and clubs that came out of another."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime

OUTCOMES = ("won", "shared", "lost", "full", "void")


class Draw(Base):
    """The scarce slots of one week of a house. week: its Monday, on the house's calendar.

    seed_sealed: the seed before the draw, which nobody reads · record: the published file, once it is drawn.
    """

    __tablename__ = "draw"
    __table_args__ = (UniqueConstraint("house_id", "week"), Index(None, "closes_at"))

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    house_id: Mapped[str] = mapped_column(ForeignKey("house.id", ondelete="CASCADE"))
    week: Mapped[date]
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seed_sealed: Mapped[str] = mapped_column(String(400))
    seed_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    drawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    record: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class DrawBid(Base):
    """What a club wishes in a draw: ids of slots, best first. No person stands in it.

    label: stands for the club in the published file, in this draw alone · on_paper: typed by the team · outcome: of
    the draw · claim_id: what it won.
    """

    __tablename__ = "draw_bid"
    __table_args__ = (
        UniqueConstraint("draw_id", "label"),
        CheckConstraint(f"outcome IN {OUTCOMES}", name="outcome"),
        Index(None, "club_id"),
        Index(None, "claim_id"),
    )

    draw_id: Mapped[str] = mapped_column(ForeignKey("draw.id", ondelete="CASCADE"), primary_key=True)
    club_id: Mapped[str] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"), primary_key=True)
    label: Mapped[str] = mapped_column(String(12))
    wishes: Mapped[list[str]] = mapped_column(JSON)
    on_paper: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(String(6))
    claim_id: Mapped[str | None] = mapped_column(ForeignKey("claim.id", ondelete="SET NULL"))


class ClubSplit(Base):
    """A club came out of another: until a moment both bid as one. agreed_at: when both had said so to the team."""

    __tablename__ = "club_split"
    __table_args__ = (CheckConstraint("club_id <> from_id", name="two"), Index(None, "from_id"), Index(None, "until"))

    club_id: Mapped[str] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"), primary_key=True)
    from_id: Mapped[str] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"))
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)


class SplitWord(Base):
    """A word that a lead gave to who leads the other half: who types it says that both clubs are one in the draw."""

    __tablename__ = "split_word"
    __table_args__ = (Index(None, "until"),)

    club_id: Mapped[str] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"), primary_key=True)
    word_hash: Mapped[str] = mapped_column(String(64), unique=True)
    until: Mapped[datetime] = mapped_column(UtcDateTime)

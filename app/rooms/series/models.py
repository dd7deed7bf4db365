"""Several claims made in one go, what became of a claim, and the exchanges that clubs propose to each other."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime
from app.core.privacy import declare

ACTS = ("made", "moved", "released", "changed", "cut", "swapped")
OUTCOMES = ("accepted", "refused", "withdrawn", "lapsed")


class ClaimSeries(Base):
    """Claims that a lead made in one go. rule: as it was said, an RRULE or dates with commas.

    answer: what was said of each date when it was made: ids, moments and codes, no words · continues_id: the series
    from which this one was cut off.
    """

    __tablename__ = "claim_series"
    __table_args__ = (Index(None, "club_id"), Index(None, "continues_id"))

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    club_id: Mapped[str] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"))
    continues_id: Mapped[str | None] = mapped_column(ForeignKey("claim_series.id", ondelete="SET NULL"))
    rule: Mapped[str] = mapped_column(String(400))
    answer: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ClaimEvent(Base):
    """One thing that happened to a claim: on which day, by which lead (empty: the house), from where, to where.

    at_desk: the team did it, because the club asked · series_id: the series that was cut there.
    """

    __tablename__ = "claim_event"
    __table_args__ = (
        CheckConstraint(f"act IN {ACTS}", name="act"),
        Index(None, "claim_id"),
        Index(None, "series_id"),
        Index(None, "by_id"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    claim_id: Mapped[str] = mapped_column(ForeignKey("claim.id", ondelete="CASCADE"))
    series_id: Mapped[str | None] = mapped_column(ForeignKey("claim_series.id", ondelete="SET NULL"))
    act: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[str | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))
    at_desk: Mapped[bool] = mapped_column(default=False)
    from_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    from_room_id: Mapped[str | None] = mapped_column(ForeignKey("room.id"))
    to_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    to_room_id: Mapped[str | None] = mapped_column(ForeignKey("room.id"))


class ClaimSwap(Base):
    """A club proposes to exchange its claim (ours) for another club's (theirs); who asked is not kept.

    ours_slot, theirs_slot: where both stood when it was proposed · until: when it lapses · outcome: empty while it
    waits. A claim is offered once at a time.
    """

    __tablename__ = "claim_swap"
    __table_args__ = (
        CheckConstraint("ours_id <> theirs_id", name="two"),
        CheckConstraint(f"outcome IN {OUTCOMES}", name="outcome"),
        Index(
            "ix_claim_swap_waiting",
            "ours_id",
            unique=True,
            sqlite_where=text("outcome IS NULL"),
            postgresql_where=text("outcome IS NULL"),
        ),
        Index(None, "ours_id"),
        Index(None, "theirs_id"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    ours_id: Mapped[str] = mapped_column(ForeignKey("claim.id", ondelete="CASCADE"))
    theirs_id: Mapped[str] = mapped_column(ForeignKey("claim.id", ondelete="CASCADE"))
    ours_slot: Mapped[str] = mapped_column(String(26))
    theirs_slot: Mapped[str] = mapped_column(String(26))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(String(10))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


declare("claim_event", "by_id", "the bookings that the person made, moved or gave back for a club")

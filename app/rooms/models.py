"""Rooms, the weekly pattern that lists their slots, closures, claims, and the one table of occupied spans."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime
from app.core.privacy import declare

SIZES = (1, 5, 10, 20)


class Room(Base):
    """A bookable place in a house. ``number`` stands for it inside slot ids and gives the order of rooms."""

    __tablename__ = "room"
    __table_args__ = (
        UniqueConstraint("house_id", "slug"),
        CheckConstraint("capacity > 0", name="capacity"),
        CheckConstraint("buffer_minutes >= 0", name="buffer"),
        {"sqlite_autoincrement": True},
    )
    # SQLite counts only in the primary key; the rest of the code knows a room by its id.
    __mapper_args__ = {"primary_key": ["id"]}

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(26), unique=True)
    house_id: Mapped[str] = mapped_column(ForeignKey("house.id"))
    slug: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(60))
    floor: Mapped[str] = mapped_column(String(60), default="")
    capacity: Mapped[int]
    buffer_minutes: Mapped[int] = mapped_column(default=15)
    step_free: Mapped[bool] = mapped_column(default=False)


class OpeningWindow(Base):
    """One slot of a room's week: weekday (0 = Monday), local times ``HH:MM``, between two dates or for ever."""

    __tablename__ = "opening_window"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("starts < ends", name="order"),
        Index(None, "room_id"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    weekday: Mapped[int]
    starts: Mapped[str] = mapped_column(String(5))
    ends: Mapped[str] = mapped_column(String(5))
    scarce: Mapped[bool] = mapped_column(default=False)
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]


class Closure(Base):
    """A span when a room, or the whole house (``room_id`` empty), is shut. ``reason`` is shown to everyone."""

    __tablename__ = "closure"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="order"), Index(None, "house_id"))

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    house_id: Mapped[str] = mapped_column(ForeignKey("house.id", ondelete="CASCADE"))
    room_id: Mapped[str | None] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(80), default="")


class MeetingSession(Base):
    """A declared series of a club's meetings; in the quota it counts as one."""

    __tablename__ = "meeting_session"
    __table_args__ = (Index(None, "club_id"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    club_id: Mapped[str] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Claim(Base):
    """A club's hold on a slot. It lives until it is released; its times are those shown, without the buffer.

    size: the lower bound of the band of people expected.
    """

    __tablename__ = "claim"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        CheckConstraint("size IN (1, 5, 10, 20)", name="size"),
        Index(None, "club_id", "ends_at"),
        Index(None, "room_id", "starts_at"),
        Index(None, "session_id"),
        Index(None, "ends_at"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    club_id: Mapped[str] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"))
    room_id: Mapped[str] = mapped_column(ForeignKey("room.id"))
    session_id: Mapped[str | None] = mapped_column(ForeignKey("meeting_session.id", ondelete="SET NULL"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    title: Mapped[str] = mapped_column(String(80))
    public: Mapped[bool] = mapped_column(default=False)
    size: Mapped[int] = mapped_column(default=1)
    door_word: Mapped[str] = mapped_column(String(30))
    made_by_id: Mapped[str | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ClaimRequest(Base):
    """What a program asked under an ``Idempotency-Key`` (both kept as hashes), and the claim that it was given."""

    __tablename__ = "claim_request"

    membership_id: Mapped[str] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    claim_id: Mapped[str] = mapped_column(ForeignKey("claim.id", ondelete="CASCADE"))


class Span(Base):
    """A stretch of a room that is not free, buffer included: a claim's or a closure's.

    The database refuses two that overlap in one room: an exclusion constraint (PostgreSQL), triggers (SQLite); see the
    migration. Releasing deletes the span.
    """

    __tablename__ = "span"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        CheckConstraint("(claim_id IS NULL) <> (closure_id IS NULL)", name="subject"),
        Index(None, "room_id", "starts_at"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    claim_id: Mapped[str | None] = mapped_column(ForeignKey("claim.id", ondelete="CASCADE"), unique=True)
    closure_id: Mapped[str | None] = mapped_column(ForeignKey("closure.id", ondelete="CASCADE"), index=True)


declare("claim", "made_by_id", "the meetings that the person booked for a club")
declare("claim_request", "membership_id", "what the person's program asked for a club")

"""Rooms, the weekly pattern that lists their slots, closures, claims, and the one table of occupied spans."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, event, inspect, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.db import Base, UtcDateTime
from app.core.privacy import declare

SIZES = (1, 5, 10, 20)


class Room(Base):
    """A bookable place in a house. ``number`` stands for it inside slot ids and gives the order of rooms.

    closed_at: when it was closed for good; its past claims still refer to it.
    """

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
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


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

    @property
    def dated(self) -> bool:
        """An extra opening of one day."""
        return self.valid_from is not None and self.valid_from == self.valid_until


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
    """A declared series of a club's meetings; in the quota it counts as one.

    ended_at: empty while it runs; a club has one that runs at a time. It is over when none of its claims is ahead: who
    asks for the next one writes that down.
    """

    __tablename__ = "meeting_session"
    __table_args__ = (
        Index(None, "club_id"),
        Index(
            "ix_meeting_session_running",
            "club_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    club_id: Mapped[str] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Claim(Base):
    """A club's hold on a slot. It lives until it is released; its times are those shown, without the buffer.

    title_by_id: whose words the title is: who booked, unless somebody else had written it · size: the lower bound of
    the band of people expected · checked_in_at: when somebody said at the door that they are there · unused_at: when it
    was given back because nobody had · watched_since, watched_at: since when, and when last, a door or a kiosk worked
    where they could say so · revision, changed_at: how often its time, its room or its word changed or it was given
    back (see below), and when that was last · scarce: its slot was marked so when it was taken.
    """

    __tablename__ = "claim"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        CheckConstraint("size IN (1, 5, 10, 20)", name="size"),
        Index(None, "club_id", "ends_at"),
        Index(None, "room_id", "starts_at"),
        Index(None, "session_id"),
        Index(None, "series_id"),
        Index(None, "ends_at"),
        Index(None, "title_by_id"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    club_id: Mapped[str] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"))
    room_id: Mapped[str] = mapped_column(ForeignKey("room.id"))
    session_id: Mapped[str | None] = mapped_column(ForeignKey("meeting_session.id", ondelete="SET NULL"))
    series_id: Mapped[str | None] = mapped_column(ForeignKey("claim_series.id"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    title: Mapped[str] = mapped_column(String(80))
    title_by_id: Mapped[str | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))
    public: Mapped[bool] = mapped_column(default=False)
    size: Mapped[int] = mapped_column(default=1)
    door_word: Mapped[str] = mapped_column(String(30))
    made_by_id: Mapped[str | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    checked_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    unused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    watched_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    watched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revision: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    scarce: Mapped[bool] = mapped_column(default=False)


# What a calendar must be told again.
TOLD_AGAIN = ("room_id", "starts_at", "ends_at", "door_word", "released_at")


@event.listens_for(Claim, "before_update")
def count_changes(_mapper: object, _connection: object, claim: Claim) -> None:
    """Whoever moves a claim, gives it back or takes it again: the calendars that know it hear of it."""
    told = [inspect(claim).attrs[name].history for name in TOLD_AGAIN]
    # A word is drawn for a claim that is there already: the first one is no change.
    if any(each.has_changes() and list(each.deleted or ()) != [""] for each in told):
        claim.revision, claim.changed_at = (claim.revision or 0) + 1, now()


class Hold(Base):
    """A slot kept for a club until a moment, while it makes up its mind; its times are those shown.

    kind: ``form`` while a lead fills the page of a claim · ``offer`` from the waiting list · ``series`` until the team
    has granted a session · ``poll`` until a club has voted on dates: three of a club at a time, each in a ``place`` of
    its own. One that has lapsed is free for everyone, before anything deletes it.
    """

    __tablename__ = "hold"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        CheckConstraint("kind IN ('form', 'offer', 'series', 'poll')", name="kind"),
        CheckConstraint("(kind = 'poll') = (place IS NOT NULL) AND COALESCE(place, 1) BETWEEN 1 AND 3", name="place"),
        UniqueConstraint("club_id", "place"),
        Index(None, "room_id", "starts_at"),
        Index(None, "club_id"),
        Index(None, "until"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    club_id: Mapped[str] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"))
    room_id: Mapped[str] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(8))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[str | None] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    place: Mapped[int | None]


class ClaimRequest(Base):
    """What a program asked under an ``Idempotency-Key`` (both kept as hashes), and the claim that it was given."""

    __tablename__ = "claim_request"

    membership_id: Mapped[str] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    claim_id: Mapped[str] = mapped_column(ForeignKey("claim.id", ondelete="CASCADE"))


class Span(Base):
    """A stretch of a room that is not free, buffer included: a claim's, a hold's or a closure's.

    The database refuses two that overlap in one room: an exclusion constraint (PostgreSQL), triggers (SQLite); see the
    migration. Releasing deletes the span.
    """

    __tablename__ = "span"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        CheckConstraint(
            "CASE WHEN claim_id IS NULL THEN 0 ELSE 1 END + CASE WHEN closure_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN hold_id IS NULL THEN 0 ELSE 1 END = 1",
            name="subject",
        ),
        Index(None, "room_id", "starts_at"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    claim_id: Mapped[str | None] = mapped_column(ForeignKey("claim.id", ondelete="CASCADE"), unique=True)
    closure_id: Mapped[str | None] = mapped_column(ForeignKey("closure.id", ondelete="CASCADE"), index=True)
    hold_id: Mapped[str | None] = mapped_column(ForeignKey("hold.id", ondelete="CASCADE"), unique=True)


declare("claim", "made_by_id", "the meetings that the person booked for a club")
declare("claim", "title_by_id", "how the person called the meetings of a club")
declare("claim_request", "membership_id", "what the person's program asked for a club")
declare("hold", "made_by_id", "the slots that are kept while the person books for a club")

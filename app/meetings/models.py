"""Meetings, in a claimed room or elsewhere, and who comes."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    event,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime
from app.core.privacy import declare
from app.rooms.models import Claim, Room

# What one taps; ``plus`` is a yes with a guest, ``waiting`` a yes when a place is free.
TAPS = ("yes", "plus", "maybe", "no", "waiting")


class Meeting(Base):
    """What members come to. In a room it bears the id of its claim, which says title and times; else it says them.

    house_id: whose clock it goes by · area, area_by_id: where it is outside the rooms, in words for the whole club, and
    whose words · online: also there, or only · seats: for how many, outside a room; empty: as many as wish ·
    made_by_id, made_at: of one that has no claim, and whose words its title is · revision, changed_at: how often, and
    when last, calendars were to be told again · moved_to, moved_by_id: where it stands on its day instead, in words,
    and whose; empty at its end.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        CheckConstraint(
            "CASE WHEN claim_id IS NULL THEN title IS NOT NULL AND starts_at IS NOT NULL AND ends_at IS NOT NULL"
            " AND made_at IS NOT NULL"
            " ELSE title IS NULL AND starts_at IS NULL AND ends_at IS NULL AND cancelled_at IS NULL END",
            name="claimed",
        ),
        CheckConstraint("starts_at < ends_at", name="order"),
        CheckConstraint("seats > 0", name="seats"),
        Index(None, "club_id"),
        Index(None, "ends_at"),
        Index(None, "made_by_id"),
        Index(None, "area_by_id"),
        Index(None, "moved_by_id"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    club_id: Mapped[str] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"))
    claim_id: Mapped[str | None] = mapped_column(ForeignKey("claim.id", ondelete="CASCADE"), unique=True)
    house_id: Mapped[str] = mapped_column(ForeignKey("house.id"))
    title: Mapped[str | None] = mapped_column(String(80))
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seats: Mapped[int | None]
    area: Mapped[str] = mapped_column(String(80), default="")
    area_by_id: Mapped[str | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))
    online: Mapped[bool] = mapped_column(default=False)
    made_by_id: Mapped[str | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revision: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    moved_to: Mapped[str] = mapped_column(String(80), default="")
    moved_by_id: Mapped[str | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))


@event.listens_for(Claim, "after_insert")
def meet_there(_mapper: object, connection: Connection, claim: Claim) -> None:
    """Whoever makes a claim, by whatever door: it is a meeting, in the same transaction."""
    house = select(Room.house_id).where(Room.id == claim.room_id).scalar_subquery()
    row = {"id": claim.id, "club_id": claim.club_id, "claim_id": claim.id, "house_id": house}
    connection.execute(insert(Meeting).values(**row, revision=0, area="", online=False, moved_to=""))


@event.listens_for(Claim, "after_update")
def go_along(_mapper: object, connection: Connection, claim: Claim) -> None:
    """A meeting that moves goes by the clock of the house where it stands now."""
    if inspect(claim).attrs.room_id.history.has_changes():
        house = select(Room.house_id).where(Room.id == claim.room_id).scalar_subquery()
        connection.execute(update(Meeting).where(Meeting.claim_id == claim.id).values(house_id=house))


class Rsvp(Base):
    """A member's answer to a meeting: one row, changed as often as they wish.

    answer: ``waiting`` when there was no place · guests: who comes along, one at most, on a place too · at: since when,
    and so in which order one waits · held_until: until when a place is kept for who waits · reminded_at: of a mail.
    """

    __tablename__ = "rsvp"
    __table_args__ = (
        CheckConstraint("answer IN ('yes', 'no', 'maybe', 'waiting')", name="answer"),
        CheckConstraint("guests IN (0, 1)", name="guests"),
        CheckConstraint("held_until IS NULL OR answer = 'waiting'", name="held"),
        Index(None, "membership_id"),
        Index(None, "held_until"),
    )

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True)
    membership_id: Mapped[str] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), primary_key=True)
    answer: Mapped[str] = mapped_column(String(7))
    guests: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    held_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


declare("meeting", "made_by_id", "the meetings outside the rooms that the person planned for a club")
declare("meeting", "area_by_id", "where meetings outside the rooms are, as the person said it to a club")
declare("meeting", "moved_by_id", "where a meeting stands on its day instead, as the person said it to a club")
declare("rsvp", "membership_id", "the meetings of a club that the person comes to")

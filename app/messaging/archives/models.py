"""That a club's archive is asked for, and who keeps their messages out of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime
from app.core.privacy import declare


class ClubArchive(Base):
    """One for each club at a time. told_at: when every member was told; from opens_at, 7 days later, leads may fetch
    it, until ``until``. A discreet club's is told only once a second lead confirms. What is over is deleted.
    """

    __tablename__ = "club_archive"
    __table_args__ = (
        CheckConstraint("confirmed_by_id <> asked_by_id", name="two_leads"),
        CheckConstraint("(told_at IS NULL) = (opens_at IS NULL) AND (told_at IS NULL) = (until IS NULL)", name="told"),
        Index(None, "asked_by_id"),
        Index(None, "confirmed_by_id"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    club_id: Mapped[str] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"), unique=True)
    asked_by_id: Mapped[str | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by_id: Mapped[str | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ArchiveRefusal(Base):
    """A member keeps what they wrote out of one archive."""

    __tablename__ = "archive_refusal"
    __table_args__ = (Index(None, "membership_id"),)

    archive_id: Mapped[str] = mapped_column(ForeignKey("club_archive.id", ondelete="CASCADE"), primary_key=True)
    membership_id: Mapped[str] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


declare("club_archive", "asked_by_id", "that the person asked for a club's archive, as a lead")
declare("club_archive", "confirmed_by_id", "that the person confirmed a club's archive, as a lead")
declare("archive_refusal", "membership_id", "that the person keeps their messages out of a club's archive")

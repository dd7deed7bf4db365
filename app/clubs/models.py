"""Clubs, memberships, and the numbered log of each club."""

from datetime import datetime, timedelta

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.db import Base, UtcDateTime
from app.core.privacy import declare

DOORS = ("open", "on_request", "discreet")
TILES = ("leaves", "ring", "star", "sun", "bridge", "wheel", "waves", "sprout")
HUES = ("pine", "sage", "plum", "clay", "night", "ochre", "sky", "rose")
FORMER_NAME_SHOWN = timedelta(days=7)
STILL_IN = text("ended_at IS NULL")


class Club(Base):
    """A self-organising club. ``seq`` is the head of its log, moved only by a locked update in a transaction.

    history: ``all`` or ``joining``: what a newcomer may read.
    """

    __tablename__ = "club"
    __table_args__ = (
        CheckConstraint("door IN ('open', 'on_request', 'discreet')", name="door"),
        CheckConstraint("history IN ('all', 'joining')", name="history"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    house_id: Mapped[str] = mapped_column(ForeignKey("house.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    plant: Mapped[str] = mapped_column(String(40), unique=True)
    sentence: Mapped[str] = mapped_column(String(200), default="")
    about: Mapped[list[str]] = mapped_column(JSON)
    charter: Mapped[list[str]] = mapped_column(JSON)
    door: Mapped[str] = mapped_column(String(12))
    tile: Mapped[str] = mapped_column(String(12))
    hue: Mapped[str] = mapped_column(String(12))
    languages: Mapped[list[str]] = mapped_column(JSON)
    format: Mapped[str] = mapped_column(String(10), default="here")
    history: Mapped[str] = mapped_column(String(10), default="all")
    seq: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def listed(self) -> bool:
        return self.door != "discreet"


class Membership(Base):
    """A person in a club, under the name chosen for that club.

    Asked (``began_at`` empty), then begun, then ended. Its id is the author that the club sees, never the account's.
    ``first_seq``: the first row of the log that this member may read. When it ends the name goes.
    """

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint("role IN ('member', 'lead')", name="role"),
        Index(
            "uq_membership_person",
            "club_id",
            "account_id",
            unique=True,
            sqlite_where=STILL_IN,
            postgresql_where=STILL_IN,
        ),
        Index(
            "uq_membership_name",
            "club_id",
            "name_key",
            unique=True,
            sqlite_where=STILL_IN,
            postgresql_where=STILL_IN,
        ),
        Index(None, "account_id"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    club_id: Mapped[str] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"))
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    name: Mapped[str | None] = mapped_column(String(40))
    name_key: Mapped[str | None] = mapped_column(String(200))
    former_name: Mapped[str | None] = mapped_column(String(40))
    renamed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    role: Mapped[str] = mapped_column(String(8), default="member")
    sentence: Mapped[str | None] = mapped_column(String(300))
    consent_version: Mapped[str] = mapped_column(String(12))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    began_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    first_seq: Mapped[int] = mapped_column(default=1)

    @property
    def active(self) -> bool:
        return self.began_at is not None and self.ended_at is None

    @property
    def leads(self) -> bool:
        return self.active and self.role == "lead"

    @property
    def shown_former_name(self) -> str | None:
        """The name of before, for seven days after a change."""
        if self.renamed_at is None or self.renamed_at <= now() - FORMER_NAME_SHOWN:
            return None
        return self.former_name


class Change(Base):
    """A row of a club's log: ids only, never content or a name, so that erasing is true."""

    __tablename__ = "change"

    club_id: Mapped[str] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[str] = mapped_column(String(26))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


declare("membership", "account_id", "the clubs of the person, the name and role in each, the consent")

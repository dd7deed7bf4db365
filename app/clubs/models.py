"""Clubs, memberships, and the numbered log of each club."""

from datetime import datetime, timedelta

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
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

    history: ``all`` or ``joining``: what a newcomer may read. log_from: the first row of the log that is still kept.
    keep_months: how long its messages live; from keep_next_at on it is keep_next, which is shorter.
    """

    __tablename__ = "club"
    __table_args__ = (
        CheckConstraint("keep_months BETWEEN 1 AND 24", name="keep_months"),
        CheckConstraint("keep_next BETWEEN 1 AND 24", name="keep_next"),
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
    log_from: Mapped[int] = mapped_column(default=1, server_default="1")
    keep_months: Mapped[int] = mapped_column(default=12, server_default="12")
    keep_next: Mapped[int | None]
    keep_next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def listed(self) -> bool:
        return self.door != "discreet"


def shown_former_name(name: str | None, renamed_at: datetime | None) -> str | None:
    """The name of before, for seven days after a change."""
    return None if renamed_at is None or renamed_at <= now() - FORMER_NAME_SHOWN else name


class Membership(Base):
    """A person in a club, under the name chosen for that club.

    Asked (``began_at`` empty), then begun, then ended. Its id is the author that the club sees, never the account's.
    ``first_seq``: the first row of the log that this member may read. When it ends the name goes.
    paused_until: no reading and no writing before. visit_until: set for one of the team alone, invited by a lead:
    when their visit is over at the latest.
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
    paused_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    visit_until: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def active(self) -> bool:
        """May this member read and act now? The same question as ``queries.ACTIVE``."""
        moment = now()
        return (
            self.began_at is not None
            and self.ended_at is None
            and (self.paused_until is None or self.paused_until <= moment)
            and (self.visit_until is None or self.visit_until > moment)
        )

    @property
    def paused(self) -> bool:
        """Is this member kept from reading and acting for now?"""
        return self.paused_until is not None and self.paused_until > now()

    @property
    def leads(self) -> bool:
        return self.active and self.role == "lead"

    @property
    def shown_former_name(self) -> str | None:
        """The name of before, for seven days after a change."""
        return shown_former_name(self.former_name, self.renamed_at)


class Change(Base):
    """A row of a club's log: ids only, never content or a name, so that erasing is true."""

    __tablename__ = "change"

    club_id: Mapped[str] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[str] = mapped_column(String(26))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Pause(Base):
    """What keeps a person out of one club for a time: a pause, or a removal. It outlives the membership.

    person_key: keyed hash of account and club, so that leaving and coming back under another name changes nothing, and
    nobody reads from it who it is. The row goes when its time is over. name_sealed: how a removed member was called, to
    be given back if the removal is taken back; it goes with the time to object.
    """

    __tablename__ = "pause"
    __table_args__ = (
        CheckConstraint("kind IN ('pause', 'removal')", name="kind"),
        Index(None, "club_id", "person_key"),
        Index(None, "until"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    club_id: Mapped[str] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"))
    person_key: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(8))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    name_sealed: Mapped[str | None] = mapped_column(Text)


declare("membership", "account_id", "the clubs of the person, the name and role in each, the consent")

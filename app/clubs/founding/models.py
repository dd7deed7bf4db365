"""Proposals of clubs, who stands behind them, and the names of plants that are held, drawn or never given again."""

from datetime import datetime
from hashlib import sha256
from json import dumps

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime
from app.core.privacy import declare

FOUNDER = 0


class Proposal(Base):
    """A club that somebody proposes: one for each person, a draft until it is sent. It goes once there is a club.

    kit: the starter charter it began from · history: as the club's · plant: the slug chosen among those held · note: a
    word for the team · sent_at: set while it waits for the team · reason: why the team said "not yet" · code: what two
    other people type, found by its hash, sealed to be shown again to the founder.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint("door IN ('open', 'on_request', 'discreet')", name="door"),
        CheckConstraint("history IN ('all', 'joining')", name="history"),
        CheckConstraint(
            "sent_at IS NULL OR (door IS NOT NULL AND plant IS NOT NULL AND tile IS NOT NULL AND hue IS NOT NULL)",
            name="whole",
        ),
        Index(None, "house_id", "sent_at"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), unique=True)
    house_id: Mapped[str] = mapped_column(ForeignKey("house.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    sentence: Mapped[str] = mapped_column(String(200))
    languages: Mapped[list[str]] = mapped_column(JSON)
    format: Mapped[str] = mapped_column(String(10))
    kit: Mapped[str] = mapped_column(String(12), default="")
    door: Mapped[str | None] = mapped_column(String(12))
    history: Mapped[str] = mapped_column(String(10), default="joining")
    charter: Mapped[list[str]] = mapped_column(JSON)
    plant: Mapped[str | None] = mapped_column(String(40))
    tile: Mapped[str | None] = mapped_column(String(12))
    hue: Mapped[str | None] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(String(500), default="")
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    code_sealed: Mapped[str | None] = mapped_column(String(200))
    code_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    touched_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(String(500))

    @property
    def seen(self) -> str:
        """What somebody who says yes has read, as one hash: a yes is to these words, this door, these rules."""
        read = [self.name, self.sentence, self.door, self.history, self.charter]
        return sha256(dumps(read).encode()).hexdigest()


class Backer(Base):
    """Somebody who stands behind a proposal, under the name they will bear in the club: the founder, and two others.

    position: 0 for the founder, then 1 and 2, so that there is no third yes. seen: what they said yes to. account_id:
    empty once the person has left for good, until their yes goes at a moment of its own.
    """

    __tablename__ = "backer"
    __table_args__ = (
        CheckConstraint("position IN (0, 1, 2)", name="position"),
        UniqueConstraint("proposal_id", "position"),
        UniqueConstraint("proposal_id", "account_id"),
        UniqueConstraint("proposal_id", "name_key"),
        Index(None, "account_id"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(40))
    name_key: Mapped[str] = mapped_column(String(200))
    consent_version: Mapped[str] = mapped_column(String(12))
    seen: Mapped[str] = mapped_column(String(64))
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PlantHold(Base):
    """A name drawn for one proposal, or for one club that turns discreet: nobody else is offered it meanwhile."""

    __tablename__ = "plant_hold"
    __table_args__ = (
        CheckConstraint("(proposal_id IS NULL) <> (club_id IS NULL)", name="holder"),
        Index(None, "proposal_id"),
        Index(None, "club_id"),
    )

    slug: Mapped[str] = mapped_column(String(40), primary_key=True)
    plant: Mapped[str] = mapped_column(String(40))
    proposal_id: Mapped[str | None] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    club_id: Mapped[str | None] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"))
    held_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PlantDraw(Base):
    """That names were drawn, and when: nobody draws again and again to find which ones are missing.

    drawer_key: keyed hash of the account or the club, so that a draw outlives a draft and says nothing of whose it was.
    """

    __tablename__ = "plant_draw"
    __table_args__ = (Index(None, "drawer_key", "at"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    drawer_key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class RetiredSlug(Base):
    """The address that a club had before it turned discreet. It is never given again: triggers refuse it."""

    __tablename__ = "retired_slug"

    slug: Mapped[str] = mapped_column(String(40), primary_key=True)


declare("proposal", "account_id", "the club that the person proposes")
declare("backer", "account_id", "the proposals that the person said yes to, and the name chosen for each")

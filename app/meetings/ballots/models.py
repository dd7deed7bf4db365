"""Ballots of a club, what was said with a name, and the two tables of those without: who has voted, and how many.

No row is a vote without a name: the box holds one sum. So no row, no order and no moment leads from one to a person.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime
from app.core.privacy import ERASED, declare

WAYS = ("sense", "choice", "consent", "lots")
# Objections are spoken, and who is drawn is called by name.
MAY_BE_SECRET = ("sense", "choice")
OUTCOMES = ("told", "chosen", "tie", "reached", "objected", "drawn", "silent", "few", "lost")


class Ballot(Base):
    """A question to a club. secret: without names, said when it is opened and never changed.

    several: more than one option each · wanted: how many are drawn · round: 1, and one more each time the proposal is
    changed · review_on: when the leads are asked whether it still fits · counts: how many said what, once it is
    closed · seed_sealed, seed_hash, record: of a draw, as in ``app.rooms.draw`` · seq: the row of the log that opened
    it; a newcomer reads, and answers, what is theirs to read · opened_by_id, body_by_id: whose words the question and
    the body are · put_by_id: who put it; of one put anew somebody else than who asked first · again_of_id: the one that
    it puts anew.
    """

    __tablename__ = "ballot"
    __table_args__ = (
        CheckConstraint(f"way IN {WAYS}", name="way"),
        CheckConstraint(f"outcome IN {OUTCOMES}", name="outcome"),
        CheckConstraint(f"way IN {MAY_BE_SECRET} OR NOT secret", name="secret"),
        CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="closed"),
        Index(None, "club_id", "closed_at"),
        Index(None, "opened_by_id"),
        Index(None, "put_by_id"),
        Index(None, "body_by_id"),
        Index(None, "again_of_id"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    club_id: Mapped[str] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"))
    seq: Mapped[int] = mapped_column(server_default="0")
    way: Mapped[str] = mapped_column(String(8))
    question: Mapped[str] = mapped_column(String(140))
    body: Mapped[str] = mapped_column(Text)
    options: Mapped[list[str]] = mapped_column(JSON)
    secret: Mapped[bool]
    several: Mapped[bool]
    wanted: Mapped[int]
    round: Mapped[int] = mapped_column(default=1)
    opened_by_id: Mapped[str | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))
    put_by_id: Mapped[str | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))
    body_by_id: Mapped[str | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))
    again_of_id: Mapped[str | None] = mapped_column(ForeignKey("ballot.id", ondelete="SET NULL"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    amended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    review_on: Mapped[date | None]
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(String(8))
    counts: Mapped[dict[str, int] | None] = mapped_column(JSON(none_as_null=True))
    seed_sealed: Mapped[str | None] = mapped_column(String(400))
    seed_hash: Mapped[str | None] = mapped_column(String(64))
    record: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    @property
    def erased(self) -> bool:
        """Have words of it gone with who wrote them?"""
        return ERASED in (self.question, self.body)


class BallotVoice(Base):
    """What a member said under their name, changed as often as they wish until the end.

    picks: the keys of what they chose · reason, proposal: of an objection.
    """

    __tablename__ = "ballot_voice"
    __table_args__ = (Index(None, "membership_id"),)

    ballot_id: Mapped[str] = mapped_column(ForeignKey("ballot.id", ondelete="CASCADE"), primary_key=True)
    membership_id: Mapped[str] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), primary_key=True)
    picks: Mapped[list[str]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text, default="")
    proposal: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class BallotVoter(Base):
    """That somebody has voted without a name, so that they vote once; gone when the ballot closes. No time, no order.

    person_key: keyed hash of account and ballot, so that leaving the club and coming back gives no second vote.
    """

    __tablename__ = "ballot_voter"
    # SQLite would number the rows as they come.
    __table_args__ = {"sqlite_with_rowid": False}

    ballot_id: Mapped[str] = mapped_column(ForeignKey("ballot.id", ondelete="CASCADE"), primary_key=True)
    person_key: Mapped[str] = mapped_column(String(64), primary_key=True)


class BallotBox(Base):
    """What was voted without names: one sealed sum, always of the same length; gone when the ballot closes."""

    __tablename__ = "ballot_box"

    ballot_id: Mapped[str] = mapped_column(ForeignKey("ballot.id", ondelete="CASCADE"), primary_key=True)
    sum_sealed: Mapped[str] = mapped_column(Text)


declare("ballot", "opened_by_id", "the questions that a person put to a club")
declare("ballot", "put_by_id", "that a person put a question to a club, their own or one of another anew")
declare("ballot", "body_by_id", "the words of a proposal that a person wrote or changed")
declare("ballot_voice", "membership_id", "what a person said under their name when a club decided")
declare("ballot_voter", "person_key", "that a person voted without a name, as a hash, until the ballot closes")

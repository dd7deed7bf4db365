"""What lies on the shelf, the file that may stand beside a sheet, and who told that a link is dead."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, UtcDateTime


class ShelfItem(Base):
    """A link, or a sheet: a text that is read and printed here, and that a file may stand beside.

    purpose: what it is for, in one line · trade: empty for all · state: ``proposed``, ``shown`` or ``hidden`` ·
    checked_on: when somebody of the house last looked whether it still holds. Nothing says which club proposed it.
    """

    __tablename__ = "shelf_item"
    __table_args__ = (
        CheckConstraint("state IN ('proposed', 'shown', 'hidden')", name="state"),
        CheckConstraint("(link = '') <> (body = '')", name="link_or_sheet"),
        Index(None, "house_id"),
        Index(None, "partner_id"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    house_id: Mapped[str] = mapped_column(ForeignKey("house.id", ondelete="CASCADE"))
    partner_id: Mapped[str | None] = mapped_column(ForeignKey("partner.id", ondelete="SET NULL"))
    title: Mapped[str] = mapped_column(String(80))
    purpose: Mapped[str] = mapped_column(String(160))
    link: Mapped[str] = mapped_column(String(300), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    needs: Mapped[list[str]] = mapped_column(JSON)
    trade: Mapped[str] = mapped_column(String(20), default="")
    language: Mapped[str] = mapped_column(String(2))
    state: Mapped[str] = mapped_column(String(8))
    checked_on: Mapped[date | None] = mapped_column(Date)
    file: Mapped["ShelfFile | None"] = relationship(viewonly=True, lazy="selectin")

    @property
    def is_sheet(self) -> bool:
        return not self.link


class ShelfFile(Base):
    """A file as it was written anew here; its own id names it. Without an item it waits for a yes.

    Neither who sent it nor how it was called is written down. While it waits, ``from_hash`` tells those of one person
    from those of another, and nobody can read whom; like ``loose_since`` it goes when the file has its item.
    """

    __tablename__ = "shelf_file"
    __table_args__ = (
        CheckConstraint("kind IN ('pdf', 'png', 'jpeg')", name="kind"),
        CheckConstraint("(item_id IS NULL) = (loose_since IS NOT NULL)", name="loose"),
        CheckConstraint("size > 0 AND pages > 0", name="numbers"),
        Index(None, "house_id"),
        Index(None, "item_id", unique=True),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    house_id: Mapped[str] = mapped_column(ForeignKey("house.id", ondelete="CASCADE"))
    item_id: Mapped[str | None] = mapped_column(ForeignKey("shelf_item.id", ondelete="CASCADE"))
    loose_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    from_hash: Mapped[str | None] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(4))
    pages: Mapped[int] = mapped_column(Integer)
    size: Mapped[int] = mapped_column(Integer)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class ShelfProposal(Base):
    """What became of something that a club proposed: its leads read it, by a hash of the club that nobody can read.

    answer: empty while it waits, then ``kept`` or ``declined`` · reason_code: of ``REASONS``, when declined.
    """

    __tablename__ = "shelf_proposal"
    __table_args__ = (
        CheckConstraint("answer IN ('', 'kept', 'declined')", name="answer"),
        CheckConstraint("(answer = '') = (answered_on IS NULL)", name="answered"),
        Index(None, "from_hash"),
        Index(None, "answered_on"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    item_id: Mapped[str | None] = mapped_column(ForeignKey("shelf_item.id", ondelete="SET NULL"), unique=True)
    from_hash: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(80))
    answer: Mapped[str] = mapped_column(String(8), default="")
    reason_code: Mapped[str] = mapped_column(String(8), default="")
    answered_on: Mapped[date | None] = mapped_column(Date)


class DeadLink(Base):
    """Somebody says that it does not open any more: once a person, by a hash that nobody can read. Gone at a check."""

    __tablename__ = "dead_link"

    item_id: Mapped[str] = mapped_column(ForeignKey("shelf_item.id", ondelete="CASCADE"), primary_key=True)
    from_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    told_on: Mapped[date] = mapped_column(Date)

"""Threads, messages, reactions, reading marks. The author is a membership, never an account."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime
from app.core.privacy import declare

MAX_TITLE = 120
MAX_BODY = 4000
LIVING = text("removed_at IS NULL")


class Thread(Base):
    """A discussion of a club. ``seq``: the row of the log that opened it. It always holds a message."""

    __tablename__ = "thread"
    __table_args__ = (Index(None, "club_id", "seq"), Index(None, "opened_by_id"))

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    club_id: Mapped[str] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(MAX_TITLE))
    opened_by_id: Mapped[str] = mapped_column(ForeignKey("membership.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seq: Mapped[int]


class Message(Base):
    """What is said in a thread. ``seq``: the row of its post; ``changed_seq``: the row of its last change.

    client_id: what the sender's program called it, so that sending twice stores once; first_digest: keyed hash of the
    body as first sent. A withdrawn message keeps its place, not its body. A hidden one keeps both, and shows neither
    body nor reactions: hidden_by is ``lead`` or ``staff``, hidden_rule the rule it went against.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("membership_id", "client_id", name="uq_message_client_id"),
        Index(None, "thread_id", "seq"),
        Index(None, "club_id", "posted_at"),
        # Who goes must find at once what refers to them: a purge holds the write lane.
        Index(None, "reply_to_id"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    thread_id: Mapped[str] = mapped_column(ForeignKey("thread.id", ondelete="CASCADE"))
    club_id: Mapped[str] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"))
    membership_id: Mapped[str] = mapped_column(ForeignKey("membership.id"))
    body: Mapped[str] = mapped_column(Text)
    client_id: Mapped[str] = mapped_column(String(36))
    first_digest: Mapped[str] = mapped_column(String(64))
    reply_to_id: Mapped[str | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"))
    posted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hidden_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hidden_by: Mapped[str | None] = mapped_column(String(8))
    hidden_rule: Mapped[str | None] = mapped_column(String(120))
    seq: Mapped[int]
    changed_seq: Mapped[int]

    @property
    def state(self) -> str:
        """``sent``, or why nobody reads it: ``withdrawn`` by its author, ``hidden`` by a decision."""
        if self.withdrawn_at is not None:
            return "withdrawn"
        return "sent" if self.hidden_at is None else "hidden"


class Reaction(Base):
    """One of the four words, said by a member about a message; taken back, it stays as a row that has ended."""

    __tablename__ = "reaction"
    __table_args__ = (
        Index(
            "uq_reaction_living",
            "message_id",
            "membership_id",
            "emoji",
            unique=True,
            sqlite_where=LIVING,
            postgresql_where=LIVING,
        ),
        Index(None, "message_id"),
        Index(None, "membership_id"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    message_id: Mapped[str] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"))
    membership_id: Mapped[str] = mapped_column(ForeignKey("membership.id"))
    emoji: Mapped[str] = mapped_column(String(8))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ReadingMark(Base):
    """How far one member has read one thread: private, one pointer, shown to nobody else."""

    __tablename__ = "reading_mark"
    __table_args__ = (Index(None, "thread_id"),)

    membership_id: Mapped[str] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), primary_key=True)
    thread_id: Mapped[str] = mapped_column(ForeignKey("thread.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int]


declare("thread", "opened_by_id", "the discussions that the person opened and named")
declare("message", "membership_id", "what the person wrote, and when")
declare("reaction", "membership_id", "the words the person said about messages")
declare("reading_mark", "membership_id", "how far the person has read")

"""A session in which somebody of the team helps a person, and what was done in it: kinds and minutes, nothing else."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime
from app.core.privacy import declare
from app.core.retention import stays


class Assistance(Base):
    """One assisted session. Gone an hour after its end: the receipt is on paper by then.

    mark_hash: of what the browser at the desk brings to print the receipt. by_id, by_role: who helps; the person's own
    key is here for nothing but their erasure.
    """

    __tablename__ = "assistance"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    session_id: Mapped[str] = mapped_column(String(26), unique=True)
    mark_hash: Mapped[str] = mapped_column(String(64), unique=True)
    by_id: Mapped[str] = mapped_column(String(26))
    by_role: Mapped[str] = mapped_column(String(12))
    house_id: Mapped[str | None] = mapped_column(String(26))
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AssistedAct(Base):
    """One thing done: its kind, never its subject. rank: in order, from 1."""

    __tablename__ = "assisted_act"

    assistance_id: Mapped[str] = mapped_column(ForeignKey("assistance.id", ondelete="CASCADE"), primary_key=True)
    rank: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


declare("assistance", "account_id", "an assisted session at the desk, until its receipt is printed")
stays(("assistance", "assisted_act"), "gone an hour after its end, by a job of its own")

"""Tables of the plumbing: jobs to run, what the clock does, rights that ended."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime


class Job(Base):
    """Something to do later, written in the transaction that wants it. ``payload`` holds no address in the clear.

    parked_at: when it was given up after too many failures; failure: the kind of the last one, never its words.
    set_at: what the clock said when run_at was chosen. key: no two jobs of one key wait.
    """

    __tablename__ = "job"
    __table_args__ = (Index(None, "run_at"), Index(None, "parked_at"), Index(None, "key", unique=True))

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    run_at: Mapped[datetime] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    parked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failure: Mapped[str | None] = mapped_column(String(60))
    set_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    key: Mapped[str | None] = mapped_column(String(64))


class ClockJob(Base):
    """Something that comes back by the clock: when it last ended, and what it last failed on."""

    __tablename__ = "clock_job"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ran_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failure: Mapped[str | None] = mapped_column(String(60))


class Revocation(Base):
    """A right that has ended: ``session:<id>``, ``token:<id>``, ``account:<id>`` or ``membership:<id>``.

    Every worker asks for new rows each second and closes what hung on them.
    """

    __tablename__ = "revocation"
    __table_args__ = (Index(None, "at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    grant: Mapped[str] = mapped_column("grant_key", String(60))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

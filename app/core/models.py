"""Tables of the plumbing: jobs to run, rights that ended."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime


class Job(Base):
    """Something to do later, written in the transaction that wants it. ``payload`` holds no address in the clear."""

    __tablename__ = "job"
    __table_args__ = (Index(None, "run_at"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    run_at: Mapped[datetime] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)


class Revocation(Base):
    """A right that has ended: ``session:<id>``, ``token:<id>``, ``account:<id>`` or ``membership:<id>``.

    Every worker asks for new rows each second and closes what hung on them.
    """

    __tablename__ = "revocation"
    __table_args__ = (Index(None, "at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    grant: Mapped[str] = mapped_column("grant_key", String(60))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

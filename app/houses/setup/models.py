"""What guards the first opening: the codes that were printed, and the row that only one opening can write."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime


class SetupCode(Base):
    """A code printed at a start, kept as a hash. The first browser that brings it has it, and its steps so far."""

    __tablename__ = "setup_code"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    browser_hash: Mapped[str | None] = mapped_column(String(64))
    steps: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FirstOpening(Base):
    """The first house was opened here. One row at most: of two people who finish at once, one wins."""

    __tablename__ = "first_opening"
    __table_args__ = (CheckConstraint("number = 1", name="number"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)

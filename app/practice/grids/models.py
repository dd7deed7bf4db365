"""A grid of self-feedback, of one person alone."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime


class PracticeGrid(Base):
    """Eight answers before, eight after: 0 not yet, 1 coming, 2 yes. kept: the clock does not end it.

    shared_hash, shared_sealed, shared_until: the secret of the one link by which somebody reads it, for a day.
    """

    __tablename__ = "practice_grid"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    before: Mapped[list[int]] = mapped_column(JSON)
    after: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    kept: Mapped[bool] = mapped_column(default=False)
    shared_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    shared_sealed: Mapped[str | None] = mapped_column(String(300))
    shared_until: Mapped[datetime | None] = mapped_column(UtcDateTime)

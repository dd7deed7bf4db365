"""The card of an account: one at most."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime
from app.core.retention import stays

TRIES = 5


class Card(Base):
    """What opens an account without e-mail. Neither number nor words are kept in clear.

    tries_left: how many wrong tries remain; at none only the desk makes it work again, by printing it with new words.
    blocked_at: the person blocked it. once: it lets in once, and is gone (who joins the team of a house without mail).
    """

    __tablename__ = "card"
    __table_args__ = (CheckConstraint("tries_left BETWEEN 0 AND 5", name="tries_left"),)

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    number_hash: Mapped[str] = mapped_column(String(64), unique=True)
    words_hash: Mapped[str] = mapped_column(String(200))
    tries_left: Mapped[int] = mapped_column(default=TRIES)
    once: Mapped[bool] = mapped_column(default=False)
    printed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    blocked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


stays("card", "a way in lasts until the desk makes another one, or the account goes")

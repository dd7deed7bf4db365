"""The secret address of a person's calendar."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime
from app.core.privacy import declare


class CalendarKey(Base):
    """One for each person who asked. id: what the ids of the entries are made with; another address, other ids."""

    __tablename__ = "calendar_key"

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[str] = mapped_column(String(26))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


declare("calendar_key", "account_id", "that the person has a calendar at a secret address")

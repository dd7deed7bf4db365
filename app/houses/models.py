"""Houses of the network, who works in them, and the journal of what the team and the leads do."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime
from app.core.privacy import declare


class House(Base):
    """A place of the network: a main house or an associated centre.

    hours: list of ``{days: [0, 1], opens, closes}``, or ``{days, text}`` shown as it is · open_evenings: weekdays
    (0 = Monday) · evening_until: ``20:45``.
    """

    __tablename__ = "house"
    __table_args__ = (CheckConstraint("kind IN ('house', 'centre')", name="kind"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(10), default="house")
    position: Mapped[int] = mapped_column(default=0)
    timezone: Mapped[str] = mapped_column(String(60))
    country: Mapped[str] = mapped_column(String(2))
    languages: Mapped[list[str]] = mapped_column(JSON)
    address: Mapped[str] = mapped_column(String(160), default="")
    phone: Mapped[str] = mapped_column(String(30), default="")
    access: Mapped[str] = mapped_column(String(160), default="")
    hours: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    open_evenings: Mapped[list[int]] = mapped_column(JSON)
    evening_until: Mapped[str] = mapped_column(String(5), default="")
    claim_quota: Mapped[int] = mapped_column(default=4)
    evening_quota: Mapped[int] = mapped_column(default=2)


class StaffPost(Base):
    """A staff account at work in a house. name: how the team and the clubs call them, chosen for this work."""

    __tablename__ = "staff_post"

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    house_id: Mapped[str] = mapped_column(ForeignKey("house.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), default="")
    since: Mapped[datetime | None] = mapped_column(UtcDateTime)


class JournalEntry(Base):
    """One act of the team or of a club's leads. It stays as it is: triggers refuse a change (see the migration).

    Ids and plain facts only, never content or a name; no key that an erasure would follow: ``about_key`` is a keyed
    hash of the account that the act concerns, by which that person finds it again. by_id: the staff account; a lead's
    is never kept.
    """

    __tablename__ = "journal_entry"
    __table_args__ = (
        CheckConstraint("by_role IN ('lead', 'member', 'facilitator', 'manager', 'house')", name="by_role"),
        Index(None, "club_id", "number"),
        Index(None, "about_key"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    act: Mapped[str] = mapped_column(String(40))
    by_role: Mapped[str] = mapped_column(String(12))
    by_id: Mapped[str | None] = mapped_column(String(26))
    house_id: Mapped[str | None] = mapped_column(String(26))
    club_id: Mapped[str | None] = mapped_column(String(26))
    about_key: Mapped[str | None] = mapped_column(String(64))
    subject_id: Mapped[str | None] = mapped_column(String(26))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)


declare("staff_post", "account_id", "the house a member of staff works in")

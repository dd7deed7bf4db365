"""Houses of the network and who works in them."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.privacy import declare


class House(Base):
    """A place of the network: a main house or an associated centre.

    hours: list of ``{days, text}`` shown as they are · open_evenings: weekdays (0 = Monday) · evening_until: ``20:45``.
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
    """A staff account at work in a house."""

    __tablename__ = "staff_post"

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    house_id: Mapped[str] = mapped_column(ForeignKey("house.id", ondelete="CASCADE"), primary_key=True)


declare("staff_post", "account_id", "the house a member of staff works in")

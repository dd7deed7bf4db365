"""Partners, their advisers, and the codes by which one becomes an adviser."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime
from app.core.privacy import declare


class Partner(Base):
    """An organisation that helps people of a house. hidden_at: since when nobody outside the team sees it.

    needs: names of ``app.houses.needs`` · ways: ``here``, ``phone``, ``online`` · place: where and when, in words.
    """

    __tablename__ = "partner"
    __table_args__ = (Index(None, "house_id"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    house_id: Mapped[str] = mapped_column(ForeignKey("house.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    sentence: Mapped[str] = mapped_column(String(160))
    about: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[str] = mapped_column(String(160), default="")
    link: Mapped[str] = mapped_column(String(300), default="")
    needs: Mapped[list[str]] = mapped_column(JSON)
    ways: Mapped[list[str]] = mapped_column(JSON)
    languages: Mapped[list[str]] = mapped_column(JSON)
    hidden_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Adviser(Base):
    """An account that gives advice for a partner. name: chosen for this work, read by the team alone."""

    __tablename__ = "adviser"
    __table_args__ = (UniqueConstraint("partner_id", "account_id"), Index(None, "account_id"))

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    partner_id: Mapped[str] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"))
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(40))
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class AdviserCode(Base):
    """A code that a manager gives by hand, found by its keyed hash; it makes one adviser and is gone."""

    __tablename__ = "adviser_code"
    __table_args__ = (Index(None, "partner_id"), Index(None, "until"))

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    partner_id: Mapped[str] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"))
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    until: Mapped[datetime] = mapped_column(UtcDateTime)


declare("adviser", "account_id", "that the person gives advice for a partner, under a name chosen for that")

"""Paired devices, the letters that pair one, and who is called from one: nobody is known by any of them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime
from app.core.privacy import declare, keep_back
from app.core.retention import stays


class Device(Base):
    """A screen of a house. Deleted when it is unpaired; ``seen_at`` is its last sign of life, to the minute."""

    __tablename__ = "device"
    __table_args__ = (CheckConstraint("kind IN ('kiosk')", name="kind"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    house_id: Mapped[str] = mapped_column(ForeignKey("house.id", ondelete="CASCADE"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(8), default="kiosk")
    paired_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PairingCode(Base):
    """Six letters that one of the team shows at the desk, hashed; each of them has one at a time in a house.

    place: where the screen will hang (see ``walls``); empty for a kiosk in the hall.
    """

    __tablename__ = "pairing_code"
    __table_args__ = (UniqueConstraint("house_id", "account_id"), Index(None, "expires_at"))

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    house_id: Mapped[str] = mapped_column(ForeignKey("house.id", ondelete="CASCADE"))
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), index=True)
    place: Mapped[str] = mapped_column(String(26), default="")
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DeviceCall(Base):
    """Somebody asks the team to come to a device; one at a time, and nothing of who asks.

    coming_at: when one of the team said that they come. Deleted when it ends.
    """

    __tablename__ = "device_call"

    device_id: Mapped[str] = mapped_column(ForeignKey("device.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[str] = mapped_column(String(26), unique=True)
    called_at: Mapped[datetime] = mapped_column(UtcDateTime)
    coming_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


declare("pairing_code", "account_id", "who of the team shows the letters that pair a screen")
stays("device", "a screen is known until one of the team unpairs it")
stays(("pairing_code", "device_call"), "gone an hour after their minutes at most, by a job of their own")
keep_back("pairing_code", "account_id", "letters of the team, as a hash, that end within the hour")

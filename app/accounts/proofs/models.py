"""What is kept to recognise a person again: the public half of a passkey, a sealed secret, hashes of codes."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime
from app.core.privacy import declare
from app.core.retention import stays


class Passkey(Base):
    """A key that one device keeps for one account; here lies its public half, and nothing of the device.

    handle: the random name under which the device keeps it, the same for all passkeys of an account, never the
    account's id. sign_count: how often it has signed, where it counts; one that goes back is a copy.
    """

    __tablename__ = "passkey"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[str] = mapped_column(String(2000))
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)
    handle: Mapped[str] = mapped_column(String(44))
    label: Mapped[str] = mapped_column(String(40))
    created_on: Mapped[date]


class PasskeyChallenge(Base):
    """What a passkey must sign, once, within minutes, for the browser that asked and for one purpose. Of nobody."""

    __tablename__ = "passkey_challenge"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    browser_hash: Mapped[str] = mapped_column(String(64), unique=True)
    challenge: Mapped[str] = mapped_column(String(100))
    handle: Mapped[str] = mapped_column(String(44), default="")
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class OneTimeNumber(Base):
    """The sealed secret that an app makes numbers from. used_step: the half minute of the last number that served."""

    __tablename__ = "one_time_number"

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    secret_sealed: Mapped[str] = mapped_column(String(400))
    used_step: Mapped[int] = mapped_column(BigInteger, default=0)
    created_on: Mapped[date]


class RescueCode(Base):
    """A printed code for the day when the phone is lost. Deleted when it has served."""

    __tablename__ = "rescue_code"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)


declare("passkey", "account_id", "the devices that let the person in")
declare("one_time_number", "account_id", "the secret of the person's one-time numbers")
declare("rescue_code", "account_id", "the person's printed codes, as hashes")
stays(
    ("passkey", "one_time_number", "rescue_code"), "a way in lasts until its owner takes it away, or the account goes"
)
stays("passkey_challenge", "gone an hour after its five minutes at most, by a job of its own")

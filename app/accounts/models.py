"""Accounts, and the rows that let them in: sessions, tokens, codes."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime
from app.core.privacy import declare

ROLES = ("member", "facilitator", "manager")


class Account(Base):
    """A person, known by a sealed address or by nothing. Never a name, a birth date, a gender.

    locale: the language they last read in, for what is sent to them; empty when it is not known. locked_at: a manager
    has locked it: nothing lets in any more. warned_at: when they were last told that it ends if nobody comes.
    """

    __tablename__ = "account"
    __table_args__ = (CheckConstraint("role IN ('member', 'facilitator', 'manager')", name="role"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    email_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    email_sealed: Mapped[str | None] = mapped_column(String(800))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(12), default="member")
    demo: Mapped[bool] = mapped_column(default=False)
    locale: Mapped[str] = mapped_column(String(2), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_on: Mapped[datetime | None] = mapped_column(UtcDateTime)
    locked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LoginSession(Base):
    """One device let in. Deleted when it ends; nothing of the device is kept.

    quiet_minutes, quiet_until: it ends before ``expires_at`` when nobody has moved for so long. device_id: the paired
    device of the house that it began on. assisted_by: the one of the team who opened it for the person. proved_at: when
    the person last proved who they are.
    """

    __tablename__ = "login_session"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    shared: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    quiet_minutes: Mapped[int | None]
    quiet_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    device_id: Mapped[str | None] = mapped_column(String(26), index=True)
    assisted_by: Mapped[str | None] = mapped_column(String(26))
    proved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Passage(Base):
    """That a person came in or went out: by which way, in which minute. Nothing of the device; read by them alone.

    way: ``password``, ``code``… for an entry, or why a session ended: ``left``, ``quiet``, ``closed``, ``reprint``.
    """

    __tablename__ = "passage"
    __table_args__ = (
        CheckConstraint("kind IN ('in', 'out')", name="kind"),
        Index(None, "account_id", "at"),
        Index(None, "at"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(3))
    way: Mapped[str] = mapped_column(String(12), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Token(Base):
    """A key for a program; it opens what its account can open.

    house_reason: why the house made it in the person's place; empty when they made it.
    """

    __tablename__ = "token"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str] = mapped_column(String(60))
    house_reason: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SignInCode(Base):
    """A six-digit code on its way to an address, bound to the browser that asked. Known or not makes no difference."""

    __tablename__ = "sign_in_code"
    __table_args__ = (Index(None, "expires_at"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    browser_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email_sealed: Mapped[str] = mapped_column(String(800))
    code_hash: Mapped[str] = mapped_column(String(64))
    tries_left: Mapped[int] = mapped_column(default=5)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MailChoice(Base):
    """Which mails a person wants, and when: hours of the house's clock. Who chose nothing has no row.

    stopped: the kinds that they want no more · digest_hour: when the day's summary leaves · digest_on: the day of the
    last one · quiet_from, quiet_until: nothing but a code leaves between; the same hour twice: no such hours.
    """

    __tablename__ = "mail_choice"
    __table_args__ = (
        CheckConstraint(
            "digest_hour BETWEEN 0 AND 23 AND quiet_from BETWEEN 0 AND 23 AND quiet_until BETWEEN 0 AND 23",
            name="hours",
        ),
    )

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    stopped: Mapped[list[str]] = mapped_column(JSON, default=list)
    digest_hour: Mapped[int] = mapped_column(default=18)
    quiet_from: Mapped[int] = mapped_column(default=20)
    quiet_until: Mapped[int] = mapped_column(default=8)
    digest_on: Mapped[date | None]


declare("mail_choice", "account_id", "which mails the person wants, and when")
declare("login_session", "account_id", "where the person is signed in")
declare("passage", "account_id", "when the person came in and went out")
declare("token", "account_id", "the person's keys for programs")

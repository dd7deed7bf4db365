"""Accounts, and the rows that let them in: sessions, tokens, codes."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime
from app.core.privacy import declare

ROLES = ("member", "facilitator", "manager")


class Account(Base):
    """A person, known by a sealed address or by nothing. Never a name, a birth date, a gender."""

    __tablename__ = "account"
    __table_args__ = (CheckConstraint("role IN ('member', 'facilitator', 'manager')", name="role"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    email_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    email_sealed: Mapped[str | None] = mapped_column(String(800))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(12), default="member")
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_on: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LoginSession(Base):
    """One device let in. Deleted when it ends; nothing of the device is kept."""

    __tablename__ = "login_session"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    shared: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Token(Base):
    """A key for a program; it opens what its account can open."""

    __tablename__ = "token"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str] = mapped_column(String(60))
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


declare("login_session", "account_id", "where the person is signed in")
declare("token", "account_id", "the person's keys for programs")

"""Reads of accounts: who a credential speaks for, and what a person sees of their own account."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select

from app.accounts.addresses import Address, opened
from app.accounts.models import Account, LoginSession, Token
from app.accounts.proofs.queries import has_proof
from app.config import Settings
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import NOW, db
from app.core.errors import NotSignedIn
from app.core.questions import Question
from app.core.sealed import keyed_hash

# What upper floors tell a person about themselves, by name: ``me_parts["memberships"] = memberships_for``.
me_parts: dict[str, Callable[[Actor], Any]] = {}


@dataclass(frozen=True)
class Speaker:
    """Whom a credential lets in, and what decides whether today's visit is still to be noted.

    whole: nothing of coming in is left to do. A session that waits for its second step opens nothing.
    """

    actor: Actor
    seen_on: datetime | None
    whole: bool = True


def session_key(secret: str) -> str:
    return keyed_hash("session", secret)


def token_key(secret: str) -> str:
    return keyed_hash("token", secret)


def may_enter(demo: bool) -> bool:
    """Demo accounts have a public password: they only work on one's own machine."""
    settings: Settings = current_app.extensions["settings"]
    return settings.loopback or not demo


def needs_second_step(role: str, demo: bool) -> bool:
    """Who works in a house that others can reach comes in with two proofs; the demo's password is public anyway."""
    return role != "member" and not demo


def speaker_by_session(secret: str) -> Speaker | None:
    """Whom the cookie's secret lets in, while its session lasts; perhaps not the whole way yet."""
    return _by_session(_SESSION_BY_SECRET, session_key(secret), secret)


def speaker_by_token(secret: str) -> Speaker | None:
    """Whom a bearer token lets in."""
    return _by_token(_TOKEN_BY_SECRET, token_key(secret))


def actor_of(credential: str) -> Actor | None:
    """Whom ``session:<id>`` or ``token:<id>`` speaks for now; None once it has ended."""
    kind, _, row_id = credential.partition(":")
    if kind == "session":
        found = _by_session(_SESSION_BY_ID, row_id)
    else:
        found = _by_token(_TOKEN_BY_ID, row_id)
    return found.actor if found and found.whole else None


def _sessions() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Account.id,
            Account.role,
            Account.demo,
            Account.seen_on,
            LoginSession.id,
            LoginSession.shared,
            LoginSession.expires_at,
            LoginSession.quiet_minutes,
            LoginSession.quiet_until,
            LoginSession.device_id,
            LoginSession.assisted_by,
            LoginSession.proved_at,
        )
        .join(LoginSession, LoginSession.account_id == Account.id)
        .where(Account.locked_at.is_(None), *lasting(NOW))
    )


def lasting(moment: Any) -> tuple[ColumnElement[bool], ...]:
    """A session is open: its time is not over, and somebody has moved lately."""
    moved = or_(LoginSession.quiet_until.is_(None), LoginSession.quiet_until > moment)
    return LoginSession.expires_at > moment, moved


def _tokens() -> Select[*tuple[Any, ...]]:
    rows = select(Account.id, Account.role, Account.demo, Account.seen_on, Token.id, has_proof(Account.id))
    return rows.join(Token, Token.account_id == Account.id).where(Account.locked_at.is_(None))


# Built once: one of them is asked at every request and every event.
_SESSION_BY_SECRET, _SESSION_BY_ID = (
    Question(_sessions().where(key == bindparam("which"))) for key in (LoginSession.secret_hash, LoginSession.id)
)
_TOKEN_BY_SECRET, _TOKEN_BY_ID = (
    Question(_tokens().where(key == bindparam("which"))) for key in (Token.secret_hash, Token.id)
)


def _by_session(asked: Question, which: str, secret: str = "") -> Speaker | None:
    row = asked.first(which=which)
    if row is None or not may_enter(row[2]):
        return None
    actor = Actor(row[0], f"session:{row[4]}", row[1], row[5], secret, *row[6:])
    return Speaker(actor, row[3], actor.proved_at is not None or not needs_second_step(row[1], row[2]))


def _by_token(asked: Question, which: str) -> Speaker | None:
    row = asked.first(which=which)
    if row is None or not may_enter(row[2]) or (needs_second_step(row[1], row[2]) and not row[5]):
        return None
    return Speaker(Actor(row[0], f"token:{row[4]}", row[1]), row[3])


def account_for(actor: Actor) -> Account:
    """One's own account. Raises NotSignedIn when it has gone meanwhile."""
    account = db.session.get(Account, actor.account_id)
    if account is None:
        raise NotSignedIn()
    return account


def address_for(actor: Actor) -> Address | None:
    """One's own address."""
    return opened(account_for(actor).email_sealed)


def sessions_for(actor: Actor) -> list[LoginSession]:
    """Where one is signed in, the newest first."""
    return list(
        db.session.scalars(
            select(LoginSession)
            .where(LoginSession.account_id == actor.account_id, *lasting(now()))
            .order_by(LoginSession.created_at.desc(), LoginSession.id)
        )
    )


def tokens_for(actor: Actor, after: str | None = None, limit: int = 100) -> list[Token]:
    """One's own keys in order of id, from one of them on; one more than the limit, to know whether there are more."""
    query = select(Token).where(Token.account_id == actor.account_id).order_by(Token.id).limit(limit + 1)
    return list(db.session.scalars(query.where(Token.id > after) if after else query))


def keys_of(account_id: str) -> int:
    """How many keys an account has."""
    return int(db.session.scalar(select(func.count()).where(Token.account_id == account_id)) or 0)


def me_for(actor: Actor) -> dict[str, Any]:
    """One's own account in the JSON of the contract: never its id, which no club may see."""
    account = account_for(actor)
    own = {"role": account.role, "has_password": account.password_hash is not None, "memberships": []}
    return own | {name: part(actor) for name, part in me_parts.items()}

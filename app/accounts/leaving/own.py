"""What a person takes away of their account itself: how they come in, and what they chose."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.accounts.addresses import opened
from app.accounts.mail_choices import KINDS
from app.accounts.models import Account, LoginSession, MailChoice, Passage, Token
from app.accounts.proofs.models import Passkey
from app.core.db import db
from app.core.privacy import Rows, declare, keep_back, take_away


def account_rows(account_id: str) -> Rows:
    """The account, its choices, its devices and keys: dates and names, never a secret."""
    account = db.session.get_one(Account, account_id)
    address = opened(account.email_sealed)
    own = {
        "what": "account",
        "address": address.text if address else "",
        "password": account.password_hash is not None,
        "role": account.role,
        "language": account.locale,
        "since": account.created_at,
        "seen": account.seen_on,
    }
    ways = [*_sessions(account_id), *_keys(account_id), *_passkeys(account_id)]
    return [own, *_mails(account_id), *ways, *_passages(account_id)]


def _mails(account_id: str) -> list[dict[str, Any]]:
    row = db.session.get(MailChoice, account_id)
    if row is None:
        return []
    stopped = [str(KINDS[kind]) for kind in row.stopped if kind in KINDS]
    hours = {"digest_hour": row.digest_hour, "quiet_from": row.quiet_from, "quiet_until": row.quiet_until}
    return [{"what": "mails", "stopped": stopped, **hours}]


def _sessions(account_id: str) -> list[dict[str, Any]]:
    theirs = select(LoginSession).where(LoginSession.account_id == account_id).order_by(LoginSession.created_at)
    return [_session(each.created_at, each.expires_at, each.shared) for each in db.session.scalars(theirs)]


def _session(since: datetime, until: datetime, shared: bool) -> dict[str, Any]:
    return {"what": "session", "since": since, "until": until, "shared": shared}


def _keys(account_id: str) -> list[dict[str, Any]]:
    theirs = select(Token).where(Token.account_id == account_id).order_by(Token.created_at)
    return [{"what": "key", "label": each.label, "since": each.created_at} for each in db.session.scalars(theirs)]


def _passkeys(account_id: str) -> list[dict[str, Any]]:
    theirs = select(Passkey).where(Passkey.account_id == account_id).order_by(Passkey.created_on, Passkey.id)
    return [{"what": "passkey", "label": each.label, "since": each.created_on} for each in db.session.scalars(theirs)]


def _passages(account_id: str) -> list[dict[str, Any]]:
    theirs = select(Passage).where(Passage.account_id == account_id).order_by(Passage.at, Passage.id)
    return [{"what": f"passage_{each.kind}", "at": each.at} for each in db.session.scalars(theirs)]


take_away(
    "account",
    _l("Mon compte"),
    account_rows,
    ("mail_choice", "account_id"),
    ("login_session", "account_id"),
    ("token", "account_id"),
    ("passkey", "account_id"),
    ("passage", "account_id"),
)
declare("login_session", "assisted_by", "who of the team opened a session for a person: an id that leads nowhere")
keep_back("one_time_number", "account_id", "a secret: the app of the person has it")
keep_back("rescue_code", "account_id", "hashes: the codes are on the person's paper")
keep_back("login_session", "assisted_by", "who of the team sat beside: another person")

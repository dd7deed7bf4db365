"""The day's summary: how many things wait, and what is on tomorrow. Once a day, only if there is something.

Each feature says what it has (``waiting.append``, ``tomorrow.append``), for one person, in words that name no club.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, or_, select

from app.accounts.mail_choices import Choice, choice_of, claim_digest, house_clock
from app.accounts.models import Account, MailChoice
from app.accounts.notices import has_mail, in_the_language_of, notify
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction

Part = Callable[[Actor], list[Any]]
waiting: list[Part] = []
tomorrow: list[Part] = []
CHUNK = 50
# Its "tomorrow" would be another day.
LASTS = timedelta(hours=5)


@dataclass(frozen=True)
class Digest:
    """What one person is told. ``lines``: what waits; ``ahead``: lines about tomorrow."""

    account_id: str
    lines: list[str]
    ahead: list[str]


def send_digests() -> int:
    """Write to everybody whose hour has come today; returns how many are written to."""
    if not has_mail():
        return 0
    local = now().astimezone(ZoneInfo(house_clock.zone()))
    due, sent = _due(local), 0
    for start in range(0, len(due), CHUNK):
        sent += _send(due[start : start + CHUNK], local.date())
    return sent


def _due(local: datetime) -> list[Account]:
    """Who has an address, wants it, and was not thought of today. In quiet hours it is too late for today."""
    first = Choice()
    hour = func.coalesce(MailChoice.digest_hour, first.digest_hour)
    rows = db.session.scalars(
        select(Account)
        .outerjoin(MailChoice, MailChoice.account_id == Account.id)
        .where(Account.email_sealed.is_not(None), hour <= local.hour)
        .where(or_(MailChoice.digest_on.is_(None), MailChoice.digest_on != local.date()))
        .order_by(Account.id)
    )
    return [account for account in rows if _wants(choice_of(account.id), local)]


def _wants(choice: Choice, local: datetime) -> bool:
    return "digest" not in choice.stopped and not choice.is_quiet(local.hour)


def _send(accounts: list[Account], day: date) -> int:
    # Read before the write lane is taken: others write meanwhile.
    found = []
    for account in accounts:
        found.append(digest_for(account))
        # Everybody's hour is the same: let those go on who are at work meanwhile.
        time.sleep(0)
    db.session.rollback()
    sent = 0
    with transaction():
        for digest in found:
            # Whoever marks the day first writes: nobody gets two, whatever else runs.
            if claim_digest(digest.account_id, day) and (digest.lines or digest.ahead):
                sent += _write(digest)
    return sent


def _write(digest: Digest) -> bool:
    subject, until = _l("Votre journée"), now() + LASTS
    return notify(
        digest.account_id, "digest", subject, "digest", path="/", until=until, lines=digest.lines, ahead=digest.ahead
    )


def digest_for(account: Account) -> Digest:
    """What waits for a person, in their language."""
    actor = Actor(account.id, "clock", account.role)
    with in_the_language_of(account):
        lines = [str(line) for part in waiting for line in part(actor)]
        ahead = [str(line) for part in tomorrow for line in part(actor)]
    return Digest(account.id, lines, ahead)

"""Which mails a person wants, and when: kinds, the hour of the day's summary, quiet hours; the link that stops a kind.

Hours are those of the house's clock; a moment is computed on it and told in UTC, so that both nights when the clock
changes come out right.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.accounts.models import Account, MailChoice
from app.core.actor import Actor
from app.core.db import db, transaction
from app.core.errors import Invalid, NotFound
from app.core.sealed import seal, unseal

KINDS: dict[str, Any] = {
    "digest": _l("Le résumé du jour"),
    "reminder": _l("Le rappel, la veille d’un rendez-vous"),
    "request": _l("Les demandes : à lire, ou la réponse aux miennes"),
    "decision": _l("Les décisions qui me concernent"),
    "archive": _l("L’annonce de l’archive d’un de mes clubs"),
    "team": _l("Ce qui attend l’équipe"),
}
FOR_STAFF = ("digest", "team")
FOR_MEMBERS = ("digest", "reminder", "request", "decision", "archive")
MAX_TOKEN = 400


@dataclass
class HouseClock:
    """On which clock the hours are told: set by the houses."""

    zone: Callable[[], str] = lambda: "Europe/Paris"


house_clock = HouseClock()


@dataclass(frozen=True)
class Choice:
    """What somebody chose, or what everybody has who chose nothing."""

    stopped: frozenset[str] = frozenset()
    digest_hour: int = 18
    quiet_from: int = 20
    quiet_until: int = 8

    def is_quiet(self, hour: int) -> bool:
        """Does nothing leave in this hour of the day?"""
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= hour < self.quiet_until
        return hour >= self.quiet_from or hour < self.quiet_until

    def leaves_at(self, moment: datetime) -> datetime:
        """When a mail may leave that is ready at this moment: at once, or when the quiet hours are over."""
        zone = ZoneInfo(house_clock.zone())
        local = moment.astimezone(zone)
        if not self.is_quiet(local.hour):
            return moment
        days = 1 if local.hour >= self.quiet_until else 0
        until = datetime.combine(local.date() + timedelta(days=days), time(self.quiet_until), zone)
        return until.astimezone(UTC)


def choice_of(account_id: str) -> Choice:
    """What a person chose."""
    row = db.session.get(MailChoice, account_id, populate_existing=True)
    if row is None:
        return Choice()
    return Choice(frozenset(row.stopped), row.digest_hour, row.quiet_from, row.quiet_until)


def kinds_for(actor: Actor) -> tuple[str, ...]:
    """The kinds of mail that somebody may get at all."""
    return FOR_STAFF if actor.is_staff else FOR_MEMBERS


def set_mails(actor: Actor, wanted: list[str], digest_hour: int, quiet_from: int, quiet_until: int) -> None:
    """A person chooses which mails they get, and when. Raises Invalid for a summary in quiet hours."""
    kinds = kinds_for(actor)
    chosen = Choice(frozenset(kinds) - frozenset(wanted), digest_hour, quiet_from, quiet_until)
    if "digest" not in chosen.stopped and chosen.is_quiet(digest_hour):
        detail = _l("À cette heure-là, rien ne part. Choisissez une heure hors des heures calmes.")
        raise Invalid("digest_in_quiet_hours", detail, field="digest_hour")
    with transaction():
        row = _row(actor.account_id)
        row.stopped = sorted(chosen.stopped)
        row.digest_hour, row.quiet_from, row.quiet_until = digest_hour, quiet_from, quiet_until


def _row(account_id: str) -> MailChoice:
    row = db.session.get(MailChoice, account_id, populate_existing=True, with_for_update=True)
    if row is None:
        first = Choice()
        hours = {"digest_hour": first.digest_hour, "quiet_from": first.quiet_from, "quiet_until": first.quiet_until}
        row = MailChoice(account_id=account_id, stopped=[], **hours)
        db.session.add(row)
    return row


def claim_digest(account_id: str, day: date) -> bool:
    """Mark the day's summary as made, in the present transaction; False if somebody did before, or nobody is there."""
    # Who was found due may have left for good since.
    there = select(Account.id).where(Account.id == account_id).with_for_update(read=True, key_share=True)
    if db.session.scalar(there) is None:
        return False
    row = _row(account_id)
    if row.digest_on == day:
        return False
    row.digest_on = day
    return True


def stop_token(account_id: str, kind: str) -> str:
    """What stands in the address that stops a kind of mail: sealed, and good for ever."""
    return seal(json.dumps([account_id, kind]))


def stop_link(account_id: str, kind: str) -> str:
    """The address that stops a kind of mail without signing in."""
    return f"{current_app.config['BASE_URL']}/mails/{stop_token(account_id, kind)}"


def read_token(token: str) -> tuple[str, str]:
    """The account and the kind that a token is about. Raises NotFound."""
    text = unseal(token) if len(token) <= MAX_TOKEN and token.isascii() else None
    try:
        found = json.loads(text) if text else None
    except ValueError:
        found = None
    if not isinstance(found, list) or len(found) != 2 or found[1] not in KINDS:
        raise NotFound()
    return str(found[0]), str(found[1])


def stop_mails(token: str, *, again: bool = False) -> None:
    """Whoever holds a mail stops its kind, or has it again; doing it twice changes nothing. Raises NotFound."""
    account_id, kind = read_token(token)
    with transaction():
        # Who has gone is written to no more: the same answer, for the token must not tell.
        if db.session.get(Account, account_id) is None:
            return
        row = _row(account_id)
        row.stopped = sorted(set(row.stopped) - {kind} if again else {*row.stopped, kind})

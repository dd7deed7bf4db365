"""The clock's door of accounts: mails leave, what is over is thrown away."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog
from flask import current_app
from sqlalchemy import Select, select

from app.accounts.actions import end_quiet_sessions
from app.accounts.digests import send_digests
from app.accounts.letters import compose
from app.accounts.mail_choices import choice_of
from app.accounts.models import Account, LoginSession, Passage, SignInCode
from app.accounts.notices import has_mail
from app.accounts.passages import PASSAGES
from app.accounts.postman import hand_over, keep
from app.config import Settings
from app.core import jobs, retention
from app.core.clock import now
from app.core.db import db
from app.core.models import Job, Revocation
from app.core.offload import offload
from app.core.retention import Lasting, by_key, stays
from app.core.sealed import unseal

# More than a clock that jumps a day ahead by mistake would throw away.
OVER = Lasting(days=2)
PARKED_MAIL_KEPT = Lasting(days=14)
HOURLY = ("accounts:codes", "accounts:sessions", "accounts:ended-rights", "accounts:lost-mails")

log = structlog.get_logger()


@jobs.handler("mail:send", slow=True)
def deliver(payload: dict[str, Any]) -> None:
    """Hand a mail over, if it is still worth it and still wanted. It may leave twice, under the same Message-ID."""
    text = unseal(payload["sealed"])
    if text is None:
        return  # sealed by a house that had another key: nobody can read it any more
    mail = json.loads(text)
    if not has_mail() or _is_over(mail) or not _is_wanted(mail):
        log.info("mail_not_needed")
        return
    settings: Settings = current_app.extensions["settings"]
    message = compose(mail, settings)
    if settings.smtp_url:
        offload(lambda: hand_over(message, settings.smtp_url))
    else:
        offload(lambda: keep(message, settings.instance / "outbox"))


def _is_over(mail: dict[str, Any]) -> bool:
    return bool(mail["until"]) and datetime.fromisoformat(mail["until"]) < now()


def _is_wanted(mail: dict[str, Any]) -> bool:
    """They may have gone, or stopped this kind, while it waited."""
    if not mail["about"]:
        return True
    account_id, kind = mail["about"]
    wanted = db.session.get(Account, account_id) is not None and kind not in choice_of(account_id).stopped
    # A mail server may take its time: nothing of the database is held meanwhile.
    db.session.rollback()
    return wanted


@jobs.every("accounts:digests", minutes=10)
def digests() -> None:
    """The day's summary, to each at their hour."""
    send_digests()


@jobs.every("accounts:quiet", minutes=1)
def end_quiet() -> None:
    """Where nobody moves any more, the session ends."""
    end_quiet_sessions()


@jobs.every("accounts:purge", minutes=60)
def purge() -> None:
    """Codes, sessions and ended rights that have been over for long, and mails that could not leave."""
    for _rule, _gone in retention.run(HOURLY):
        pass


def _over(key: Any, at: Any, lasts: Lasting, *more: Any) -> Callable[[datetime], Select[Any]]:
    return lambda moment: select(key).where(at < lasts.before(moment), *more)


by_key("accounts:codes", ("sign_in_code",), OVER, SignInCode.id, _over(SignInCode.id, SignInCode.expires_at, OVER))
by_key(
    "accounts:sessions", ("login_session",), OVER, LoginSession.id,
    _over(LoginSession.id, LoginSession.expires_at, OVER),
)  # fmt: skip
by_key("accounts:ended-rights", ("revocation",), OVER, Revocation.id, _over(Revocation.id, Revocation.at, OVER))
by_key(
    "accounts:lost-mails", ("job",), PARKED_MAIL_KEPT, Job.id,
    _over(Job.id, Job.parked_at, PARKED_MAIL_KEPT, Job.kind == "mail:send"),
)  # fmt: skip
by_key("accounts:passages", ("passage",), PASSAGES, Passage.id, _over(Passage.id, Passage.at, PASSAGES))
stays("token", "a key works until its owner deletes it, or the account goes")
stays("mail_choice", "it is what the person chose; it goes with the account")
stays("clock_job", "one row for each thing that comes back by the clock")

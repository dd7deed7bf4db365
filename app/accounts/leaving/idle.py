"""Accounts where nobody comes for a year: told a month before, then erased as if the person left."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from app.accounts.addresses import opened
from app.accounts.leaving.actions import erase_account
from app.accounts.mail_choices import choice_of
from app.accounts.models import Account
from app.accounts.notices import in_the_language_of, letterhead, send_mail, written
from app.core.clock import now
from app.core.db import db, transaction
from app.core.retention import Lasting, by_key
from app.web.filters import day_long

IDLE, WARNED = Lasting(months=12), Lasting(months=11)
# Whatever the clock did meanwhile, who can be told has so long to come back.
NOTICE = timedelta(days=28)
LATELY: ColumnElement[datetime] = func.coalesce(Account.seen_on, Account.created_at)
# Who works in a house is let go by its manager, not by the clock.
THEIRS = Account.role == "member"


def warn_idle() -> None:
    """Tell each once, eleven months after their last visit. Who has no address cannot be told."""
    moment = now()
    told = or_(Account.warned_at.is_(None), Account.warned_at <= LATELY)
    idle = and_(THEIRS, WARNED.before(moment) > LATELY, Account.email_sealed.is_not(None), told)
    ids = db.session.scalars(select(Account.id).where(idle)).all()
    db.session.rollback()
    for account_id in ids:
        with transaction():
            account = db.session.scalars(
                select(Account).where(Account.id == account_id, idle).with_for_update()
            ).first()
            if account is not None:
                account.warned_at = moment
                _write(account, moment)


def _write(account: Account, moment: datetime) -> None:
    """Not a mail that one can stop: it says what will be lost."""
    address = opened(account.email_sealed)
    if address is None:
        return
    last = max(IDLE.after(account.seen_on or account.created_at), moment + NOTICE)
    with in_the_language_of(account):
        told = {"house_name": letterhead.name(), "link": f"{current_app.config['BASE_URL']}/sign-in"}
        text = written("idle", day=day_long(last.date()), **told)
        run_at = choice_of(account.id).leaves_at(moment)
        send_mail(address, str(_l("Votre compte ne sert plus")), text, run_at=run_at, about=(account.id, "account"))


def _idle(moment: datetime) -> Select[Any]:
    told = and_(Account.warned_at > LATELY, Account.warned_at < moment - NOTICE)
    return select(Account.id).where(THEIRS, IDLE.before(moment) > LATELY, or_(Account.email_sealed.is_(None), told))


def _erase(account_ids: Sequence[str]) -> None:
    for account_id in account_ids:
        account = db.session.get(Account, account_id, with_for_update=True, populate_existing=True)
        if account is not None:
            erase_account(account, "blank")


# One in each transaction: an account leads to many rows.
by_key("accounts:idle", ("account",), IDLE, Account.id, _idle, _erase, at_once=1)

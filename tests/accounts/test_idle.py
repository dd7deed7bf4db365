"""Nobody comes for a year: told at eleven months, erased at twelve as if the person left."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.accounts.leaving.idle import warn_idle
from app.accounts.models import Account
from app.core import jobs, retention
from app.core.clock import now
from app.core.db import db, transaction
from tests.support import factories as make
from tests.support.cast import Cast, membership
from tests.support.mailbox import Mailbox, words_of

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
BEGIN = datetime(2026, 1, 15, 10, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(BEGIN, tick=False) as travelling:
        yield travelling


@pytest.fixture
def idle(app: Flask, clock: Any, cast: Cast) -> Iterator[Cast]:
    """Everybody was here on the first day."""
    with app.test_request_context():
        with transaction():
            for account in db.session.scalars(select(Account)):
                account.seen_on = BEGIN
        yield cast


def mails(app: Flask) -> list[Any]:
    jobs.run_due(100)
    return list(Mailbox(app.extensions["settings"].instance).mails())


def purge() -> int:
    return dict(retention.run(["accounts:idle"]))["accounts:idle"]


def left(cast: Cast) -> list[str]:
    known = set(db.session.scalars(select(Account.id)))
    return [one.key for one in cast.everyone if one.account_id in known]


def test_told_once_at_eleven_months_by_a_mail_that_names_no_club(app: Flask, idle: Cast, clock: Any) -> None:
    clock.move_to(datetime(2026, 12, 15, 10, tzinfo=UTC))
    warn_idle()
    assert mails(app) == []
    clock.shift(timedelta(minutes=1))
    warn_idle()
    warn_idle()
    told = mails(app)
    assert sorted(mail["To"].split("@")[0] for mail in told) == ["amina", "bruno", "chloe", "dario"]
    for mail in told:
        text = f"{mail['Subject']} {words_of(mail)}".replace("\xa0", " ")
        assert ("onze mois" in text, "15 janvier" in text, "/sign-in" in text) == (True, True, True)
        assert [word for word in ("illeul", "omarin", "lycine", "/mails/") if word in text] == []
    clock.shift(20 * DAY)
    warn_idle()
    assert len(mails(app)) == 4


def test_erased_at_twelve_months_as_if_they_left(app: Flask, idle: Cast, clock: Any) -> None:
    clock.move_to(datetime(2026, 12, 16, 10, tzinfo=UTC))
    warn_idle()
    # Bruno comes back in time.
    with transaction():
        db.session.get_one(Account, idle.bruno.account_id).seen_on = now()
    clock.move_to(datetime(2027, 1, 15, 10, 1, tzinfo=UTC))
    assert purge() == 3
    assert left(idle) == ["bruno", "denis", "elise"]
    clock.shift(DAY)
    jobs.run_due(100)
    gone = membership(idle.amina, "tilleul")
    assert (gone.account_id, gone.name, gone.ended_at is not None) == (None, None, True)
    # A year later he is told again.
    clock.move_to(datetime(2027, 11, 20, 10, tzinfo=UTC))
    warn_idle()
    assert [mail["To"] for mail in mails(app)].count("bruno@demo.example") == 2


def test_who_could_be_told_and_was_not_has_a_month_from_then_on(app: Flask, idle: Cast, clock: Any) -> None:
    """A house that was switched off for two years, and somebody without an address."""
    with transaction():
        make.make_account(seen_on=BEGIN)
    clock.shift(800 * DAY)
    assert purge() == 1
    assert len(left(idle)) == 6
    warn_idle()
    clock.shift(28 * DAY)
    assert purge() == 0
    clock.shift(timedelta(seconds=1))
    assert purge() == 4

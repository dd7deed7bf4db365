"""A question asked of the driver says what a session says, holds nothing afterwards, and is counted like any other."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import bindparam, literal_column, select
from sqlalchemy.exc import DBAPIError

from app.accounts.models import Account
from app.core.clock import now
from app.core.db import NOW, db, transaction
from app.core.questions import Question
from tests.support.cast import Cast

pytestmark = pytest.mark.usefixtures("context")
COLUMNS = (Account.id, Account.demo, Account.created_at, Account.locked_at, Account.created_at <= NOW)
WHO = Question(select(*COLUMNS).where(Account.id == bindparam("which")))


def test_it_says_what_a_session_says_in_the_same_types(cast: Cast) -> None:
    asked = {"which": cast.amina.actor.account_id}
    told = WHO.first(**asked)
    assert not db.session.registry.has()
    assert told is not None
    assert told == tuple(db.session.execute(WHO.statement, asked).one())
    assert [type(each) for each in told] == [str, bool, datetime, type(None), bool]
    assert told[2].tzinfo is UTC
    assert WHO.first(which="nobody") is None


def test_it_holds_no_connection_and_no_snapshot(cast: Cast) -> None:
    which = cast.amina.actor.account_id
    assert WHO.first(which=which)[3] is None
    assert db.engine.pool.checkedout() == 0
    with transaction():
        db.session.get_one(Account, which).locked_at = now()
    assert WHO.first(which=which)[3] is not None


def test_inside_a_transaction_it_sees_what_was_written_there(cast: Cast) -> None:
    which = cast.amina.actor.account_id
    with pytest.raises(KeyError), transaction():
        db.session.get_one(Account, which).locked_at = now()
        assert WHO.first(which=which)[3] is not None
        raise KeyError
    assert WHO.first(which=which)[3] is None


def test_a_fault_has_the_name_that_a_session_gives_it() -> None:
    wrong = Question(select(literal_column("nothing_of_that_name")))
    with pytest.raises(DBAPIError):
        wrong.all()
    assert WHO.first(which="nobody") is None


def test_it_is_counted(app: Flask, cast: Cast, queries: Callable[[], Any]) -> None:
    with queries() as asked:
        WHO.first(which=cast.amina.actor.account_id)
    assert len(asked) == 1

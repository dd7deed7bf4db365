"""PostgreSQL's connections are asked whether they live after a rest or a loss, not before every statement."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.core import pool
from app.core.db import db

pytestmark = [
    pytest.mark.usefixtures("context"),
    pytest.mark.parametrize("engine", ["postgresql"], indirect=True),
]
ONE = text("SELECT pg_backend_pid()")


def used() -> int:
    """The number of the process that answered in the database."""
    with db.engine.connect() as connection:
        return int(connection.execute(ONE).scalar_one())


def killed(*numbers: int) -> None:
    """The server ends these connections, as when it dies."""
    address = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as other:
        for number in numbers:
            other.execute("SELECT pg_terminate_backend(%s, 10000)", (number,))


def two() -> tuple[int, int]:
    """The numbers of two connections that then rest in the pool."""
    with db.engine.connect() as first, db.engine.connect() as second:
        return first.execute(ONE).scalar_one(), second.execute(ONE).scalar_one()


@pytest.fixture
def pings(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Each question whether a connection lives."""
    asked: list[Any] = []
    stock = db.engine.dialect.do_ping
    monkeypatch.setattr(db.engine.dialect, "do_ping", lambda each: asked.append(each) or stock(each))
    return asked


def test_who_was_used_a_moment_ago_is_not_asked(pings: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    # A moment is long on a busy machine, and another test may have lost a connection of this pool before.
    monkeypatch.setattr(pool, "RESTED_SECONDS", 600.0)
    monkeypatch.setattr(pool, "DOUBT_SECONDS", 0.0)
    db.engine.dispose()
    assert used() == used()
    assert pings == []


def test_who_rested_is_asked_and_replaced(pings: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    gone, _other = two()
    killed(gone)
    monkeypatch.setattr(pool, "RESTED_SECONDS", -1.0)
    assert len({used() for _ in range(3)} & {gone}) == 0
    assert len(pings) > 0


def test_after_one_loss_all_are_asked(pings: list[Any]) -> None:
    both = two()
    killed(*both)
    heard = failures(used, 4)
    assert heard <= 1
    assert used() not in both
    assert len(pings) > 0


def failures(act: Callable[[], Any], times: int) -> int:
    """How often it fails by the connection, of so many times."""
    failed = 0
    for _ in range(times):
        try:
            act()
        except OperationalError:
            failed += 1
    return failed

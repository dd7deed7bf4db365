"""A migrated database in an instant: Alembic runs once for each engine, the rest are copies."""

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade

from tests.support import postgres
from tests.support.run import folder, once

ENGINES = ("sqlite", "postgresql")
GUARDS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('journal_entry', 'break_glass')"
Run = Callable[..., Any]
_numbers = itertools.count()


def new_database(engine: str) -> str:
    """The address of a new database with every migration applied and no row."""
    name = f"t{os.getpid()}_{next(_numbers)}"
    if engine == "postgresql":
        return postgres.create_database(name, _postgres_template())
    copy = folder() / f"{name}.sqlite3"
    shutil.copyfile(_sqlite_template(), copy)
    return f"sqlite:///{copy}"


@contextmanager
def own_cluster() -> Iterator[postgres.Cluster]:
    """A PostgreSQL for one test, which may take it away, with every migration applied."""
    with postgres.own_cluster() as cluster:
        if os.environ.get("TEST_DATABASE_URL"):
            migrate(cluster.url)
        else:
            cluster.fill_like(postgres.database_url(_postgres_template()))
        yield cluster


def empty_database(engine: str) -> str:
    """The address of a new database without any table."""
    name = f"e{os.getpid()}_{next(_numbers)}"
    if engine == "postgresql":
        return postgres.create_database(name)
    return f"sqlite:///{folder() / name}.sqlite3"


def _sqlite_template() -> Path:
    with once("template.sqlite3") as path:
        if not path.exists():
            working = folder() / "migrating.sqlite3"
            migrate(f"sqlite:///{working}")
            working.rename(path)
        return path


def _postgres_template() -> str:
    with once("template.postgres") as path:
        if not path.exists():
            migrate(postgres.create_database("pepiniere_template"))
            path.write_text("pepiniere_template")
        return path.read_text()


def migrate(url: str) -> None:
    """Apply every migration, as ``flask db upgrade`` does."""
    from tests.support.application import make_app

    app = make_app(url)
    with app.app_context():
        upgrade()
    close(app)


def close(app: Flask) -> None:
    """Close the pool; SQLite then folds its journal into the file."""
    from app.core.db import db

    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def empty(app: Flask, *, keep: str = "") -> None:
    """Delete every row of every table (but one). Only tables that hold one are touched: a test pays for its own."""
    from app.core.db import db

    with app.app_context(), db.engine.connect() as connection:
        clear = _empty_sqlite if connection.dialect.name == "sqlite" else _empty_postgres
        try:
            clear(connection.connection.cursor().execute, keep)
        except BaseException:
            connection.invalidate()  # it would check no foreign key for who has it next
            raise


@cache
def _which_hold_rows() -> str:
    from app.core.db import db

    return " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in db.metadata.tables)


def _filled(run: Run, keep: str) -> list[str]:
    return [name for (name,) in run(_which_hold_rows()).fetchall() if name != keep]


def _empty_sqlite(run: Run, keep: str) -> None:
    # A live server may hold the file for a moment: wait for it, and begin as a writer.
    run("PRAGMA busy_timeout = 10000")
    run("PRAGMA foreign_keys = OFF")
    run("BEGIN IMMEDIATE")
    names = _filled(run, keep)
    # The journal and the emergencies refuse to be emptied: their guards are off for a moment, in one transaction.
    guards = run(GUARDS).fetchall() if {"journal_entry", "break_glass"} & set(names) else []
    for name, _sql in guards:
        run(f"DROP TRIGGER {name}")
    for name in names:
        run(f'DELETE FROM "{name}"')
    for _name, sql in guards:
        run(sql)
    run("COMMIT")
    run("PRAGMA foreign_keys = ON")
    run("PRAGMA busy_timeout = 0")


def _empty_postgres(run: Run, keep: str) -> None:
    # No guard and no foreign key is asked, for this transaction alone.
    run("SET LOCAL session_replication_role = replica")
    for name in _filled(run, keep):
        run(f'DELETE FROM "{name}"')
    run("SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence")
    run("COMMIT")


def rest(app: Flask) -> None:
    """Leave no transaction open behind a test."""
    from app.core.db import db

    with app.app_context():
        db.session.remove()

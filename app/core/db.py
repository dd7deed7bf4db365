"""The database: one ``transaction()`` for every write, and the only place that knows the two engines.

SQLite: WAL, ``synchronous=FULL``, ``secure_delete``, and one write lane per process. SQLite waits in C, which would
stop the event loop, so a writer takes the lane first (it yields), then ``BEGIN IMMEDIATE`` with no busy timeout; a
clash with another process is retried with short sleeps for ten seconds, then it is ``Unavailable``.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import structlog
from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, MetaData, event
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from app.core.errors import Unavailable

LOCK_WAIT_SECONDS = 10.0
WRITE = {"pepiniere_write": True}
# What the driver or the pool says when the database is away, locked or overrun.
AWAY = (OperationalError, InterfaceError, PoolTimeout)

log = structlog.get_logger()


class Base(DeclarativeBase):
    """Every table; constraint names are given, so that both engines and the migrations agree."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
migrate = Migrate(render_as_batch=True)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC moment on both engines (SQLite keeps no zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def engine_options(url: str) -> dict[str, Any]:
    """What create_engine needs for this address."""
    if not url.startswith("sqlite"):
        return {"pool_pre_ping": True, "pool_size": 5, "max_overflow": 10, "pool_timeout": 10}
    return {"module": _sqlite_module(), "connect_args": {"timeout": 0}, "pool_timeout": 10}


def _sqlite_module() -> Any:
    """A recent SQLite: before 3.51.3 a WAL database used by several connections can be corrupted."""
    try:
        import pysqlite3.dbapi2 as sqlite
    except ImportError:
        import sqlite3 as sqlite
    return sqlite


def init_db(app: Flask) -> None:
    """Bind the engine and its pragmas to the application."""
    db.init_app(app)
    migrate.init_app(app, db, directory=str(app.config["MIGRATIONS_DIR"]))
    with app.app_context():
        if is_sqlite():
            event.listen(db.engine, "connect", _on_sqlite_connect)
            event.listen(db.engine, "begin", _on_sqlite_begin)


def is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def _on_sqlite_connect(dbapi_connection: Any, _record: Any) -> None:
    # The driver must not begin transactions by itself: the "begin" event below says how.
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    for pragma in ("busy_timeout=0", "foreign_keys=ON", "synchronous=FULL", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    if cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        cursor.execute("PRAGMA journal_mode=WAL")
    cursor.close()


def _on_sqlite_begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("pepiniere_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


_lane = threading.Semaphore(1)


@contextmanager
def transaction(patience: float = LOCK_WAIT_SECONDS) -> Iterator[None]:
    """One write: all of it or nothing. Re-entrant: an inner call joins the outer one.

    Nothing that yields (mail, socket, file) belongs inside; register it with ``on_commit``.
    patience: seconds to wait for a locked database. Raises Unavailable when it stays locked or is away.
    """
    session = db.session()
    if "hooks" in session.info:
        yield
        return
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("something was written outside transaction()")
    # What was read before may be old by now: rights are judged on what the lane sees.
    session.rollback()
    session.expire_all()
    hooks: list[Callable[[], None]] = []
    with _write_lane(patience):
        _begin(session, patience)
        session.info["hooks"] = hooks
        try:
            yield
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info.pop("hooks", None)
    _run(hooks)


def on_commit(hook: Callable[[], None]) -> None:
    """Run ``hook`` once the current transaction is durable; never if it is rolled back."""
    db.session().info["hooks"].append(hook)


def give_connection_back() -> None:
    """End a read before waiting for somebody: the pool is small, and who is waited for needs a connection too.

    What was read stays as it was read. Never inside ``transaction()``.
    """
    session = db.session()
    if "hooks" in session.info:
        raise RuntimeError("a transaction is not ended half-way")
    session.commit()


def _run(hooks: list[Callable[[], None]]) -> None:
    for hook in hooks:
        try:
            hook()
        except Exception as error:  # what is committed stays true, whatever a push does
            log.error("hook_failed", error=type(error).__name__)


@contextmanager
def _write_lane(patience: float) -> Iterator[None]:
    if not is_sqlite():
        yield
        return
    if not _lane.acquire(timeout=patience):
        raise Unavailable()
    try:
        yield
    finally:
        _lane.release()


def _begin(session: Session, patience: float) -> None:
    deadline = time.monotonic() + patience
    while True:
        try:
            session.connection(execution_options=WRITE)
            return
        except OperationalError as error:
            session.rollback()
            if not is_locked(error) or time.monotonic() > deadline:
                raise Unavailable() from error
            time.sleep(random.uniform(0.005, 0.05))


def upsert(table: Any) -> Any:
    """An INSERT that knows ON CONFLICT, in the words of the present engine."""
    return (sqlite_insert if is_sqlite() else postgresql_insert)(table)


def is_locked(error: DBAPIError) -> bool:
    """Another process holds SQLite's write lock."""
    return "locked" in str(error.orig) or "busy" in str(error.orig)


def constraint_of(error: DBAPIError) -> str:
    """What the engine says was broken: a constraint's name (PostgreSQL), its columns or a trigger's word (SQLite)."""
    diag = getattr(error.orig, "diag", None)
    name = getattr(diag, "constraint_name", None)
    return str(name or error.orig)


def dispose() -> None:
    """Close every pooled connection (before a fork, at the end of a test)."""
    engine: Engine = db.engine
    engine.dispose()

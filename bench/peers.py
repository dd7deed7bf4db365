"""What ours is measured beside in the same run: a C broadcaster, node's socket.io, a bare commit on the same disk."""

import os
import shutil
import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from app.core.ids import new_id
from bench.load import REFERENCE, Subject, built, pin
from bench.places import percentile, scratch
from tests.support.process import free_port

NODE = REFERENCE / "node"
COMMITS, PAUSE = 300, 0.01
BODY = "salon atelier rendez-vous merci jeudi soir club entretien question bonjour salle horaire conseil demain " * 2


def missing() -> dict[str, str]:
    """What cannot be measured here, each with its reason."""
    found = {}
    if shutil.which("gcc") is None:
        found["members and C broadcaster"] = "gcc is not here (with the headers of zlib)"
    if shutil.which("node") is None or shutil.which("npm") is None:
        found["node"] = "node or npm is not here"
    elif not _packages():
        found["node"] = "npm could not fetch socket.io"
    return found


def _packages() -> bool:
    """socket.io at the versions of the lockfile, once, in a folder that git does not see."""
    if (NODE / "node_modules" / "socket.io").is_dir():
        return True
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    return subprocess.run(command, cwd=NODE, check=False, capture_output=True).returncode == 0


@contextmanager
def c_broadcaster() -> Iterator[Subject]:
    """Stores nothing, knows nobody: the least that a delivery can cost."""
    port = free_port()
    with _running([str(built("rawcast")), str(port)], port) as pid:
        yield Subject(port, [pid])


@contextmanager
def node() -> Iterator[Subject]:
    """Stores nothing; who comes back is served from memory."""
    port = free_port()
    with _running(["node", str(NODE / "sio.js")], port, PORT=str(port)) as pid:
        yield Subject(port, [pid], {"hdr": "Cookie: session=x\r\n"})


@contextmanager
def _running(command: list[str], port: int, **environ: str) -> Iterator[int]:
    process = subprocess.Popen(command, env={**os.environ, **environ})
    try:
        _wait_for(port)
        pin(process.pid)
        yield process.pid
    finally:
        process.kill()
        process.wait()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("the reference did not start")


def bare_commits(url: str) -> dict[str, float]:
    """One row and one sync, with a breath between them, by the driver alone: p50 and p99 in ms."""
    commit = _sqlite() if url.startswith("sqlite") else _postgresql(url)
    taken = []
    for _ in range(COMMITS):
        begun = time.perf_counter()
        commit()
        taken.append((time.perf_counter() - begun) * 1000)
        time.sleep(PAUSE)
    return {"p50": round(percentile(taken, 0.5), 2), "p99": round(percentile(taken, 0.99), 2)}


def _sqlite() -> Callable[[], Any]:
    connection = sqlite3.connect(scratch() / "bare.sqlite3", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE said (id TEXT PRIMARY KEY, body TEXT)")
    return lambda: connection.execute("INSERT INTO said VALUES (?, ?)", (new_id(), BODY))


def _postgresql(url: str) -> Callable[[], Any]:
    import psycopg

    connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
    connection.execute("CREATE TABLE bare_said (id TEXT PRIMARY KEY, body TEXT)")
    return lambda: connection.execute("INSERT INTO bare_said VALUES (%s, %s)", (new_id(), BODY))

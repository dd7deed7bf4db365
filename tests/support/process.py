"""The real server, started as in real life, on an installation of its own."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import requests
from flask import Flask

from app.config import ROOT
from tests.support import databases
from tests.support.application import SECRET, make_app, new_instance
from tests.support.cast import Cast, make_cast
from tests.support.mailbox import Mailbox
from tests.support.waiting import wait_until_up

# On a busy machine. That it stops in five seconds is for one test to judge, not for each that ends.
STOP_SECONDS = 30


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children(pid: int) -> list[int]:
    """The processes that this one has started and that are still there."""
    told = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(each) for each in told.split()]


def command_of(pid: int) -> bytes:
    """How a process was started; nothing once it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def established(port: int) -> set[str]:
    """The connections that lead to this port of ours, as the kernel numbers them."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {line[9] for line in lines if int(line[1].split(":")[1], 16) == port and line[3] == "01"}


def sockets_of(pid: int) -> set[str]:
    """What sockets a process holds open, by the same numbers."""
    found = set()
    for each in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            found.add(str(each.readlink()).removeprefix("socket:[").removesuffix("]"))
    return found


class Server:
    """``python -m app.server``. ``app`` is the same installation in this process, to fill and to read."""

    # What it is started by: a network of its own, for instance. Where its code is.
    within: tuple[str, ...] = ()
    root: Path = ROOT

    def __init__(self, database_url: str, **settings: Any) -> None:
        self.instance = new_instance()
        self.database_url = database_url
        self.settings = {"LIMIT_FACTOR": "1000", "CANARY": "off", "PORT": free_port(), **settings}
        self.url = f"http://127.0.0.1:{self.settings['PORT']}"
        self.public_url = str(self.settings.get("BASE_URL", self.url))
        self.mailbox = Mailbox(self.instance)
        self.log, self.printed = self.instance / "stderr.log", self.instance / "stdout.log"
        self.app: Flask = make_app(database_url, **{**self.settings, "INSTANCE_DIR": self.instance})
        self.process: subprocess.Popen[bytes] | None = None
        self.cast: Cast | None = None

    @property
    def environ(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        told = {"SECRET_KEY": SECRET, "INSTANCE_DIR": self.instance, "DATABASE_URL": self.database_url, **self.settings}
        return kept | {name: str(value) for name, value in told.items()}

    def fill(self) -> Cast:
        """Put the cast in the house."""
        with self.app.app_context():
            self.cast = make_cast()
        return self.cast

    def renew(self) -> Cast:
        """Nothing of the test before: no row, no mail, nothing said; and the cast."""
        # Numbers of revocations must not begin again under a server that remembers them.
        databases.empty(self.app, keep="revocation")
        self.mailbox.empty()
        os.truncate(self.log, 0)
        return self.fill()

    def start(self) -> "Server":
        """Start, and wait until the server says that it is ready, with all its processes."""
        begun = self.printed.stat().st_size if self.printed.exists() else 0
        with open(self.log, "ab") as log, open(self.printed, "ab") as printed:
            self.process = subprocess.Popen(
                [*self.within, sys.executable, "-m", "app.server"],
                cwd=self.root,
                env=self.environ,
                stdout=printed,
                stderr=log,
            )
        wait_until_up(self.process, lambda: self._ready(begun), self.log)
        return self

    def _ready(self, begun: int) -> bool:
        try:
            # Printed once all of them serve.
            return (
                "Mails" in self.printed.read_text()[begun:]
                and requests.get(f"{self.url}/readyz", timeout=2).status_code == 200
            )
        except requests.RequestException:
            return False

    def serving(self) -> list[int]:
        """With several workers: the processes that serve at this moment, old and new."""
        assert self.process is not None
        return [pid for pid in children(self.process.pid) if b"--listen" in command_of(pid)]

    def shares(self) -> list[int]:
        """How many connections each of these processes has at this moment."""
        ours = established(int(self.settings["PORT"]))
        return [len(ours & sockets_of(pid)) for pid in sorted(self.serving())]

    def stop(self) -> float:
        """Ask it to end; returns the seconds that it took."""
        process, self.process = self.process, None
        if process is None:
            return 0.0
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"SIGTERM: the server was still there after {STOP_SECONDS} seconds") from None
        return time.monotonic() - begun

    def kill(self) -> None:
        """As when the power goes."""
        process, self.process = self.process, None
        if process is not None:
            others = children(process.pid)
            process.kill()
            for pid in others:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.wait()

    def said(self) -> str:
        """Everything that it wrote on standard error."""
        return Path(self.log).read_text()

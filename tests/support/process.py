"""The real server, started as in real life, on an installation of its own."""

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
from tests.support.application import SECRET, make_app, new_instance
from tests.support.cast import Cast, make_cast
from tests.support.mailbox import Mailbox

# On a busy machine. That it stops in five seconds is for one test to judge, not for each that ends.
START_SECONDS = 120
STOP_SECONDS = 30


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """``python -m app.server``. ``app`` is the same installation in this process, to fill and to read."""

    def __init__(self, database_url: str, **settings: Any) -> None:
        self.instance = new_instance()
        self.database_url = database_url
        self.settings = {"LIMIT_FACTOR": "1000", "PORT": free_port(), **settings}
        self.url = f"http://127.0.0.1:{self.settings['PORT']}"
        self.public_url = str(self.settings.get("BASE_URL", self.url))
        self.mailbox = Mailbox(self.instance)
        self.log = self.instance / "stderr.log"
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

    def start(self) -> "Server":
        """Start, and wait until the server says that it is ready."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "app.server"], cwd=ROOT, env=self.environ, stdout=subprocess.DEVNULL, stderr=log
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"the server did not start:\n{self.log.read_text()}")
            time.sleep(0.05)
        return self

    def _ready(self) -> bool:
        try:
            return requests.get(f"{self.url}/readyz", timeout=2).status_code == 200
        except requests.RequestException:
            return False

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
            process.kill()
            process.wait()

    def said(self) -> str:
        """Everything that it wrote on standard error."""
        return Path(self.log).read_text()

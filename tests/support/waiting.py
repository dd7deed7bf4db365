"""Waiting for an event: it decides, the seconds only say when to give up."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SETTLED = 120


def wait_for(
    true: Callable[[], Any],
    what: object,
    seconds: float = SETTLED,
    pause: Callable[[], object] = lambda: time.sleep(0.02),
) -> Any:
    """Wait until something is true; what it was. Fails with ``what`` is not. pause: how, where a browser goes on."""
    until = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < until, repr(what)
        pause()
    return found


def wait_until_up(process: "subprocess.Popen[Any]", ready: Callable[[], bool], output: Path) -> None:
    """Wait until a program that was started is ready. Fails with what it said when it ends, or takes too long."""
    until = time.monotonic() + SETTLED
    while not ready():
        if process.poll() is not None or time.monotonic() > until:
            raise AssertionError(f"it did not start:\n{output.read_text()}")
        time.sleep(0.02)

"""A fresh copy of the house, as somebody gets who has just cloned it, and ``make`` run in it.

The virtual environment is the one that runs the tests, lent by links, so that nothing is fetched from the network; that
``make run`` makes one and fills it on a bare machine is not tried here.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from app.config import ROOT
from tests.support.process import children, free_port
from tests.support.waiting import wait_until_up


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What git knows of, and what is about to be added; nothing that is ignored."""
    folder = tmp_path_factory.mktemp("clone")
    for name in tracked():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def tracked() -> list[str]:
    asked = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    return [name for name in told.split("\0") if name and (ROOT / name).is_file()]


def lend_environment(folder: Path) -> None:
    """Links to the environment of the tests; what says that it is filled is the copy's own."""
    (folder / ".venv").mkdir(exist_ok=True)
    for each in Path(sys.prefix).iterdir():
        if each.name in ("bin", "lib", "lib64", "include", "pyvenv.cfg"):
            (folder / ".venv" / each.name).symlink_to(each)
    (folder / ".venv" / ".installed").touch()


def environ(home: Path, **settings: Any) -> dict[str, str]:
    """Nothing but a path, an empty home and the settings given."""
    return {"PATH": os.environ["PATH"], "HOME": str(home), **{name: str(value) for name, value in settings.items()}}


class Run:
    """``make run`` in the foreground of its own process group. ``lines``: what it has printed when it is ready."""

    def __init__(self, folder: Path, home: Path, **settings: Any) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.output = home / f"output-{self.port}.log"
        with open(self.output, "wb") as output:
            self.process = subprocess.Popen(
                ["make", "run"], cwd=folder, env=environ(home, PORT=self.port, **settings), stdout=output,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    def ready(self) -> "Run":
        wait_until_up(self.process, self._answers, self.output)
        return self

    def _answers(self) -> bool:
        try:
            return "Mails go to" in self.output.read_text() and requests.get(f"{self.url}/healthz", timeout=2).ok
        except requests.RequestException:
            return False

    @property
    def lines(self) -> list[str]:
        return self.output.read_text().splitlines()

    @property
    def server(self) -> int:
        """The process that make waits for."""
        (child,) = children(self.process.pid)
        return child

    def end(self, pid: int) -> tuple[int, float]:
        """Ask one of the processes to end; how make ended, and after how many seconds."""
        begun = time.monotonic()
        os.kill(pid, signal.SIGTERM)
        return self.process.wait(30), time.monotonic() - begun

    def clear(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@pytest.fixture
def make_run(clone: Path, tmp_path: Path) -> Iterator[Callable[..., Run]]:
    """``make_run(BASE_URL=…)`` starts it and waits until it answers."""
    started: list[Run] = []
    if not (clone / ".venv").exists():
        lend_environment(clone)

    def start(**settings: Any) -> Run:
        started.append(
            Run(clone, tmp_path, INSTANCE_DIR=settings.pop("INSTANCE_DIR", tmp_path / "instance"), **settings)
        )
        return started[-1].ready()

    yield start
    for each in started:
        each.clear()

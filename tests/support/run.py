"""One run of the tests: its folder, shared by the parallel workers, and the parts that this machine cannot run."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest

VARIABLE = "PEPINIERE_TEST_RUN"
ROOMY = 6 * 2**30


def begin(*, on_disk: bool = False) -> bool:
    """Make the run's folder; False in a parallel worker, which finds it made."""
    if VARIABLE in os.environ:
        return False
    folder = Path(tempfile.mkdtemp(prefix="pepiniere-tests-", dir=None if on_disk else _memory()))
    folder.chmod(0o755)  # PostgreSQL runs as somebody else when we are root
    os.environ[VARIABLE] = str(folder)
    return True


def _memory() -> str | None:
    """Where much of it is free: a test that commits waits for no disk. What is asked of the disk is read back."""
    path = Path("/dev/shm")
    roomy = path.is_dir() and os.access(path, os.W_OK) and shutil.disk_usage(path).free >= ROOMY
    return str(path) if roomy else None


def end() -> None:
    shutil.rmtree(os.environ.pop(VARIABLE), ignore_errors=True)


def folder() -> Path:
    return Path(os.environ[VARIABLE])


@contextmanager
def once(name: str) -> Iterator[Path]:
    """Let one worker at a time prepare something; it sees by the path whether that was done."""
    path = folder() / name
    with open(folder() / f"{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield path


def cannot_run(reason: str) -> NoReturn:
    """Name a part that this machine cannot run. In continuous integration that is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"cannot run here: {reason}", pytrace=False)
    pytest.skip(f"cannot run here: {reason}")

"""The members: one C program that plays them all (``reference/wsload.c``), on a core of its own where there are two."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.places import folder

REFERENCE = Path(__file__).resolve().parent / "reference"
Phase = dict[str, Any]
# No scenario takes longer, whatever becomes of who is measured: its own waits, told in the program, end before.
MOST_SECONDS = 300
SETTLED_SECONDS, AT_REST = 20.0, 0.15


class Cut(Exception):
    """A scenario that did not come to its end."""


@dataclass(frozen=True)
class Scenario:
    """What is played, in the words of wsload. A short run plays the same for a shorter time."""

    title: str
    options: dict[str, Any]
    short: dict[str, Any]

    def played(self, *, short: bool) -> dict[str, Any]:
        return {**self.options, **(self.short if short else {})}


SCENARIOS = {
    "room": Scenario(
        "one room of 1,000, 5 posts a second",
        {"conns": 1000, "rooms": 1, "senders": 5, "rate": 5, "dur": 20, "warm": 3},
        {"dur": 6, "warm": 1},
    ),
    "clubs": Scenario(
        "50 clubs of 20, 20 posts a second",
        {"conns": 1000, "rooms": 50, "senders": 2, "rate": 20, "dur": 20, "warm": 3},
        {"dur": 6, "warm": 1},
    ),
    "storm": Scenario(
        "1,000 return at once, 10 missed each",
        {"conns": 1000, "rooms": 50, "senders": 1, "rate": 20, "dur": 5, "mode": "storm", "backlog": 10, "rampto": 60},
        {"dur": 3},
    ),
    "idle": Scenario(
        "5,000 idle",
        {"conns": 5000, "rooms": 250, "senders": 1, "mode": "idle", "hold": 10, "rampto": 180},
        {"conns": 1000, "rooms": 50, "hold": 2},
    ),
}


@dataclass(frozen=True)
class Subject:
    """Something that is measured: where it listens, its processes, how to speak to it."""

    port: int
    pids: list[int]
    words: dict[str, Any] = field(default_factory=dict)


def built(name: str, *libraries: str) -> str | None:
    """A program of ``reference/``, built for this run; None where there is no compiler."""
    if shutil.which("gcc") is None:
        return None
    program = folder() / name
    if not program.exists():
        source = REFERENCE / f"{name}.c"
        subprocess.run(["gcc", "-O2", "-w", "-o", program, source, *libraries], check=True)
    return str(program)


def play(subject: Subject, options: dict[str, Any]) -> dict[str, Phase]:
    """Play a scenario against a subject: what was seen in each phase."""
    told = {"port": subject.port, "pids": ",".join(map(str, subject.pids)), **options, **subject.words}
    command = [str(built("wsload", "-lz", "-lm")), *(f"{name}={value}" for name, value in told.items())]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=MOST_SECONDS, preexec_fn=_on_its_core
        )
    except subprocess.TimeoutExpired as late:
        raise Cut(f"not at its end after {MOST_SECONDS} s") from late
    phases = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if not phases or done.returncode:
        raise Cut(f"the load ended with {done.returncode}: {done.stderr[-500:]}")
    return {phase["phase"]: phase for phase in phases}


def pin(pid: int, *, to: int = 0) -> None:
    """Keep a process to one core, so that the members' work is not counted as its own."""
    if (os.cpu_count() or 1) > 1:
        for thread in os.listdir(f"/proc/{pid}/task"):
            os.sched_setaffinity(int(thread), {to})


def settle(pids: Sequence[int]) -> None:
    """Wait until processes that have just begun are at rest: what their start costs is not what is measured."""
    deadline = time.monotonic() + SETTLED_SECONDS
    before = _spent(pids)
    while time.monotonic() < deadline:
        time.sleep(1)
        now = _spent(pids)
        if now - before < AT_REST:
            return
        before = now


def _spent(pids: Sequence[int]) -> float:
    """Seconds of processor."""
    told = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids]
    return sum(int(each[11]) + int(each[12]) for each in told) / os.sysconf("SC_CLK_TCK")


def _on_its_core() -> None:
    if (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {1})


def family(pid: int) -> list[int]:
    """A process and all that came from it."""
    found = [pid]
    for one in found:
        for thread in Path(f"/proc/{one}/task").iterdir():
            found += map(int, (thread / "children").read_text().split())
    return found

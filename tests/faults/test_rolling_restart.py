"""New code comes in under load: no post fails, nobody is kept waiting, and every screen shows all of it in order."""

import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from app.config import ROOT
from tests.support import databases
from tests.support.phone import Phone
from tests.support.process import Server
from tests.support.redis import valkey
from tests.support.run import folder
from tests.support.scale import scaled
from tests.support.talk import Talk
from tests.support.waiting import SETTLED, wait_for

WAYS = ("socket", "socket", "poll", "fresh", "form")
CALM = 50  # messages before, and after
PAUSE = 0.5  # seconds between two messages of one: the house is busy, and not beyond what this machine can
SIDE_BY_SIDE = scaled(0, 60)  # seconds of renewals, one after the other
LONGEST_PAUSE = 5.0
OLD = '{"status": "ok"}'


def new_release(root: Path, number: int) -> dict[str, Any]:
    """Put code in place that answers otherwise than what serves; what it will say on /healthz."""
    path = root / "app" / "web" / "health.py"
    told = {"status": "ok", "release": number}
    path.write_text((ROOT / "app" / "web" / "health.py").read_text().replace(OLD, str(told)))
    return told


@pytest.fixture
def house() -> Iterator[Server]:
    """Two processes with Redis, which run from a copy of the code."""
    root = folder() / "release"
    for name in ("app", "migrations"):
        shutil.copytree(ROOT / name, root / name)
    with valkey() as redis:
        server = Server(databases.new_database("sqlite"), WORKERS=2, REDIS_URL=redis.url)
        server.root = root
        try:
            server.fill()
            yield server.start()
        finally:
            server.stop()
            databases.close(server.app)
            shutil.rmtree(root)


def health(server: Server) -> dict[str, Any]:
    answer: dict[str, Any] = requests.get(f"{server.url}/healthz", timeout=SETTLED).json()
    return answer


def renewed(server: Server, number: int) -> None:
    """One release after the other: the old processes serve until the new ones do, and all go."""
    old, told = set(server.serving()), new_release(server.root, number)
    assert server.process is not None
    assert health(server) != told
    server.process.send_signal(signal.SIGHUP)
    wait_for(lambda: len(old & set(server.serving())) == 2 and len(server.serving()) == 4, "side by side")
    wait_for(lambda: len(server.serving()) == 2 and not old & set(server.serving()), "only the new", SETTLED)
    assert health(server) == told


def pauses(phones: list[Phone]) -> float:
    """Seconds that the unluckiest waited for an answer, or for the next row, since this was asked last."""
    longest = max(max(phone.longest, phone.screen.longest) for phone in phones)
    for phone in phones:
        phone.longest = phone.screen.longest = 0.0
    return longest


def test_new_code_comes_in_under_load_and_no_post_fails(house: Server) -> None:
    assert house.cast is not None
    assert health(house) == {"status": "ok"}
    talk = Talk(house, house.url, (house.cast.amina,), WAYS, pause=PAUSE, seconds=SETTLED).start()
    try:
        talk.go_on(CALM)
        before = pauses(talk.phones)
        begun, number = time.monotonic(), 0
        while number == 0 or time.monotonic() - begun < SIDE_BY_SIDE:
            number += 1
            renewed(house, number)
        talk.go_on(CALM)
        during = pauses(talk.phones)
        talk.hush()
        assert talk.check() >= 2 * CALM
    finally:
        talk.end()
    print(f"{number} renewals, {talk.answered} posts, longest pause {during:.2f} s, {before:.2f} s before")
    # By a socket one may have to say it again on the next; every request is answered with yes the first time.
    asked = [phone for phone in talk.phones if phone.way != "socket"]
    assert [(phone.way, phone.unanswered) for phone in asked if phone.tries > len(phone.answered)] == []
    # What a machine that is busy otherwise makes everybody wait is not the renewal's.
    assert during < LONGEST_PAUSE + before
    said = [line for line in house.said().splitlines() if "redis" not in line and "renewed" not in line]
    assert said == []
    assert house.said().count('"event": "renewed"') == number

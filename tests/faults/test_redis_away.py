"""Redis is away for a while: people talk on, every screen shows all of it, and budgets are counted all the same."""

import time
import uuid
from collections.abc import Iterator

import pytest
import requests

from tests.faults.test_several_workers import of
from tests.support import clients, databases
from tests.support.phone import WAYS, Line
from tests.support.process import Server
from tests.support.redis import Valkey, valkey
from tests.support.scale import scaled
from tests.support.talk import Talk, key_of
from tests.support.waiting import wait_for

LINES = 40
PAUSE = 2.0  # seconds between two messages of one: six stay within the budgets of two
AWAY = scaled(3, 30)  # seconds
BACK = 35.0  # seconds after which every screen must be alike
FACTOR = 10
PER_MINUTE, BURST = 10 * FACTOR, 5 * FACTOR


def queue(server: Server) -> str:
    return str(requests.get(f"{server.url}/readyz", timeout=BACK).json()["queue"])


def until_refused(server: Server) -> tuple[requests.Response, int, float]:
    """Post as fast as one can: the refusal, how many were taken before, and in how many seconds."""
    assert server.cast is not None
    headers = {"Authorization": f"Bearer {clients.api_of(server.app, server.cast.dario).secret}"}
    first = {"title": "Trop vite", "body": "On commence.", "client_id": str(uuid.uuid4())}
    opened = requests.post(f"{server.url}/api/v1/clubs/romarin/threads", json=first, headers=headers, timeout=BACK)
    where = f"{server.url}/api/v1/threads/{opened.json()['thread']['id']}/messages"
    begun, taken = time.monotonic(), 1
    while True:
        said = {"client_id": str(uuid.uuid4()), "body": "encore"}
        answer = requests.post(where, json=said, headers=headers, timeout=BACK)
        if answer.status_code != 201:
            return answer, taken, time.monotonic() - begun
        taken += 1


@pytest.fixture(scope="module")
def redis() -> Iterator[Valkey]:
    with valkey() as server:
        yield server


@pytest.fixture(scope="module")
def house(redis: Valkey) -> Iterator[Server]:
    """Two processes."""
    server = Server(databases.new_database("sqlite"), WORKERS=2, REDIS_URL=redis.url, LIMIT_FACTOR=FACTOR)
    server.fill()
    yield server.start()
    server.stop()
    databases.close(server.app)


def test_both_processes_take_their_share_of_the_connections(house: Server) -> None:
    key = key_of(house, of(house).amina, "socket")
    lines = [Line(house.url, key, BACK) for _ in range(LINES)]
    shares = house.shares()
    print(f"connections of each process: {shares}")
    for line in lines:
        line.close()
    assert (len(shares), sum(shares)) == (2, LINES)
    # Whoever is awake takes the next one: half each is not promised, but neither is left out.
    assert min(shares) >= LINES / 10


def test_people_talk_on_while_redis_is_away_and_budgets_hold(house: Server, redis: Valkey) -> None:
    cast = of(house)
    talk = Talk(house, house.url, (cast.amina, cast.bruno), WAYS, pause=PAUSE, seconds=BACK).start()
    try:
        talk.go_on(10)
        redis.stop()
        gone = time.monotonic()
        wait_for(lambda: queue(house) == "none", "redis is away")
        refused, taken, seconds = until_refused(house)
        talk.go_on(10)
        wait_for(lambda: time.monotonic() - gone >= AWAY, "the time to be over")
        redis.start()
        wait_for(lambda: queue(house) == "redis", "redis is back")
        head = max(row["seq"] for row in talk.messages())
        screens = [phone.screen for phone in talk.phones if phone.way != "form"]
        wait_for(lambda: all((screen.last or 0) >= head for screen in screens), talk.phones, BACK)
        talk.hush()
        assert talk.check() >= 20
    finally:
        talk.end()
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60 / PER_MINUTE + 1
    # Each of the two counts alone, and neither lets more through than the budget.
    assert BURST <= taken <= 2 * (BURST + 1 + seconds * PER_MINUTE / 60)
    assert [phone.unanswered for phone in talk.phones if phone.unanswered] == []

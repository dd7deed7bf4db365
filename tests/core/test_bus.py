"""Nudges between processes: heard by the others, harmless when Redis is away."""

import json
import queue
import socket
from collections.abc import Iterator

import pytest
from flask import Flask

from app.core import bus, realtime
from app.core.db import transaction
from tests.support.redis import Valkey, valkey
from tests.support.waiting import wait_for

SECONDS = 20
pytestmark = pytest.mark.parametrize("engine", ["sqlite"])


@pytest.fixture(scope="module")
def redis() -> Iterator[Valkey]:
    with valkey() as server:
        yield server


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> "queue.Queue[bus.Payload]":
    """What this process hears about the topic ``test``."""
    came = queue.Queue[bus.Payload]()
    monkeypatch.setitem(bus._handlers, "test", came.put)
    return came


@pytest.fixture
def pair(app: Flask, redis: Valkey) -> Iterator[tuple[bus.Bus, bus.Bus]]:
    """Two processes of one house, as far as Redis can tell. The first speaks for ``nudge``."""
    other, mine = bus.start(app, redis.url), bus.start(app, redis.unix_url)
    assert are((mine, other), up=True)
    yield mine, other
    for each in (mine, other):
        each.stop()
    del app.extensions["bus"]


def test_the_others_hear_a_nudge_in_order_and_oneself_does_not(
    app: Flask, pair: tuple[bus.Bus, bus.Bus], heard: "queue.Queue[bus.Payload]"
) -> None:
    with app.app_context():
        for number in range(50):
            bus.nudge("test", {"number": number})
        bus.nudge("unknown", {})
        bus.nudge("test", {"number": 50})
        assert bus.connected()
    assert [heard.get(timeout=SECONDS)["number"] for _ in range(51)] == list(range(51))
    assert heard.empty()


def test_what_fails_or_makes_no_sense_stops_nobody(
    app: Flask,
    pair: tuple[bus.Bus, bus.Bus],
    redis: Valkey,
    heard: "queue.Queue[bus.Payload]",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(bus._handlers, "broken", lambda payload: payload["none"])
    client = bus.client_of(redis.url, SECONDS)
    for said in ("", "{", "[]", '["me"]', "3", '["me", [], {}]', "[" * 100_000):
        client.publish(pair[0].channel, said)
    client.close()
    with app.app_context():
        bus.nudge("broken", {})
        bus.nudge("test", {"number": 1})
    assert heard.get(timeout=SECONDS) == {"number": 1}


def test_what_is_no_text_makes_nobody_deaf(
    app: Flask, pair: tuple[bus.Bus, bus.Bus], redis: Valkey, heard: "queue.Queue[bus.Payload]"
) -> None:
    client = bus.client_of(redis.url, SECONDS)
    client.publish(pair[0].channel, b"\xff")
    client.close()
    assert wait_for(lambda: said_and_heard(app, heard), "they hear no more")


def said_and_heard(app: Flask, heard: "queue.Queue[bus.Payload]") -> bool:
    with app.app_context():
        bus.nudge("test", {"number": 1})
    try:
        return heard.get(timeout=0.2) == {"number": 1}
    except queue.Empty:
        return False


def test_without_redis_nobody_waits_and_it_comes_back_by_itself(
    app: Flask, pair: tuple[bus.Bus, bus.Bus], redis: Valkey, heard: "queue.Queue[bus.Payload]"
) -> None:
    with app.app_context():
        redis.stop()
        assert are(pair, up=False)
        assert not bus.connected()
        for number in range(2 * bus.MOST_WAITING):
            bus.nudge("test", {"number": number})
        redis.start()
        assert are(pair, up=True)
        bus.nudge("test", {"number": -1})
        assert heard.get(timeout=SECONDS) == {"number": -1}


def test_a_redis_that_answers_nothing_is_away(pair: tuple[bus.Bus, bus.Bus], redis: Valkey) -> None:
    redis.hold()
    assert are(pair, up=False)
    redis.go_on()
    assert are(pair, up=True)


def test_a_house_starts_without_its_redis(app: Flask) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        alone = bus.start(app, f"redis://127.0.0.1:{nobody.getsockname()[1]}/0")
        with app.app_context():
            bus.nudge("test", {"number": 1})
            assert not bus.connected()
        alone.stop()
    del app.extensions["bus"]


def are(pair: tuple[bus.Bus, bus.Bus], *, up: bool) -> bool:
    """Do both hear the others, or neither, before one gives up waiting?"""
    return all(each.wait_for(up, SECONDS) for each in pair)


def test_a_right_that_ends_is_not_named(app: Flask, pair: tuple[bus.Bus, bus.Bus], redis: Valkey) -> None:
    """An account and its memberships end at once: who listens would read that they are one person."""
    client = bus.client_of(redis.url, SECONDS)
    with client.pubsub() as line, app.app_context():
        line.subscribe(pair[0].channel)
        assert line.get_message(timeout=SECONDS)["type"] == "subscribe"
        with transaction():
            realtime.revoke("account:a")
            realtime.revoke("membership:b")
        assert json.loads(line.get_message(timeout=SECONDS)["data"])[1:] == ["revoked", {}]
    client.close()

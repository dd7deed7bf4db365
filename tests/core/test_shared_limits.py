"""Budgets of several processes: counted together in Redis, alone while it is away, and nothing in clear."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.core.errors import TooMany
from app.core.limits import Bucket, Limiter, Window
from app.core.shared_limits import SharedLimiter
from tests.support.redis import Valkey, valkey

THREE, DROPS = Window("three", 3, 10), Bucket("drops", 6, 4)
pytestmark = [pytest.mark.parametrize("engine", ["sqlite"]), pytest.mark.usefixtures("context")]


@pytest.fixture
def redis() -> Iterator[Valkey]:
    with valkey() as server:
        yield server


def refused(limiter: Limiter, key: str = "192.0.2.7", budget: Window | Bucket = THREE, factor: float = 1) -> int:
    """The seconds to wait, or 0 when it was let through."""
    try:
        if isinstance(budget, Window):
            limiter.hit_window(budget, key, factor)
        else:
            limiter.hit_bucket(budget, key, factor)
    except TooMany as error:
        return error.retry_after
    return 0


def test_two_processes_count_together(redis: Valkey) -> None:
    one, two = SharedLimiter(redis.url), SharedLimiter(redis.unix_url)
    assert [refused(one), refused(two), refused(one)] == [0, 0, 0]
    assert {refused(one), refused(two)} <= {599, 600}
    assert refused(two, "192.0.2.8") == 0
    two.give_back(THREE, "192.0.2.7")
    assert [bool(refused(each)) for each in (two, one)] == [False, True]
    assert [refused(each, "factor", factor=2) > 0 for each in (one, two) * 4] == [False] * 6 + [True] * 2
    assert [refused(each, "member", DROPS) for each in (one, two, one, two)] == [0, 0, 0, 0]
    assert {refused(one, "member", DROPS), refused(two, "member", DROPS)} <= {9, 10, 11}
    alone = replace(DROPS, shared=False)
    assert [bool(refused(each, "alone", alone)) for each in (one, two) * 5] == [False] * 8 + [True] * 2


def test_redis_keeps_nothing_in_clear_and_nothing_for_ever(redis: Valkey) -> None:
    limiter = SharedLimiter(redis.url)
    refused(limiter, "192.0.2.7")
    refused(limiter, "192.0.2.7", DROPS)
    client = limiter._client
    found = {key: client.ttl(key) for key in client.scan_iter()}
    assert sorted(len(key) for key in found) == [len("pepiniere:spent:") + 32] * 2
    assert all(0 < left <= 601 for left in found.values())
    kept = [client.lrange(key, 0, -1) if client.type(key) == "list" else client.hgetall(key) for key in found]
    assert "192.0.2.7" not in f"{found} {kept}"


def test_the_budgets_hold_while_redis_is_away_and_when_it_has_forgotten(redis: Valkey) -> None:
    limiter = SharedLimiter(redis.url)
    assert refused(limiter) == 0
    redis.stop()
    assert [bool(refused(limiter)) for _ in range(3)] == [False, False, True]
    redis.start()
    assert refused(limiter)
    redis.hold()
    assert [bool(refused(limiter, "later")) for _ in range(4)] == [False, False, False, True]
    redis.go_on()

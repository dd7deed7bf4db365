"""Budgets per person, per address, per socket. Kept in memory; LIMIT_FACTOR multiplies them, never sizes."""

import time
from dataclasses import dataclass

from flask import current_app
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from app.core.errors import TooMany


@dataclass(frozen=True)
class Window:
    """At most ``amount`` in any ``minutes`` minutes."""

    name: str
    amount: int
    minutes: int


@dataclass(frozen=True)
class Bucket:
    """``per_minute`` on average, ``burst`` at once (token bucket)."""

    name: str
    per_minute: int
    burst: int


SIGN_IN_ACCOUNT = Window("sign-in-account", 5, 10)
SIGN_IN_ADDRESS = Window("sign-in-address", 20, 10)
POST = Bucket("post", 10, 5)
WATCH = Bucket("watch", 60, 60)


def _item(window: Window, factor: float) -> RateLimitItem:
    return RateLimitItemPerMinute(max(1, int(window.amount * factor)), window.minutes)


class Limiter:
    """The budgets of one process."""

    def __init__(self) -> None:
        self._hits = MemoryStorage()
        self._windows = MovingWindowRateLimiter(self._hits)
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}

    def hit_window(self, window: Window, key: str, factor: float) -> None:
        item = _item(window, factor)
        if not self._windows.hit(item, window.name, key):
            reset, _left = self._windows.get_window_stats(item, window.name, key)
            raise TooMany(int(reset - time.time()) + 1)

    def give_back(self, window: Window, key: str, factor: float) -> None:
        hits = self._hits.events.get(_item(window, factor).key_for(window.name, key))
        if hits:
            hits.pop(0)

    def hit_bucket(self, bucket: Bucket, key: str, factor: float) -> None:
        rate, burst = bucket.per_minute * factor / 60, bucket.burst * max(1.0, factor)
        moment = time.monotonic()
        level, since = self._buckets.get((bucket.name, key), (burst, moment))
        level = min(burst, level + (moment - since) * rate)
        if level < 1:
            raise TooMany(int((1 - level) / rate) + 1)
        self._buckets[bucket.name, key] = (level - 1, moment)
        if len(self._buckets) > 50_000:
            self._forget(moment)

    def _forget(self, moment: float) -> None:
        """A bucket untouched for ten minutes is full again: it need not be remembered."""
        self._buckets = {k: v for k, v in self._buckets.items() if moment - v[1] < 600}


def spend(budget: Window | Bucket, key: str) -> None:
    """Take one from a budget. Raises TooMany with the seconds to wait."""
    limiter: Limiter = current_app.extensions["limiter"]
    factor = float(current_app.config["LIMIT_FACTOR"])
    if isinstance(budget, Window):
        limiter.hit_window(budget, key, factor)
    else:
        limiter.hit_bucket(budget, key, factor)


def give_back(budget: Window, key: str) -> None:
    """A try that was no failure does not count: put back what ``spend`` took before the work began."""
    limiter: Limiter = current_app.extensions["limiter"]
    limiter.give_back(budget, key, float(current_app.config["LIMIT_FACTOR"]))

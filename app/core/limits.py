"""Budgets per person, per address, per socket. LIMIT_FACTOR multiplies them, never sizes.

Kept in memory; ``shared_limits`` has them counted by several processes together.

A clock that is put back keeps nobody out for longer: what was spent later than now counts as spent now.
"""

import math
import time
from collections import deque
from dataclasses import dataclass

from flask import current_app

from app.core.errors import TooMany

MOST_REMEMBERED = 50_000


@dataclass(frozen=True)
class Window:
    """At most ``amount`` in any ``minutes`` minutes."""

    name: str
    amount: int
    minutes: int


@dataclass(frozen=True)
class Bucket:
    """``per_minute`` on average, ``burst`` at once (token bucket).

    shared: several processes count it together; what is asked by a crowd that comes back is counted by each alone.
    """

    name: str
    per_minute: int
    burst: int
    shared: bool = True


SIGN_IN_ACCOUNT = Window("sign-in-account", 5, 10)
SIGN_IN_ADDRESS = Window("sign-in-address", 20, 10)
POST = Bucket("post", 10, 5)
WATCH = Bucket("watch", 60, 60, shared=False)


class Limiter:
    """The budgets of one process. What it remembers is bounded, whoever asks for whatever."""

    def __init__(self) -> None:
        self._hits: dict[tuple[Window, str], deque[float]] = {}
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}

    def hit_window(self, window: Window, key: str, factor: float) -> None:
        moment, span = time.time(), window.minutes * 60
        hits = self._hits.get((window, key)) or deque()
        if hits and hits[-1] > moment:
            hits = self._hits[window, key] = deque(min(hit, moment) for hit in hits)
        while hits and hits[0] <= moment - span:
            hits.popleft()
        if len(hits) >= max(1, int(window.amount * factor)):
            raise TooMany(math.ceil(hits[0] + span - moment))
        hits.append(moment)
        self._hits[window, key] = hits
        if len(self._hits) > MOST_REMEMBERED:
            self._forget_windows(moment)

    def give_back(self, window: Window, key: str) -> None:
        hits = self._hits.get((window, key))
        if hits:
            hits.pop()
        if not hits:
            self._hits.pop((window, key), None)

    def _forget_windows(self, moment: float) -> None:
        """Forget what is over; if that is not enough, what was spent least: made-up keys push no real one out."""
        alive = [each for each in self._hits.items() if each[1] and each[1][-1] > moment - each[0][0].minutes * 60]
        alive.sort(key=lambda each: (len(each[1]), each[1][-1]), reverse=True)
        self._hits = dict(alive[: MOST_REMEMBERED * 3 // 4])

    def hit_bucket(self, bucket: Bucket, key: str, factor: float) -> None:
        rate, burst = bucket.per_minute * factor / 60, bucket.burst * max(1.0, factor)
        moment = time.monotonic()
        level, since = self._buckets.get((bucket.name, key), (burst, moment))
        level = min(burst, level + (moment - since) * rate)
        if level < 1:
            raise TooMany(int((1 - level) / rate) + 1)
        self._buckets[bucket.name, key] = (level - 1, moment)
        if len(self._buckets) > MOST_REMEMBERED:
            self._forget_buckets(moment)

    def _forget_buckets(self, moment: float) -> None:
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
    limiter.give_back(budget, key)

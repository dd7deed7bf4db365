"""Budgets that the processes of a house count together, in Redis.

Each process counts alone as well: that holds while Redis is away, and over its restart. Redis sees neither an address
nor an account: keys are keyed hashes, and they go by themselves once nothing of the budget is spent any more.
"""

import math
import time
from collections.abc import Callable, Iterator
from typing import Any

from app.core.bus import client_of, pauses
from app.core.errors import TooMany
from app.core.limits import Bucket, Limiter, Window
from app.core.sealed import keyed_hash

# A budget is asked for in the middle of what somebody waits for.
ASK_SECONDS, LONGEST_PAUSE = 0.25, 2.0

# One clock for all, that of Redis. Put back, it keeps nobody out for longer: what was spent later counts as spent now.
CLOCK = """
local time = redis.call('TIME')
local moment = time[1] + time[2] / 1000000
"""
WINDOW = f"""{CLOCK}
local key, span, most = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2])
local last = tonumber(redis.call('LINDEX', key, -1) or 0)
if last > moment then
  local hits = redis.call('LRANGE', key, 0, -1)
  redis.call('DEL', key)
  for _, hit in ipairs(hits) do
    redis.call('RPUSH', key, string.format('%.3f', math.min(hit, moment)))
  end
end
local first = tonumber(redis.call('LINDEX', key, 0) or moment)
while first <= moment - span do
  redis.call('LPOP', key)
  first = tonumber(redis.call('LINDEX', key, 0) or moment)
end
if redis.call('LLEN', key) >= most then
  return math.max(1, math.ceil(first + span - moment))
end
redis.call('RPUSH', key, string.format('%.3f', moment))
redis.call('EXPIRE', key, span + 1)
return 0
"""
BUCKET = f"""{CLOCK}
local key, rate, burst = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2])
local known = redis.call('HMGET', key, 'level', 'since')
local since = tonumber(known[2] or moment)
local level = math.min(burst, tonumber(known[1] or burst) + math.max(0, moment - since) * rate)
if level < 1 then
  return math.floor((1 - level) / rate) + 1
end
redis.call('HSET', key, 'level', level - 1, 'since', string.format('%.3f', moment))
redis.call('EXPIRE', key, math.ceil(burst / rate) + 1)
return 0
"""


class SharedLimiter(Limiter):
    """See the module: asks Redis, then itself."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._client = client_of(url, ASK_SECONDS)
        self._window, self._bucket = self._client.register_script(WINDOW), self._client.register_script(BUCKET)
        self._waits: Iterator[float] = pauses(longest=LONGEST_PAUSE)
        self._not_before = 0.0

    def hit_window(self, window: Window, key: str, factor: float) -> None:
        most = max(1, int(window.amount * factor))
        if wait := self._ask(lambda: self._window([_hidden(window.name, key)], [window.minutes * 60, most])):
            raise TooMany(int(wait))
        super().hit_window(window, key, factor)

    def hit_bucket(self, bucket: Bucket, key: str, factor: float) -> None:
        rate, burst = bucket.per_minute * factor / 60, math.floor(bucket.burst * max(1.0, factor))
        if bucket.shared and (wait := self._ask(lambda: self._bucket([_hidden(bucket.name, key)], [rate, burst]))):
            raise TooMany(int(wait))
        super().hit_bucket(bucket, key, factor)

    def give_back(self, window: Window, key: str) -> None:
        self._ask(lambda: self._client.rpop(_hidden(window.name, key)))
        super().give_back(window, key)

    def _ask(self, question: Callable[[], Any]) -> Any:
        """What Redis answers; None while it is away: it is then not asked again for a moment."""
        from redis.exceptions import RedisError

        if time.monotonic() < self._not_before:
            return None
        try:
            answer = question()
        except (RedisError, OSError):
            self._not_before = time.monotonic() + next(self._waits)
            return None
        self._waits = pauses(longest=LONGEST_PAUSE)
        return answer


def _hidden(name: str, key: str) -> str:
    return f"pepiniere:spent:{keyed_hash('limits', f'{name}:{key}')[:32]}"

"""Who comes back to a club at the same moment, after the same cut, has missed the same: it is read once for all.

Nothing is kept here for longer than such a moment.
"""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from app.core.clock import now

MOMENT = timedelta(seconds=2)
MOST_ROWS = 4_000
Key = tuple[Any, ...]


class Returns:
    """What was read a moment ago. Who comes while it is being read waits for it."""

    def __init__(self) -> None:
        self._read: dict[Key, _Reading] = {}

    def get(self, key: Key, read: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """As ``read()``, or what it told a moment ago."""
        reading = self._read.get(key)
        if reading is None or reading.is_old():
            self._read.pop(key, None)
            self.forget()
            reading = self._read[key] = _Reading()
        with reading.lock:
            if reading.found is None:
                reading.found = read()
            return reading.found

    def forget(self) -> None:
        """Let go of what is over, and of the oldest: they stand in the order in which they were begun."""
        rows = sum(each.rows for each in self._read.values())
        for key, each in list(self._read.items()):
            if rows <= MOST_ROWS and not each.is_old():
                return
            rows -= each.rows
            del self._read[key]


class _Reading:
    """Read once, under its lock; who failed leaves it to the next."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.began = now()
        self.found: dict[str, Any] | None = None

    @property
    def rows(self) -> int:
        return 1 + len(self.found["changes"]) if self.found else 1

    def is_old(self) -> bool:
        return abs(now() - self.began) > MOMENT

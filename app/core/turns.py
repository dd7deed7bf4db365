"""A few at once, and the others in the order in which they came: a crowd that comes back must not fill the pool.

A pool hands its connections to whoever asks at the right moment. Of five hundred who wait there, some are passed over
again and again until their patience ends; here nobody is, and the first are done while the last still wait.
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from app.core.errors import Unavailable


class Turns:
    """``at_once`` at a time."""

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._mutex = threading.Lock()
        self._queue: deque[threading.Event] = deque()

    @contextmanager
    def one(self, patience: float) -> Iterator[None]:
        """A turn, for as long as the block lasts. Who waits longer than ``patience`` seconds gets Unavailable.

        Not twice by the same one: the second would wait for the first.
        """
        self._take(patience)
        try:
            yield
        finally:
            self._end()

    def _take(self, patience: float) -> None:
        with self._mutex:
            if self._free:
                self._free -= 1
                return
            turn = threading.Event()
            self._queue.append(turn)
        try:
            came = turn.wait(patience)
        except BaseException:
            if not self._left(turn):
                self._end()
            raise
        if not came and self._left(turn):
            raise Unavailable()

    def _left(self, turn: threading.Event) -> bool:
        """Stop waiting. False where the turn came at the last instant: then it is held."""
        with self._mutex:
            if turn.is_set():
                return False
            self._queue.remove(turn)
            return True

    def _end(self) -> None:
        with self._mutex:
            if self._queue:
                self._queue.popleft().set()
            else:
                self._free += 1

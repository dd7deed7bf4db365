"""A few at once, and the others in the order in which they came: a crowd that comes back must not fill the pool.

A pool hands its connections to whoever asks at the right moment. Of five hundred who wait there, some are passed over
again and again until their patience ends; here nobody is, and the first are done while the last still wait.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
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
        if not self.take(patience, self.end):
            raise Unavailable()
        try:
            yield
        finally:
            self.end()

    def take(self, patience: float, end: Callable[[], None]) -> bool:
        """Wait for one's turn; False when patience ends first. end: what ends a turn of who is cut while waiting."""
        with self._mutex:
            if self._free:
                self._free -= 1
                return True
            turn = threading.Event()
            self._queue.append(turn)
        try:
            if turn.wait(patience):
                return True
        except BaseException:
            if self._came(turn):
                end()
            raise
        return self._came(turn)

    def _came(self, turn: threading.Event) -> bool:
        """Did the turn come at the last instant? Else nobody waits for it any more."""
        with self._mutex:
            if turn.is_set():
                return True
            self._queue.remove(turn)
            return False

    def hand_on(self) -> bool:
        """Give one's turn to who waits longest; False, and it is kept, where nobody does."""
        with self._mutex:
            if not self._queue:
                return False
            self._queue.popleft().set()
            return True

    def end(self) -> None:
        """Give one's turn to who waits longest, or back."""
        with self._mutex:
            if self._queue:
                self._queue.popleft().set()
            else:
                self._free += 1

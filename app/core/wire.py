"""One websocket, before the protocol: how large, how fast and how long it may wait to say who it is.

The stock driver reads frames as fast as they come. One client could then hold the loop with many small ones, each of
which asks the database; here it is made to wait, which its network understands.
"""

import time
from collections.abc import Callable
from typing import Any

import gevent

MAX_FRAME = 64 * 1024
FRAMES_PER_SECOND = 20.0
FRAMES_AT_ONCE = 60.0
CONNECT_SECONDS = 10
CONNECT = "40"


def bounded(stock: Any, factor: Callable[[], float]) -> Any:
    """The driver's websocket class with our bounds. factor: LIMIT_FACTOR, which multiplies the pace."""

    class BoundedWebSocket(stock):  # type: ignore[misc]
        """Closes with 1009 beyond 64 kB, after ten seconds without CONNECT, at a second CONNECT, at an empty frame."""

        def __init__(self, handler: Any, owner: Any) -> None:
            super().__init__(handler, owner)
            self.server_args["max_message_size"] = MAX_FRAME
            self.connected_once = False
            self.level, self.since = FRAMES_AT_ONCE, time.monotonic()

        def wait(self) -> Any:
            message = self._first() if not self.connected_once else super().wait()
            if not message or (self.connected_once and _connects(message)):
                return None
            self.connected_once = self.connected_once or _connects(message)
            self._keep_pace(factor())
            return message

        def _first(self) -> Any:
            with gevent.Timeout(CONNECT_SECONDS, False):
                return super().wait()
            return None

        def _keep_pace(self, times: float) -> None:
            now = time.monotonic()
            rate, most = FRAMES_PER_SECOND * times, FRAMES_AT_ONCE * max(1.0, times)
            self.level = min(most, self.level + (now - self.since) * rate) - 1
            self.since = now
            # Even within the pace the others have their turn after each frame.
            gevent.sleep(0 if self.level >= 0 else -self.level / rate)

    return BoundedWebSocket


def _connects(message: Any) -> bool:
    return isinstance(message, str) and message.startswith(CONNECT)

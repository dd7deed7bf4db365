"""One websocket, before the protocol: how large, how fast and how long it may wait to say who it is.

The stock driver reads frames as fast as they come. One client could then hold the loop with many small ones, each of
which asks the database; here it is made to wait, which its network understands.
"""

import re
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import gevent
import simple_websocket  # type: ignore[import-untyped]

MAX_FRAME = 64 * 1024
FRAMES_PER_SECOND = 20.0
FRAMES_AT_ONCE = 60.0
CONNECT_SECONDS = 10
CONNECT = "40"
# What Engine.IO 4 may send us; it reads anything else as JSON, or not at all. The second is read as no packet.
PACKET = re.compile(r"4[0-6]|[1-356]\w{0,9}\Z")
NO_PACKET = "4"
DRAIN_SECONDS, DRAIN_BYTES = 5, 16 * 1024 * 1024
GOODBYE_SECONDS = 6


def bounded(stock: Any, factor: Callable[[], float]) -> Any:
    """The driver's websocket class with our bounds. factor: LIMIT_FACTOR, which multiplies the pace."""

    class BoundedWebSocket(stock):  # type: ignore[misc]
        """Closes with 1009 beyond 64 kB, after ten seconds without CONNECT, at a second CONNECT, at an empty frame.

        Text that is no packet becomes one that cannot be read, so that it counts as a bad frame.
        """

        def __init__(self, handler: Any, owner: Any) -> None:
            super().__init__(handler, owner)
            self.server_args["max_message_size"] = MAX_FRAME
            self.connected_once = False
            self.level, self.since = FRAMES_AT_ONCE, time.monotonic()

        def __call__(self, environ: Any, start_response: Any) -> Any:
            self.ws = PatientServer(environ, **self.server_args)
            return self.app(self)

        def close(self) -> None:
            super().close()
            # Who never answers our goodbye does not keep the connection.
            gevent.spawn_later(GOODBYE_SECONDS, self._hang_up)

        def _hang_up(self) -> None:
            with suppress(OSError):
                self.ws.sock.shutdown(socket.SHUT_RDWR)

        def wait(self) -> Any:
            message = self._first() if not self.connected_once else super().wait()
            if not message or (self.connected_once and _connects(message)):
                return None
            self.connected_once = self.connected_once or _connects(message)
            self._keep_pace(factor())
            return message if _is_packet(message) else NO_PACKET

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


class PatientServer(simple_websocket.Server):  # type: ignore[misc]
    """Reads on after "too big": closed over bytes that nobody has read, TCP would throw our 1009 away."""

    def _handle_events(self) -> bool:
        going: bool = super()._handle_events()
        if not going and self.incoming_message_len > self.max_message_size:
            self.connected = False
            with gevent.Timeout(DRAIN_SECONDS, False):
                self._drain()
        return going

    def _drain(self) -> None:
        left = DRAIN_BYTES
        while left > 0 and (read := len(self.sock.recv(MAX_FRAME))):
            left -= read


def _is_packet(message: Any) -> bool:
    return not isinstance(message, str) or PACKET.match(message) is not None


def _connects(message: Any) -> bool:
    return isinstance(message, str) and message.startswith(CONNECT)

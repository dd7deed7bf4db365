"""A live client as the contract describes it: websocket only, a token or a cookie."""

import contextlib
import queue
import socket
from typing import Any

import socketio

SECONDS = 10


class Client(socketio.Client):
    """Hangs up at once: the library's own goodbye, which a refusal brings too, waits half a minute for its reader."""

    def disconnect(self) -> None:
        line = getattr(self.eio.ws, "sock", None)
        if line is not None:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        self.eio.disconnect(abort=True)


class Socket:
    """One connection. Every event that the server sends is kept, by name, in order."""

    def __init__(self, url: str, token: str | None = None, headers: dict[str, str] | None = None) -> None:
        # Each letter of what is heard would be looked at in Python, which costs more than all else here.
        fast = {"skip_utf8_validation": True}
        self.client = Client(reconnection=False, logger=False, engineio_logger=False, websocket_extra_options=fast)
        self.heard: dict[str, queue.Queue[Any]] = {}
        self.ended = queue.Queue[str]()
        # The library gives each message to a thread of its own: on a busy machine one would overtake another.
        stock = self.client.eio._trigger_event
        self.client.eio._trigger_event = lambda event, *said, **how: stock(event, *said, **{**how, "run_async": False})
        self.client.on("*", self._hear)
        self.client.on("disconnect", lambda *reason: self.ended.put(str(reason)))
        self.client.connect(
            url,
            auth={"token": token} if token else None,
            headers=headers or {},
            transports=["websocket"],
            wait_timeout=SECONDS,
        )

    def _hear(self, event: str, *data: Any) -> None:
        self._queue(event).put(data[0] if data else None)

    def _queue(self, event: str) -> "queue.Queue[Any]":
        return self.heard.setdefault(event, queue.Queue())

    def call(self, event: str, data: Any = None, seconds: float = SECONDS) -> Any:
        """Send an event and wait for its acknowledgement."""
        return self.client.call(event, data, timeout=seconds)

    def emit(self, event: str, data: Any = None) -> None:
        self.client.emit(event, data)

    def next(self, event: str = "change", seconds: float = SECONDS) -> Any:
        """The next event of that name, waited for. Raises queue.Empty."""
        return self._queue(event).get(timeout=seconds)

    def so_far(self, event: str = "change") -> list[Any]:
        """What has come and was not asked for yet."""
        found = []
        while not self._queue(event).empty():
            found.append(self._queue(event).get_nowait())
        return found

    def gone(self, seconds: float = SECONDS) -> bool:
        """Did the server cut the connection, within so many seconds?"""
        try:
            self.ended.get(timeout=seconds)
        except queue.Empty:
            return False
        return True

    def close(self) -> None:
        """Hang up."""
        self.client.disconnect()

"""A live client as the contract describes it: websocket only, a token or a cookie."""

import queue
from typing import Any

import socketio

SECONDS = 10


class Socket:
    """One connection. Every event that the server sends is kept, by name, in order."""

    def __init__(self, url: str, token: str | None = None, headers: dict[str, str] | None = None) -> None:
        self.client = socketio.Client(reconnection=False, logger=False, engineio_logger=False)
        self.heard: dict[str, queue.Queue[Any]] = {}
        self.ended = queue.Queue[str]()
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
        self.client.disconnect()

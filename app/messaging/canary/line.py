"""One socket of the live protocol from outside, with no more of it than the canary needs."""

import json
import socket
import time
from collections.abc import Iterator
from typing import Any

from wsproto import ConnectionType, WSConnection
from wsproto.events import CloseConnection, RejectConnection, Request, TextMessage

PATH = "/socket.io/?EIO=4&transport=websocket"
SECONDS = 10.0


class Silent(Exception):
    """What was to be heard did not come, or it was a no."""


class Line:
    """Connected with a key. Nothing of it takes longer than ten seconds. Raises Silent or OSError."""

    def __init__(self, host: str, port: int, secret: str) -> None:
        self.deadline = time.monotonic() + SECONDS
        self.sock = socket.create_connection((host, port), timeout=SECONDS)
        self.wire = WSConnection(ConnectionType.CLIENT)
        self.frames = self._frames()
        self._send(Request(host=f"{host}:{port}", target=PATH))
        self._heard("0")
        self._send(TextMessage(data=f"40{json.dumps({'token': secret})}"))
        self._heard("40")

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, *_why: object) -> None:
        self.sock.close()

    def ask(self, event: str, data: dict[str, Any]) -> dict[str, Any]:
        """Say an event and take its acknowledgement."""
        self._send(TextMessage(data=f"420{json.dumps([event, data])}"))
        answer: dict[str, Any] = self._heard("430")[0]
        if not answer["ok"]:
            raise Silent(answer["problem"]["code"])
        return answer

    def hear(self) -> tuple[str, dict[str, Any]]:
        """The next event."""
        event, told = self._heard("42")
        return str(event), told

    def _heard(self, kind: str) -> Any:
        for frame in self.frames:
            if frame.startswith(kind):
                return json.loads(frame[len(kind) :])
        raise Silent(kind)

    def _send(self, event: Any) -> None:
        self.sock.sendall(self.wire.send(event))

    def _frames(self) -> Iterator[str]:
        text = ""
        while (data := self.sock.recv(65536)) and time.monotonic() < self.deadline:
            self.wire.receive_data(data)
            for event in self.wire.events():
                if isinstance(event, RejectConnection | CloseConnection):
                    return
                if isinstance(event, TextMessage):
                    text += event.data
                    if event.message_finished:
                        yield text
                        text = ""

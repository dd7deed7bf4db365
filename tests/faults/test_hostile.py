"""People who mean harm: frames of nonsense by the thousand. The house stays as it was."""

import json
import random
import struct
from collections.abc import Callable, Iterator
from typing import Any

import websocket

from app.core import realtime
from tests.support import clients
from tests.support.process import Server
from tests.support.scale import chance, scaled
from tests.support.sockets import Socket

FRAMES = scaled(1_000, 10_000)

EVENTS = ("club:watch", "club:unwatch", "message:post", "thread:typing", "connect", "disconnect", "*", "", "é" * 300)
ODD: list[Any] = [
    None, True, -1, 2**80, 1e308, "", "\x00", "\ud800", "x" * 5_000, [], {}, [[[[]]]], {"_placeholder": True, "num": 0},
    {"club": {"club": {}}}, "tilleul", "' OR 1=1 --", "../../etc/passwd", {"__proto__": {}}, "\u202e", "🙏" * 900,
]  # fmt: skip
FIELDS = ("club", "since", "thread", "client_id", "body", "reply_to", "token")


def hostile(luck: random.Random) -> Iterator[tuple[int, bytes]]:
    """Frames that no client of ours would send, without end: an opcode and what is in it."""
    text, binary = websocket.ABNF.OPCODE_TEXT, websocket.ABNF.OPCODE_BINARY
    heads = (
        "42",
        "420",
        "42999999999999999999",
        "42/elsewhere,",
        "451-",
        "4599999999-",
        "43",
        "44",
        "46",
        "40",
        "4",
        "",
    )
    while True:
        event = [luck.choice(EVENTS), {luck.choice(FIELDS): luck.choice(ODD) for _ in range(luck.randrange(4))}]
        frame = (luck.choice(heads) + json.dumps(event)).encode()
        kind = luck.randrange(8)
        if kind == 0:
            yield binary, luck.randbytes(luck.randrange(1, 400))
        elif kind == 1:
            yield text, luck.randbytes(luck.randrange(1, 60))  # mostly no UTF-8
        elif kind == 2:
            yield text, frame[: luck.randrange(1, len(frame))]
        elif kind == 3:
            yield text, (luck.choice(heads) + "[" * luck.randrange(1, 30_000)).encode()
        elif kind == 4:
            yield luck.choice((3, 5, 11, 15)), b"reserved"
        else:
            yield text, frame


# Three in four of these frames are bad ones at the least, and thirty bad ones cut a connection.
ENOUGH = realtime.MAX_BAD_FRAMES * 4


class Attacker:
    """Sends frames on one connection until it is cut, then on the next; after enough of them it waits to be cut."""

    def __init__(self, server: Server, token: str) -> None:
        self.server, self.token = server, token
        self.opened = self.sent = 0
        self.line: websocket.WebSocket | None = None

    def send(self, opcode: int, data: bytes) -> None:
        for _ in range(2):
            if self.line is None:
                self._open()
            try:
                self._drain()
                self.line.sock.sendall(masked(opcode, data))
                self.sent += 1
                if self.sent == ENOUGH:
                    self._wait_to_be_cut()
                return
            except (OSError, websocket.WebSocketException):
                self.line = None

    def _open(self) -> None:
        url = f"{self.server.url.replace('http', 'ws', 1)}/socket.io/?EIO=4&transport=websocket"
        self.line = websocket.create_connection(url, timeout=10, suppress_origin=True)
        self.line.recv()
        self.line.send("40" + json.dumps({"token": self.token}))
        assert self.line.recv().startswith("40{")
        self.opened, self.sent = self.opened + 1, 0

    def _wait_to_be_cut(self) -> None:
        """Raises OSError once it is."""
        try:
            while self.line.sock.recv(65536):
                pass
        except TimeoutError:
            raise AssertionError("so many bad frames, and not cut") from None
        raise ConnectionResetError

    def _drain(self) -> None:
        """Take what has come, so that the house does not wait for us; find out whether we were cut."""
        self.line.sock.setblocking(False)
        try:
            while said := self.line.sock.recv(65536):
                if b"\x88" in (said[-4:-3], said[-2:-1]):  # the goodbye of a websocket, with a code or without
                    break
            raise OSError("cut")
        except BlockingIOError:
            pass
        finally:
            self.line.sock.settimeout(10)


def masked(opcode: int, data: bytes) -> bytes:
    """A websocket frame as a browser would send it, whatever is in it."""
    size = len(data)
    head = bytes((0x80 | opcode,))
    if opcode >= 8:
        data, size = data[:125], min(size, 125)
    head += bytes((0x80 | size,)) if size < 126 else bytes((0x80 | 126,)) + struct.pack(">H", size)
    return head + bytes(4) + data


def test_frames_of_nonsense_by_the_thousand(start_server: Callable[..., Server]) -> None:
    luck = chance()
    server = start_server()
    pid = server.process.pid
    good = Socket(server.url, clients.api_of(server.app, server.cast.amina).secret)
    attacker = Attacker(server, clients.api_of(server.app, server.cast.bruno).secret)
    for _number, (opcode, data) in zip(range(FRAMES), hostile(luck), strict=False):
        attacker.send(opcode, data)
    assert good.call("club:watch", {"club": "tilleul"})["ok"] is True
    assert (server.process.pid, server.process.poll()) == (pid, None)
    # Each was cut: they came through, and they counted.
    assert attacker.opened >= FRAMES // ENOUGH
    assert (server.said(), server.printed.read_text().count("\n") < 20) == ("", True)
    good.close()

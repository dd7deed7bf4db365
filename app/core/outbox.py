"""What waits to be sent to one socket, and the frame that many share.

The stock queue wakes a writer for each packet of each member, who frames it anew. Here a packet for somebody with
nothing waiting goes to the network at once, in the frame that was made for the first; only what the network does not
take waits for the writer. Order holds: at once means that the writer has sent everything and sleeps.

What waits is counted in bytes, until the network has it. Behind ``HELD_BYTES`` nothing more is read of who does not
take it; at ``MOST_BYTES`` they are cut.
"""

from collections import deque
from collections.abc import Callable
from typing import Any

from gevent import get_hub
from gevent.hub import Waiter
from gevent.queue import Empty

# One answer (see ``clubs.live``) may wait and its reader be heard meanwhile: they say that they are still there.
HELD_BYTES, MOST_BYTES = 256 * 1024, 1024 * 1024


class Rest(bytes):
    """What is left of a frame: sent as it is. It stands in the queue as a packet does."""

    def encode(self) -> "Rest":
        return self


_last: tuple[Any, bytes] = ("", b"")


def framed(text: str | bytes) -> bytes:
    """A websocket frame; the same text, said to many in a row, is framed once."""
    global _last
    if text is _last[0]:
        return _last[1]
    body, kind = (text.encode(), 0x81) if isinstance(text, str) else (text, 0x82)
    _last = (text, _head(kind, len(body)) + body)
    return _last[1]


def _head(kind: int, length: int) -> bytes:
    if length < 126:
        return bytes((kind, length))
    if length < 1 << 16:
        return bytes((kind, 126)) + length.to_bytes(2, "big")
    return bytes((kind, 127)) + length.to_bytes(8, "big")


class Outbox:
    """As Engine.IO uses a queue: one writer takes, anybody puts.

    at_once: gives a text to the network, and returns what it did not take. A wait has no end of its own: who no longer
    answers pings is closed by Engine.IO, and then None is put. at_end: told of that None. overrun: cuts the connection.
    owed: the bytes that wait, with those that the writer has in hand.
    """

    __slots__ = ("_asker", "_cut", "_packets", "_sleeper", "at_end", "at_once", "overrun", "owed")

    def __init__(self, *_size: Any) -> None:
        self._packets: deque[Any] = deque()
        self._sleeper: Any = None
        self._asker: Any = None
        self._cut = False
        self.owed = 0
        self.at_once: Callable[[str], Rest | None] | None = None
        self.at_end: Callable[[], None] | None = None
        self.overrun: Callable[[], None] | None = None

    def put(self, packet: Any, block: bool = True, timeout: float | None = None) -> None:
        if packet is None:
            self._append(None)
            if self.at_end is not None:
                self.at_end()
        elif not self._cut:
            if self._sleeper is not None and self.at_once is not None:
                packet = self.at_once(packet.encode())
            if packet is not None:
                self._owe(packet)

    def _owe(self, packet: Any) -> None:
        before = self.owed
        self.owed += len(packet.encode())
        self._append(packet)
        # A packet alone waits whatever its length: else it could never be said.
        if before and self.owed > MOST_BYTES and self.overrun is not None:
            self.overrun()

    def _append(self, packet: Any) -> None:
        if self._sleeper is not None:
            sleeper, self._sleeper = self._sleeper, None
            get_hub().loop.run_callback(sleeper.switch, None)
        self._packets.append(packet)

    def taken(self, length: int) -> None:
        """The network has so much of what was owed."""
        self.owed = max(0, self.owed - length)
        if self.owed <= HELD_BYTES:
            self._let_ask()

    def wait_for_room(self) -> None:
        """Until what is owed is little enough for another question, or nothing is sent any more."""
        while self.owed > HELD_BYTES and not self._cut:
            self._asker = Waiter()
            self._asker.get()

    def give_up(self) -> None:
        """Nothing is sent any more: forget what waits."""
        self._cut, self.owed = True, 0
        self._packets.clear()
        self._append(None)
        self._let_ask()

    def _let_ask(self) -> None:
        if self._asker is not None:
            asker, self._asker = self._asker, None
            get_hub().loop.run_callback(asker.switch, None)

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        while not self._packets:
            if not block:
                raise Empty
            self._sleeper = Waiter()
            self._sleeper.get()
        return self._packets.popleft()

    def get_nowait(self) -> Any:
        return self.get(block=False)

    def task_done(self) -> None:
        """Nobody counts."""

    def join(self, timeout: float | None = None) -> None:
        """Nobody waits for a client to take what it is sent."""

    def qsize(self) -> int:
        return len(self._packets)

    def empty(self) -> bool:
        return not self._packets

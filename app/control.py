"""What the supervisor and its processes say to each other: words, one a line, on a pair of sockets.

Its end is heard by the other side too: a process whose supervisor has been killed ends by itself.
"""

import socket
from collections.abc import Iterator
from contextlib import suppress

import gevent.queue


class Control:
    """One end. ``heard`` holds what the other side has said; the empty word is its last, when it is gone."""

    def __init__(self, line: socket.socket) -> None:
        self.line = line
        self.heard: gevent.queue.Queue = gevent.queue.Queue()
        self.listener = gevent.spawn(self._listen)

    def say(self, word: str) -> None:
        with suppress(OSError):
            self.line.sendall(f"{word}\n".encode())

    def expect(self, word: str, seconds: float | None = None) -> str | None:
        """Wait for this word; what was said after it, or None when the other side is gone or silent for too long."""
        with gevent.Timeout(seconds, False):
            for said in self._words():
                first, _, rest = said.partition(" ")
                if first == word:
                    return rest
        return None

    def _words(self) -> Iterator[str]:
        while said := self.heard.get():
            yield said
        self.heard.put("")

    def _listen(self) -> None:
        with suppress(OSError), self.line.makefile("r", encoding="utf-8") as lines:
            for said in lines:
                self.heard.put(said.strip())
        self.heard.put("")

    def close(self) -> None:
        self.listener.kill(block=False)
        self.line.close()

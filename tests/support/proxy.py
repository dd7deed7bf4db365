"""A bad network between phones and the server: a small TCP proxy that hands on, cuts, swallows, or is slow and lossy.

TCP hides a lost packet: it comes later, or the connection dies. So does this proxy. ``python -m tests.support.proxy
PORT TARGET SEED`` runs it as a process that reads the name of a mode on each line it is given.
"""

import asyncio
import contextlib
import random
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterator

MODES = ("pass", "reset", "finish", "half_open", "lossy")
DELAY, RESENT = 0.3, 0.2
DROPS = 0.2
GIVEN_UP = 3  # losses of one piece in a row, then the connection dies


class Proxy:
    """``127.0.0.1:<port>`` leads to ``127.0.0.1:<target>``, as well as ``mode`` lets it."""

    def __init__(self, port: int, target: int, chance: random.Random) -> None:
        self.port, self.target, self.chance = port, target, chance
        self.mode = "pass"
        self.writers: set[asyncio.StreamWriter] = set()
        self.loop = asyncio.new_event_loop()
        self.ready = threading.Event()
        self.met = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def become(self, mode: str) -> None:
        """From now on: ``pass`` (what was half open is cut), ``reset`` and ``finish`` (cut, nobody let in),
        ``half_open`` (open, and nothing comes through), ``lossy`` (300 ms, a fifth lost)."""
        assert mode in MODES, mode
        done = threading.Event()
        self.loop.call_soon_threadsafe(self._become, mode, done.set)
        assert done.wait(10)

    def _become(self, mode: str, then: Callable[[], None]) -> None:
        before, self.mode = self.mode, mode
        if mode in ("reset", "finish") or before == "half_open":
            for writer in list(self.writers):
                self._cut(writer, reset=mode != "finish")
        then()

    def _cut(self, writer: asyncio.StreamWriter, *, reset: bool) -> None:
        self.writers.discard(writer)
        line = writer.get_extra_info("socket")
        if reset and line is not None:
            with contextlib.suppress(OSError):
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        (writer.transport.abort if reset else writer.close)()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.met += 1
        if self.mode in ("reset", "finish"):
            self._cut(writer, reset=self.mode == "reset")
            return
        self.writers.add(writer)
        inner = None
        try:
            inner_reader, inner = await asyncio.open_connection("127.0.0.1", self.target)
            self.writers.add(inner)
            # One connection in five dies young on a bad network.
            doomed = self.chance.randrange(1, 20) if self.chance.random() < DROPS else 0
            both = (self._pump(reader, inner, doomed), self._pump(inner_reader, writer, doomed))
            ways = [asyncio.ensure_future(each) for each in both]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for each in ways:
                each.cancel()
        except OSError:
            pass
        finally:
            for end in (writer, inner):
                if end is not None:
                    self._cut(end, reset=False)

    async def _pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, doomed: int) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(65536):
                if self.mode == "half_open":
                    continue
                if self.mode == "lossy":
                    doomed -= 1
                    if doomed == 0 or not await self._delayed():
                        break
                target.write(data)
                await target.drain()

    async def _delayed(self) -> bool:
        """Wait as long as the network would; False when it has lost the same piece too often."""
        await asyncio.sleep(DELAY)
        for lost in range(GIVEN_UP):
            if self.chance.random() >= DROPS:
                return True
            await asyncio.sleep(RESENT * 2**lost)
        return False

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._carry, "127.0.0.1", self.port, backlog=1024)
        self.ready.set()
        with contextlib.suppress(asyncio.CancelledError):
            await server.serve_forever()

    def run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.set_exception_handler(lambda _loop, _told: None)
        self.task = self.loop.create_task(self._serve())
        with contextlib.suppress(asyncio.CancelledError):
            self.loop.run_until_complete(self.task)
        left = asyncio.all_tasks(self.loop)
        for each in left:
            each.cancel()
        self.loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))


@contextlib.contextmanager
def proxied(port: int, target: int, chance: random.Random) -> Iterator[Proxy]:
    """A proxy in a thread of this process."""
    proxy = Proxy(port, target, chance)
    thread = threading.Thread(target=proxy.run, daemon=True)
    thread.start()
    assert proxy.ready.wait(10)
    try:
        yield proxy
    finally:
        proxy.loop.call_soon_threadsafe(proxy.task.cancel)
        thread.join(5)


def main() -> None:
    port, target, seed = (int(each) for each in sys.argv[1:4])
    with proxied(port, target, random.Random(seed)) as proxy:
        print("ready", flush=True)
        for line in sys.stdin:
            proxy.become(line.strip())
            print(line.strip(), flush=True)


if __name__ == "__main__":
    main()

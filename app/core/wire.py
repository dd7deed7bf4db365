"""One websocket, before the protocol: how large, how fast and how long it may wait to say who it is.

The stock driver reads frames as fast as they come. One client could then hold the loop with many small ones, each of
which asks the database; here it is made to wait, which its network understands.

What is sent to many is framed once, and goes at once to whoever has nothing else waiting (``outbox``). Who does not
take it costs no more than a megabyte here and a quarter of one in the kernel, and is cut.
"""

import re
import socket
import struct
import time
from contextlib import suppress
from typing import Any

import gevent
import simple_websocket  # type: ignore[import-untyped]
from engineio.async_drivers.gevent import WebSocketWSGI
from wsproto.connection import Connection, ConnectionType
from wsproto.utilities import LocalProtocolError, generate_accept_token

from app.core.outbox import Outbox, Rest, framed

MAX_FRAME = 64 * 1024
FRAMES_PER_SECOND = 20.0
FRAMES_AT_ONCE = 60.0
CONNECT_SECONDS = 10
CONNECT = "40"
# What Engine.IO 4 may send us; it reads anything else as JSON, or not at all. The second is read as no packet.
PACKET = re.compile(r"4[0-6]|[1-356]\w{0,9}\Z")
NO_PACKET = "4"
# Sixteen bytes in base 64, and the answer to them.
KEY = re.compile(r"[A-Za-z0-9+/]{22}==")
SWITCHING = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n"
)
DRAIN_SECONDS, DRAIN_BYTES = 5, 16 * 1024 * 1024
GOODBYE_SECONDS = 6
# The kernel doubles it. By itself it would keep four megabytes for who takes nothing.
KERNEL_BYTES = 128 * 1024
# So long not one byte more was taken, though some wait: as long as an answer to a ping.
TAKE_SECONDS = 20
AT_ONCE = struct.pack("ii", 1, 0)


class BoundedWebSocket(WebSocketWSGI):  # type: ignore[misc]
    """Closes with 1009 beyond 64 kB, after ten seconds without CONNECT, at a second CONNECT, at an empty frame.

    Text that is no packet becomes one that cannot be read, so that it counts as a bad frame. factor: LIMIT_FACTOR,
    which multiplies the pace.
    """

    def __init__(self, factor: float, handler: Any, owner: Any) -> None:
        super().__init__(handler, owner)
        self.factor = factor
        self.server_args.update(max_message_size=MAX_FRAME, thread_class=NoThread)
        self.connected_once = self.leaving = False
        self.level, self.since = FRAMES_AT_ONCE, time.monotonic()

    def __call__(self, environ: Any, start_response: Any) -> Any:
        # Deflating costs more than it spares: messages are short, and each member would be deflated anew.
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        engine = self.app.__self__
        if not _asks_for_websocket(environ):
            engine.close(wait=False, abort=True)
            start_response("400 Bad Request", [("Content-Type", "text/plain"), ("Sec-WebSocket-Version", "13")])
            return [b"400 Bad Request"]
        self.ws = PatientServer(environ, **self.server_args)
        self.outbox: Outbox = engine.queue
        self.ws.outbox = self.outbox
        self.outbox.at_once, self.outbox.at_end = self.ws.send_at_once, self._soon_hang_up
        self.outbox.overrun = self._hang_up
        try:
            return self.app(self)
        finally:
            self.outbox.at_once = self.outbox.at_end = self.outbox.overrun = None
            self.ws.sock.close()

    def close(self) -> None:
        self._soon_hang_up()
        super().close()

    def _soon_hang_up(self) -> None:
        """Who never answers our goodbye, or does not even take it, does not keep the connection."""
        if not self.leaving:
            self.leaving = True
            gevent.spawn_later(GOODBYE_SECONDS, self._hang_up)

    def _hang_up(self) -> None:
        with suppress(OSError):
            if self.outbox.owed:
                forget_unsent(self.ws.sock)
            self.outbox.give_up()
            self.ws.sock.shutdown(socket.SHUT_RDWR)

    def send(self, message: Any) -> None:
        try:
            super().send(message)
        except TimeoutError:
            self._hang_up()
            raise
        finally:
            self.outbox.taken(len(message))

    def wait(self) -> Any:
        self.outbox.wait_for_room()
        message = self._first() if not self.connected_once else super().wait()
        if not message or (self.connected_once and _connects(message)):
            return None
        self.connected_once = self.connected_once or _connects(message)
        self._keep_pace()
        return message if _is_packet(message) else NO_PACKET

    def _first(self) -> Any:
        with gevent.Timeout(CONNECT_SECONDS, False):
            return super().wait()
        return None

    def _keep_pace(self) -> None:
        now = time.monotonic()
        rate, most = FRAMES_PER_SECOND * self.factor, FRAMES_AT_ONCE * max(1.0, self.factor)
        self.level = min(most, self.level + (now - self.since) * rate) - 1
        self.since = now
        # Even within the pace the others have their turn after each frame.
        gevent.sleep(0 if self.level >= 0 else -self.level / rate)


class NoThread:
    """The stock driver starts a reader beside who waits for what it reads; here they are one."""

    name = ""

    def __init__(self, target: Any) -> None:
        del target

    def start(self) -> None:
        """Nothing to start."""


class Answers:
    """Stands in for the network while frames are read: what the stock driver answers at once, put aside."""

    def __init__(self) -> None:
        self.said = b""

    def send(self, data: bytes) -> None:
        self.said += data


class PatientServer(simple_websocket.Server):  # type: ignore[misc]
    """A websocket that is read by who waits for a message, and by nobody meanwhile: a busy client fills its network.

    It reads on after "too big": closed over bytes that nobody has read, TCP would throw our 1009 away.
    """

    outbox: Outbox
    sock: Any

    def __init__(self, environ: Any, **told: Any) -> None:
        super().__init__(environ, **told)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BYTES)

    def handshake(self) -> None:
        """Written here: the stock one makes the request into bytes again, to have them read by a second parser."""
        self.ws = Connection(ConnectionType.SERVER)
        accept = generate_accept_token(self.environ["HTTP_SEC_WEBSOCKET_KEY"].encode())
        self.sock.sendall(SWITCHING % accept)
        self.connected = True

    def receive(self, timeout: float | None = None) -> Any:
        while self.connected and not self.input_buffer:
            self._read()
        if self.input_buffer:
            return self.input_buffer.pop(0)
        raise simple_websocket.ConnectionClosed(self.close_reason, self.close_message)

    def _read(self) -> None:
        try:
            data = self.sock.recv(self.receive_bytes)
            if not data:
                self.connected = False
                return
            self.ws.receive_data(data)
            self.connected = self._handle_events()
        except (OSError, LocalProtocolError):
            self.connected = False

    def send(self, data: Any) -> None:
        """All of it: the stock driver forgets what the network did not take at once. Raises TimeoutError."""
        if not self.connected:
            raise simple_websocket.ConnectionClosed(self.close_reason, self.close_message)
        send_all(self.sock, data if isinstance(data, Rest) else framed(data), TAKE_SECONDS)

    def send_at_once(self, text: str) -> Rest | None:
        """Give the network what it takes without waiting; returns what is left."""
        frame = framed(text)
        try:
            gone = self.sock._sock.send(frame) if self.connected else 0
        except OSError:  # full, or gone: who sends in turn will see
            gone = 0
        return Rest(frame[gone:]) if gone < len(frame) else None

    def _handle_events(self) -> bool:
        network, self.sock = self.sock, Answers()
        try:
            going: bool = super()._handle_events()
        finally:
            answers, self.sock = self.sock, network
        if answers.said:
            self._answer(answers.said)
        if not going and self.incoming_message_len > self.max_message_size:
            self.connected = False
            with gevent.Timeout(DRAIN_SECONDS, False):
                self._drain()
        return going

    def _answer(self, said: bytes) -> None:
        """To a ping or a goodbye: at once, but never in the midst of a frame that is half sent."""
        if not self.outbox.owed:
            self.sock.send(said)
        elif self.connected:
            self.outbox.put(Rest(said))

    def _drain(self) -> None:
        left = DRAIN_BYTES
        while left > 0 and (read := len(self.sock.recv(MAX_FRAME))):
            left -= read


def _asks_for_websocket(environ: Any) -> bool:
    """As RFC 6455 has it; that it wants to upgrade by GET is known already."""
    key = environ.get("HTTP_SEC_WEBSOCKET_KEY", "")
    return environ.get("HTTP_SEC_WEBSOCKET_VERSION") == "13" and KEY.fullmatch(key) is not None


def send_all(sock: Any, data: bytes, seconds: float) -> None:
    """All of it, as long as the network takes some more of it within so many seconds. Raises TimeoutError."""
    rest = memoryview(data)
    while rest:
        with gevent.Timeout(seconds, TimeoutError):
            rest = rest[sock.send(rest) :]


def forget_unsent(sock: Any) -> None:
    """Once it is closed the kernel, too, forgets what nobody has taken."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)


def _is_packet(message: Any) -> bool:
    return not isinstance(message, str) or PACKET.match(message) is not None


def _connects(message: Any) -> bool:
    return isinstance(message, str) and message.startswith(CONNECT)

"""Readers that never read: what they cost is bounded, here and in the kernel; then they are cut. Nobody else waits."""

import json
import socket
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

from app.messaging.actions import Draft, open_thread, post_message
from tests.faults.test_hostile import masked
from tests.support import clients
from tests.support.cast import Person
from tests.support.process import Server
from tests.support.scale import scaled
from tests.support.sockets import Socket
from tests.support.waiting import wait_for

MIB = 2**20
LONG = "🙏" * 4_000  # as JSON, some 95 kB with its markup
POSTS, OLD, ASKED = scaled(60, 1_000), 30, 40
LISTENING, ASKING = 3, 2
# What the kernel takes and some more, but not so much that the house stops to hear.
HALF_SENT, PINGS = 4, 20
# The kernel counts a frame somewhat larger than it is.
MOST_IN_KERNEL = MIB
MOST_MORE = 24 * MIB


class Deaf:
    """Asks and never reads: its network is full after a few kilobytes."""

    def __init__(self, server: Server, person: Person) -> None:
        host, port = server.url.removeprefix("http://").split(":")
        self.wire = socket.socket()
        self.wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.wire.settimeout(30)
        self.wire.connect((host, int(port)))
        upgrade = (
            f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        self.wire.sendall(upgrade.encode())
        self._read_up_to(b"pingInterval")
        token = clients.api_of(server.app, person).secret
        self.wire.sendall(masked(1, b"40" + json.dumps({"token": token}).encode()))
        self._read_up_to(b'40{"sid"')

    def _read_up_to(self, word: bytes) -> None:
        """The last that it reads is its welcome."""
        said = b""
        while word not in said:
            said += self.wire.recv(4096)

    def watch(self, club: str, since: int | None) -> "Deaf":
        self.wire.sendall(masked(1, b"420" + json.dumps(["club:watch", {"club": club, "since": since}]).encode()))
        return self

    def frames(self) -> Iterator[tuple[int, bytes]]:
        """What comes from now on, frame by frame: the opcode and what is in it."""
        with self.wire.makefile("rb") as said:
            while True:
                kind, size = said.read(2)
                if size >= 126:
                    size = int.from_bytes(said.read(2 if size == 126 else 8), "big")
                yield kind, said.read(size)

    def was_cut(self) -> bool:
        """Read at last what was on its way: the end comes by itself."""
        try:
            while self.wire.recv(2**20):
                pass
        except ConnectionResetError:
            return True
        except TimeoutError:
            return False
        return True


def resident(server: Server) -> int:
    """Bytes of memory that the server holds."""
    told = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(told.split("VmRSS:")[1].split()[0]) * 1024


def in_kernel(server: Server) -> list[int]:
    """Bytes that the kernel keeps for each connection of the server, sent by it and not taken."""
    port = f":{int(server.settings['PORT']):04X}"
    rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return [int(row[4].split(":")[0], 16) for row in rows if row[1].endswith(port) and row[3] == "01"]


def fill(server: Server, person: Person, club: str, amount: int = OLD) -> str:
    """A discussion with long messages, written by the house itself; its id."""
    with server.app.app_context():
        thread: str = open_thread(person.actor, club, "Long", Draft(str(uuid.uuid4()), LONG)).thread.id
        for _ in range(amount - 1):
            post_message(person.actor, thread, Draft(str(uuid.uuid4()), LONG))
    return thread


def test_who_never_reads_is_kept_in_bounds_then_cut_and_the_others_hear_all(
    start_server: Callable[..., Server],
) -> None:
    """Some listen, and fall behind; some ask for hundreds of megabytes in a club where nothing happens meanwhile."""
    server = start_server()
    cast = server.cast
    thread = fill(server, cast.bruno, "tilleul")
    fill(server, cast.dario, "romarin")
    writer, reader = (Socket(server.url, clients.api_of(server.app, who).secret) for who in (cast.bruno, cast.amina))
    assert writer.call("club:watch", {"club": "tilleul", "since": 0}, 60)["changes"]
    head = reader.call("club:watch", {"club": "tilleul"}, 60)["seq"]
    before = most = resident(server)
    held = 0
    listening = [Deaf(server, cast.bruno).watch("tilleul", None) for _ in range(LISTENING)]
    asking = [Deaf(server, cast.dario) for _ in range(ASKING)]
    for deaf in asking * ASKED:
        deaf.watch("romarin", 0)
    for _ in range(POSTS):
        post = {"thread": thread, "client_id": str(uuid.uuid4()), "body": LONG}
        assert writer.call("message:post", post, 60)["ok"]
        most, held = max(most, resident(server)), max(held, *in_kernel(server))
    heard = [reader.next(seconds=60) for _ in range(POSTS)]
    assert [(change["seq"], change["data"]["body"]) for change in heard] == [
        (head + number, LONG) for number in range(1, POSTS + 1)
    ]

    def are_cut() -> bool:
        nonlocal most
        most = max(most, resident(server))
        return len(in_kernel(server)) == 2

    wait_for(are_cut, "who never reads is never cut", 60)
    print(f"resident {before / MIB:.0f} MiB, then {most / MIB:.0f} MiB at most; {held / MIB:.1f} MiB in the kernel")
    assert (most - before < MOST_MORE, held < MOST_IN_KERNEL) == (True, True)
    assert [deaf.was_cut() for deaf in [*listening, *asking]] == [True] * (LISTENING + ASKING)
    assert server.said() == ""
    for each in (writer, reader):
        each.close()


def test_a_ping_in_the_midst_of_a_frame_is_answered_after_it(server: Server) -> None:
    """Some libraries ask by a ping of the websocket itself; the answer must not fall into what is half sent."""
    thread = fill(server, server.cast.bruno, "tilleul", 1)
    writer = Socket(server.url, clients.api_of(server.app, server.cast.bruno).secret)
    slow = Deaf(server, server.cast.bruno).watch("tilleul", None)
    slow._read_up_to(b'"ok":true')
    for _ in range(HALF_SENT):
        post = {"thread": thread, "client_id": str(uuid.uuid4()), "body": LONG}
        assert writer.call("message:post", post, 60)["ok"]
    for number in range(PINGS):
        slow.wire.sendall(masked(9, str(number).encode()))
    heard, pongs = 0, []
    for kind, said in slow.frames():
        if kind == 0x8A:
            pongs.append(said.decode())
        else:
            assert kind == 0x81
            heard += said.startswith(b'42["change"') and json.loads(said[2:])[1]["data"]["body"] == LONG
        if (heard, len(pongs)) == (HALF_SENT, PINGS):
            break
    assert pongs == [str(number) for number in range(PINGS)]
    slow.wire.close()
    writer.close()

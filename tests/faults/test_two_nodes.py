"""Two machines behind one proxy, each in a network namespace of its own; one of them dies."""

import contextlib
import itertools
import os
import socket
import subprocess
import threading
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from tests.faults.test_several_workers import SECONDS, heard, open_thread, say
from tests.support import clients, databases
from tests.support.process import Server
from tests.support.redis import valkey
from tests.support.sockets import Socket


class Node(Server):
    """A machine: its own network, one address on a line to ours."""

    def __init__(self, number: int, database_url: str, **settings: Any) -> None:
        self.name = f"pep{os.getpid() % 100_000}n{number}"
        self.address, self.ours = f"10.213.{number}.2", f"10.213.{number}.1"
        super().__init__(database_url, HOST=self.address, **settings)
        self.url = f"http://{self.address}:{self.settings['PORT']}"
        self.within = ("ip", "netns", "exec", self.name)

    def plug_in(self) -> None:
        for command in (
            f"netns add {self.name}",
            f"link add {self.name} type veth peer name {self.name}p",
            f"link set {self.name}p netns {self.name}",
            f"addr add {self.ours}/30 dev {self.name}",
            f"link set {self.name} up",
            f"-n {self.name} addr add {self.address}/30 dev {self.name}p",
            f"-n {self.name} link set {self.name}p up",
            f"-n {self.name} link set lo up",
        ):
            ip(command)

    def pull_out(self) -> None:
        self.stop()
        with contextlib.suppress(subprocess.CalledProcessError):
            ip(f"netns del {self.name}")


def ip(command: str) -> None:
    subprocess.run(["ip", *command.split()], check=True, capture_output=True)


class Proxy(threading.Thread):
    """Hands each connection to the next node that takes it; one that breaks is not handed on to the other."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def serve(self, nodes: list[Node]) -> None:
        self.turns = itertools.cycle([(node.address, int(node.settings["PORT"])) for node in nodes])
        self.start()

    def run(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                outer, _ = self.listener.accept()
                inner = self._next()
                for one, other in ((outer, inner), (inner, outer)):
                    threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _next(self) -> socket.socket:
        while True:
            with contextlib.suppress(OSError):
                return socket.create_connection(next(self.turns), SECONDS)

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            one.settimeout(None)
            while data := one.recv(65_536):
                other.sendall(data)
        for each in (one, other):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    made = Proxy()
    yield made
    made.listener.close()


@pytest.fixture
def nodes(proxy: Proxy) -> Iterator[list[Node]]:
    database = databases.new_database("postgresql")
    with valkey() as redis:
        made = [Node(number, database, REDIS_URL=redis.unix_url, BASE_URL=proxy.url) for number in (1, 2)]
        try:
            try:
                for node in made:
                    node.plug_in()
            except (OSError, subprocess.CalledProcessError) as error:
                pytest.skip(f"cannot run here: network namespaces ({type(error).__name__})")
            made[0].fill()
            yield [node.start() for node in made]
        finally:
            for node in made:
                node.pull_out()
                databases.close(node.app)


def test_members_on_two_machines_hear_each_other_and_one_machine_dies(nodes: list[Node], proxy: Proxy) -> None:
    cast = nodes[0].cast
    assert cast is not None
    thread = open_thread(nodes[0], cast.bruno)
    proxy.serve(nodes)
    # In turn: Bruno is on the first, Amina on the second.
    bruno, amina = (Socket(proxy.url, clients.api_of(nodes[0].app, who).secret) for who in (cast.bruno, cast.amina))
    for each in (bruno, amina):
        assert each.call("club:watch", {"club": "tilleul"}, SECONDS)["ok"]
    for number in range(6):
        say((bruno, amina)[number % 2], thread, f"message {number}")
    found = heard(amina, 6)
    assert heard(bruno, 6) == found
    nodes[1].kill()
    assert amina.gone(SECONDS)
    say(bruno, thread, "pendant")
    back = Socket(proxy.url, clients.api_of(nodes[0].app, cast.amina).secret)
    missed = back.call("club:watch", {"club": "tilleul", "since": found[-1][0]}, SECONDS)["changes"]
    assert [change["data"]["body"] for change in missed] == ["pendant"]
    post = {"thread": thread, "client_id": str(uuid.uuid4()), "body": "après"}
    assert back.call("message:post", post, SECONDS)["ok"]
    assert [body for _seq, body in heard(bruno, 2)] == ["pendant", "après"]

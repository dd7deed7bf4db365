"""The power goes in mid-talk, again and again: nothing acknowledged is missing, nothing is doubled."""

import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from socketio.exceptions import SocketIOError

from tests.support import clients
from tests.support.cast import Person
from tests.support.process import Server
from tests.support.sockets import Socket

KILLS = {"sqlite": 10, "postgresql": 2}
BETWEEN = 4  # messages that must be acknowledged between two kills


@dataclass
class Writer(threading.Thread):
    """Somebody who talks without end, and sends again what was not acknowledged, as the page does."""

    server: Server
    secret: str
    thread: str
    who: str
    acknowledged: list[dict[str, Any]] = field(default_factory=list)
    tried: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self.ended = threading.Event()

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        while not self.ended.is_set():
            try:
                socket = Socket(self.server.url, self.secret)
                self._talk(socket)
                socket.close()
            except SocketIOError:
                time.sleep(0.05)

    def _talk(self, socket: Socket) -> None:
        while not self.ended.is_set():
            body = f"{self.who} {len(self.acknowledged)}"
            waiting = next((c for c, said in self.tried.items() if said == body), None) or str(uuid.uuid4())
            self.tried[waiting] = body
            post = {"thread": self.thread, "client_id": waiting, "body": body}
            answer = socket.call("message:post", post, seconds=3)
            if answer["ok"]:
                self.acknowledged.append(answer["message"])


def start_talk(server: Server, *people: Person) -> tuple[str, list[Writer]]:
    first = {"title": "La coupure", "body": "On commence.", "client_id": str(uuid.uuid4())}
    api = clients.api_of(server.app, people[0])
    thread = api.post("/clubs/tilleul/threads", json=first).json["thread"]["id"]
    writers = [Writer(server, clients.api_of(server.app, who).secret, thread, who.key) for who in people for _ in "ab"]
    for number, writer in enumerate(writers):
        writer.who += str(number)
        writer.start()
    return thread, writers


def all_messages(server: Server, person: Person, thread: str) -> list[dict[str, Any]]:
    api, found, after = clients.api_of(server.app, person), [], 0
    while True:
        page = api.get(f"/threads/{thread}/messages?after={after}&limit=100").json["items"]
        if not page:
            return found
        found += page
        after = page[-1]["seq"]


@pytest.mark.parametrize("engine", KILLS)
def test_kill_9_in_mid_talk(start_server: Callable[..., Server], engine: str) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")  # shown when it fails
    chance = random.Random(seed)
    server = start_server(engine)
    thread, writers = start_talk(server, server.cast.amina, server.cast.bruno)
    for _ in range(KILLS[engine]):
        said = sum(len(writer.acknowledged) for writer in writers)
        until = time.monotonic() + 30
        while sum(len(writer.acknowledged) for writer in writers) < said + BETWEEN:
            assert time.monotonic() < until, "nobody can talk any more"
            time.sleep(0.01)
        time.sleep(chance.random() * 0.2)
        server.kill()
        server.start()
    for writer in writers:
        writer.ended.set()
    for writer in writers:
        writer.join(20)
    check(all_messages(server, server.cast.bruno, thread), writers)


def check(stored: list[dict[str, Any]], writers: list[Writer]) -> None:
    times = Counter(message["client_id"] for message in stored)
    assert set(times.values()) == {1}
    by_id = {message["id"]: message for message in stored}
    for writer in writers:
        kept = [by_id.get(said["id"]) for said in writer.acknowledged]
        assert [message and (message["seq"], message["body"]) for message in kept] == [
            (said["seq"], f"{writer.who} {number}") for number, said in enumerate(writer.acknowledged)
        ]
        mine = [message["body"] for message in stored if message["client_id"] in writer.tried]
        assert mine == [f"{writer.who} {number}" for number in range(len(mine))]
    assert [message["seq"] for message in stored] == sorted(message["seq"] for message in stored)

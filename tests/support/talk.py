"""A discussion among phones on a bad network, and what must be true of it afterwards on every screen."""

import itertools
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from tests.support import clients
from tests.support.cast import Person
from tests.support.phone import Key, Phone, Screen
from tests.support.process import Server
from tests.support.waiting import SETTLED, wait_for


def key_of(server: Server, person: Person, way: str) -> Key:
    """What a person comes in with, by the way that they come."""
    if way != "form":
        return Key(bearer=clients.api_of(server.app, person).secret)
    client = clients.client_of(server.app, person)
    csrf = client.token()
    return Key(cookie=str(client.get_cookie("session").value), csrf=csrf)


def all_messages(server: Server, person: Person, thread: str) -> list[dict[str, Any]]:
    """Every message of a discussion, read by the JSON door."""
    api, found, after = clients.api_of(server.app, person), [], 0
    while True:
        page = api.get(f"/threads/{thread}/messages?after={after}&limit=100").json["items"]
        if not page:
            return found
        found += page
        after = page[-1]["seq"]


def compare(shown: Sequence[str], stored: Sequence[str]) -> Counter[str]:
    """What is wrong with a screen: ``lost``, ``doubled``, ``out of order``, ``unknown``."""
    found = Counter(shown)
    wrong = Counter(lost=len(set(stored) - set(found)), unknown=len(set(found) - set(stored)))
    wrong["doubled"] = sum(times - 1 for times in found.values())
    place = {each: number for number, each in enumerate(stored)}
    order = [place[each] for each in shown if each in place]
    wrong["out of order"] = sum(later < earlier for earlier, later in itertools.pairwise(order))
    return wrong


class Late:
    """The phones that are not where they should be yet; shows how many, and the first of them."""

    def __init__(self, phones: Callable[[], list[Phone]]) -> None:
        self.phones = phones

    def __repr__(self) -> str:
        late = self.phones()
        return f"{len(late)} phones are late: {late[:5]}"


class Talk:
    """Phones that write without end, some by each way, through ``url``, until they are hushed.

    pause: seconds between two messages of one. seconds: how long each waits for an answer. patience: how long all have
    at the end to hear everything.
    """

    def __init__(
        self,
        server: Server,
        url: str,
        people: Sequence[Person],
        ways: Sequence[str],
        *,
        pause: float = 0.01,
        seconds: float = 5,
        patience: float = SETTLED,
    ) -> None:
        self.server, self.reader, self.pause, self.patience = server, people[0], pause, patience
        first = {"title": "La coupure", "body": "On commence.", "client_id": str(uuid.uuid4())}
        api = clients.api_of(server.app, self.reader)
        opened = api.post("/clubs/tilleul/threads", json=first).json
        self.thread, self.begun = opened["thread"]["id"], opened["message"]["seq"]
        self.phones = [
            Phone(
                url, key_of(server, person, way), "tilleul", self.thread, way, since=self.begun, seconds=seconds
            ).start()
            for way in ways
            for person in people
        ]
        self.told = [0] * len(self.phones)
        self.hushed = threading.Event()
        self.feeder = threading.Thread(target=self._feed, daemon=True)

    def start(self, only: int | None = None) -> "Talk":
        """Begin to talk; only the first so many of the phones, if it is said."""
        self.writers = self.phones[:only]
        self.feeder.start()
        return self

    def _feed(self) -> None:
        while not self.hushed.wait(self.pause):
            for number, phone in enumerate(self.writers):
                if len(phone.outbox) < 3:
                    phone.say(f"{number} {self.told[number]}")
                    self.told[number] += 1

    @property
    def answered(self) -> int:
        return sum(len(phone.answered) for phone in self.phones)

    def go_on(self, messages: int) -> None:
        """Wait until so many more are answered."""
        goal = self.answered + messages
        wait_for(lambda: self.answered >= goal, "nobody can talk any more")

    def hush(self) -> None:
        """Nobody begins to say anything; what was begun is said, and seen by all."""
        self.hushed.set()
        self.feeder.join()
        self._settle(lambda: [phone for phone in self.phones if not (phone.silent or phone.refusals)])
        assert [phone.refusals for phone in self.phones if phone.refusals] == []
        head = max((row["seq"] for row in self.messages()), default=0)
        following = [phone for phone in self.phones if phone.way != "form"]
        self._settle(lambda: [phone for phone in following if (phone.screen.last or 0) < head])

    def _settle(self, late: Callable[[], list[Phone]]) -> None:
        wait_for(lambda: not late(), Late(late), self.patience)

    def messages(self) -> list[dict[str, Any]]:
        return all_messages(self.server, self.reader, self.thread)[1:]

    def check(self) -> int:
        """Nothing lost, nothing doubled, nothing out of order, on any screen. Returns how many were said."""
        wrong, said = self.verdict()
        assert +wrong == Counter()
        return said

    def verdict(self) -> tuple[Counter[str], int]:
        """What is wrong with what is stored, and with all screens together; and how many messages were said."""
        stored = self.messages()
        ids = [row["id"] for row in stored]
        wrong = self._stored_wrong(stored)
        screens = [phone.reload()[1:] if phone.way == "form" else phone.screen.ids for phone in self.phones]
        for screen in [*screens, self._caught_up().ids]:
            wrong += compare(screen, ids)
        wrong["out of order"] += sum(phone.overtaken for phone in self.phones)
        return wrong, len(stored)

    def _stored_wrong(self, stored: list[dict[str, Any]]) -> Counter[str]:
        said = [f"{number} {each}" for number, told in enumerate(self.told) for each in range(told)]
        by_writer = sorted((row["body"] for row in stored), key=lambda body: int(body.split()[0]))
        wrong = compare(by_writer, said)
        ids = [row["seq"] for row in stored]
        wrong += compare(list(map(str, ids)), list(map(str, sorted(set(ids)))))
        known = {row["id"]: row["body"] for row in stored}
        for phone in self.phones:
            wrong["answered otherwise"] += sum(known.get(which) != body for body, which in phone.answered)
        return wrong

    def _caught_up(self) -> Screen:
        """The screen of somebody who was away all the while."""
        api, screen, more = clients.api_of(self.server.app, self.reader), Screen(self.begun), True
        while more:
            page = api.get(f"/clubs/tilleul/changes?since={screen.last}&limit=100").json
            screen.take(page)
            more = page["more"]
        return screen

    def end(self) -> None:
        self.hushed.set()
        for phone in self.phones:
            phone.stop()

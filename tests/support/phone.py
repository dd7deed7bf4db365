"""A phone as the contract describes it: it writes until it is answered, follows, catches up, and keeps its screen.

Three ways: ``socket`` (writes and follows by one websocket), ``poll`` (JSON and the long poll), ``form`` (plain forms
and pages, no script). ``fresh`` is ``poll`` with a new connection for each request. The protocol is written out here,
frame by frame, so that no library mends what is wrong.
"""

import contextlib
import json
import queue
import random
import re
import socket
import threading
import time
import uuid
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

import requests
import websocket

WAYS = ("socket", "poll", "form")
POLL_SECONDS = 25
KIND = "message:posted"
DRAWN = re.compile(r'<li class="msg[^>]* id="m-([a-z2-7]{26})"')
OLDER = re.compile(r'href="/threads/[a-z2-7]{26}\?before=(\d+)"')
AWAY = (OSError, requests.RequestException, websocket.WebSocketException, queue.Empty)


def patience(failures: int) -> float:
    """Seconds before the next try: longer and longer up to two, with some chance, so that not all come back at once."""
    return min(2.0, 0.1 * 2**failures) * (0.5 + random.random())


class Refused(Exception):
    """The server said no, and would again."""


@dataclass
class Key:
    """What a person comes in with: a key for a program, or the cookie and the form token of a browser."""

    bearer: str = ""
    cookie: str = ""
    csrf: str = ""

    @property
    def headers(self) -> dict[str, str]:
        if self.bearer:
            return {"Authorization": f"Bearer {self.bearer}"}
        return {"Cookie": f"session={self.cookie}"}


class Line:
    """One websocket, Engine.IO 4 and Socket.IO 5 by hand. Raises one of AWAY when it is dead."""

    def __init__(self, url: str, key: Key, seconds: float) -> None:
        self.seconds = seconds
        where = f"{url.replace('http', 'ws', 1)}/socket.io/?EIO=4&transport=websocket"
        self.wire = websocket.create_connection(where, timeout=seconds, suppress_origin=True)
        self.acks: dict[int, queue.Queue[Any]] = {}
        self.said: queue.Queue[tuple[str, Any]] = queue.Queue()
        self.numbers = 0
        self.dead = False
        try:
            assert self.wire.recv().startswith("0")
            self.wire.send("40" + json.dumps({"token": key.bearer}))
            if not self.wire.recv().startswith("40"):
                raise Refused("connect")
        except (AssertionError, *AWAY) as error:
            self.close()
            raise OSError("no welcome") from error
        # A ping comes every 25 seconds, and is waited for 20 more.
        self.wire.settimeout(45)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        try:
            while frame := self.wire.recv():
                self._take(str(frame))
        except AWAY:
            pass
        self.dead = True
        self.said.put(("gone", None))
        for waiting in list(self.acks.values()):
            waiting.put(None)

    def _take(self, frame: str) -> None:
        if frame == "2":
            self.wire.send("3")
        elif frame.startswith("43"):
            number, told = frame[2:].split("[", 1)
            self.acks.pop(int(number), queue.Queue()).put(json.loads("[" + told)[0])
        elif frame.startswith("42"):
            event, *data = json.loads(frame[2:])
            self.said.put((event, data[0] if data else None))

    def call(self, event: str, data: dict[str, Any]) -> Any:
        """Say something and wait for its acknowledgement."""
        self.numbers += 1
        number, waiting = self.numbers, queue.Queue[Any]()
        self.acks[number] = waiting
        self.wire.send(f"42{number}{json.dumps([event, data])}")
        answer = None if self.dead else waiting.get(timeout=self.seconds)
        if answer is None:
            raise OSError("cut")
        return answer

    def close(self) -> None:
        """Hang up at once: the library's own goodbye would wait for its reader."""
        line = self.wire.sock
        if line is not None:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


@dataclass
class Screen:
    """What one sees of a club: each row once, in order, whatever came twice or not at all.

    ``longest``: seconds between two rows.
    """

    last: int | None = None
    rows: list[tuple[int, str]] = field(default_factory=list)
    gaps: int = 0
    longest: float = 0.0
    moved_at: float = 0.0

    @property
    def ids(self) -> list[str]:
        return [message_id for _seq, message_id in self.rows]

    def take(self, page: dict[str, Any]) -> None:
        if page["gap"] or self.last is None:
            self.gaps += page["gap"]
            self.last = page["seq"]
            return
        for change in page["changes"]:
            self.apply(change)
        self.last = max(self.last, page["seq"])

    def apply(self, change: dict[str, Any]) -> None:
        if self.last is not None and change["seq"] <= self.last:
            return
        self.last = change["seq"]
        if change["kind"] == KIND and change["data"]:
            self.rows.append((change["seq"], change["data"]["id"]))
        self._moves()

    def _moves(self) -> None:
        now = time.monotonic()
        self.longest = max(self.longest, now - (self.moved_at or now))
        self.moved_at = now


class Phone:
    """Somebody in a discussion, behind whatever network ``url`` leads through.

    seconds: how long an answer is waited for. It writes what ``say`` is given, first in first out, each under its own
    client_id, again and again until it is answered. ``overtaken``: pushes that came on one line after a later row.
    """

    def __init__(self, url: str, key: Key, club: str, thread: str, way: str, *, seconds: float = 5, since: int = 0):
        self.url, self.key, self.club, self.thread, self.way, self.seconds = url, key, club, thread, way, seconds
        self.outbox: deque[tuple[str, str]] = deque()
        self.answered: list[tuple[str, str]] = []  # body, id
        self.tries = 0
        self.screen = Screen(since)
        self.refusals: list[Any] = []
        self.line: Line | None = None
        self.http: Any = requests if way == "fresh" else requests.Session()
        self.overtaken = 0
        self.ended = threading.Event()
        self.something = threading.Event()
        self.longest = 0.0
        self.trouble: Exception | None = None
        self.held_back = 0  # answered with 429
        self.unanswered: Counter[str] = Counter()

    def start(self) -> "Phone":
        work = [self._write]
        if self.way != "form":
            work.append(self._follow)
        self.threads = [threading.Thread(target=each, daemon=True) for each in work]
        for each in self.threads:
            each.start()
        return self

    def say(self, body: str) -> None:
        self.outbox.append((str(uuid.uuid4()), body))
        self.something.set()

    def __repr__(self) -> str:
        line = None if self.line is None else "dead" if self.line.dead else "up"
        alive = [each.is_alive() for each in self.threads]
        told = f"{len(self.answered)} answered, {len(self.outbox)} wait, {self.tries} tries, {self.refusals}"
        return f"<{self.way}: {told}, line {line}, at {self.screen.last}, alive {alive}, last {self.trouble!r}>"

    @property
    def silent(self) -> bool:
        """Is everything answered?"""
        return not self.outbox

    def stop(self) -> None:
        self.ended.set()
        self.something.set()
        if self.line is not None:
            self.line.close()

    # Writing.
    def _write(self) -> None:
        begun, failures = 0.0, 0
        while not self.ended.is_set():
            if not self.outbox:
                self.something.clear()
                if not self.outbox:
                    self.something.wait(1)
                begun = 0.0
                continue
            begun = begun or time.monotonic()
            client_id, body = self.outbox[0]
            message_id = self._try(client_id, body)
            if message_id is None:
                failures += 1
                self.ended.wait(patience(failures))
                continue
            failures = 0
            self.longest, begun = max(self.longest, time.monotonic() - begun), 0.0
            self.answered.append((body, message_id))
            self.outbox.popleft()

    def _try(self, client_id: str, body: str) -> str | None:
        self.tries += 1
        post = {"client_id": client_id, "body": body}
        try:
            by = {"socket": self._by_socket, "form": self._by_form}.get(self.way, self._by_json)
            return by(post)
        except AWAY as error:
            self.trouble = error
            self.unanswered[type(error).__name__] += 1
            if self.line is not None:
                self.line.close()
            return None

    def _by_socket(self, post: dict[str, str]) -> str | None:
        if self.line is None or self.line.dead:
            return None
        answer = self.line.call("message:post", {"thread": self.thread, **post})
        return str(answer["message"]["id"]) if answer["ok"] else self._refused(answer["problem"])

    def _by_json(self, post: dict[str, str]) -> str | None:
        where = f"{self.url}/api/v1/threads/{self.thread}/messages"
        answer = self._ask("POST", where, json=post)
        return str(answer.json()["id"]) if answer.ok else self._refused(answer.json())

    def _by_form(self, post: dict[str, str]) -> str | None:
        answer = self._ask("POST", f"{self.url}/threads/{self.thread}", data={"csrf_token": self.key.csrf, **post})
        if answer.status_code == 303:
            return answer.headers["Location"].rsplit("#m-", 1)[1]
        return self._refused({"status": answer.status_code})

    def _refused(self, problem: dict[str, Any]) -> None:
        self.held_back += problem["status"] == 429
        if problem["status"] not in (429, 503):
            self.refusals.append(problem)
            self.ended.set()
        else:
            self.ended.wait(min(problem.get("retry_after", 1), 1))

    def _ask(self, method: str, where: str, seconds: float = 0, **told: Any) -> requests.Response:
        how: dict[str, Any] = {"timeout": seconds or self.seconds, "allow_redirects": False, **told}
        answer: requests.Response = self.http.request(method, where, headers=self.key.headers, **how)
        return answer

    # Following.
    def _follow(self) -> None:
        failures = 0
        while not self.ended.is_set():
            seen = self.screen.last
            try:
                (self._hear if self.way == "socket" else self._poll)()
            except (Refused, *AWAY) as error:
                self.trouble = error
            failures = failures + 1 if self.screen.last == seen else 1
            self.ended.wait(patience(failures))

    def _poll(self) -> None:
        while not self.ended.is_set():
            asked = {"since": self.screen.last or 0, "wait": POLL_SECONDS}
            where = f"{self.url}/api/v1/clubs/{self.club}/changes"
            # A connection of its own: the one for writing is not kept waiting.
            answer = requests.get(
                where, params=asked, headers=self.key.headers, timeout=(self.seconds, POLL_SECONDS + 5)
            )
            if not answer.ok:
                raise OSError(answer.status_code)
            self.screen.take(answer.json())

    def _hear(self) -> None:
        line, pushed = Line(self.url, self.key, self.seconds), 0
        try:
            self._watch(line)
            self.line = line
            while not self.ended.is_set():
                event, told = line.said.get()
                if event == "gone":
                    return
                if event == "change":
                    self.overtaken += told["seq"] <= pushed
                    pushed = told["seq"]
                if event == "change" and told["seq"] != (self.screen.last or 0) + 1:
                    self._watch(line)  # a row was missed, or is known already
                elif event == "change":
                    self.screen.apply(told)
                elif event == "pulse" and told.get(self.club, 0) > (self.screen.last or 0):
                    self._watch(line)
        finally:
            line.close()

    def _watch(self, line: Line) -> None:
        while True:
            answer = line.call("club:watch", {"club": self.club, "since": self.screen.last or 0})
            if not answer["ok"]:
                raise OSError(answer["problem"]["code"])
            self.screen.take(answer)
            if not answer["more"]:
                return

    # Looking.
    def reload(self) -> list[str]:
        """What the page of the discussion shows, from its first message to its last."""
        shown: list[str] = []
        before = ""
        while True:
            text = self._ask("GET", f"{self.url}/threads/{self.thread}{before}", seconds=30).text
            shown = DRAWN.findall(text) + shown
            older = OLDER.search(text)
            if older is None:
                return shown
            before = f"?before={older[1]}"

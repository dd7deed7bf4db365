"""The server as it is really started: it is ready, it ends at once, and it does not mix people up."""

import re
import resource
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pysqlite3
import pytest
import requests

from tests.support import clients
from tests.support.cast import Person
from tests.support.process import Server
from tests.support.sockets import Socket
from tests.support.waiting import wait_for

Start = Callable[..., Server]
LOCKED_SECONDS = 8.0


def bearer(server: Server, person: Person) -> dict[str, str]:
    return {"Authorization": f"Bearer {clients.api_of(server.app, person).secret}"}


def new_thread(title: str = "Bonjour") -> dict[str, str]:
    return {"title": title, "body": "Un premier message.", "client_id": str(uuid.uuid4())}


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_server_says_what_it_runs_on_and_ends_at_once(start_server: Start, engine: str) -> None:
    with few_open_files():
        server = start_server(engine)
    assert server.process is not None
    soft, hard = resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE)
    assert soft == min(hard, 65_536)
    told = ready(server)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:00Z", told.pop("jobs_at"))
    assert told == {"status": "ok", "database": engine, "queue": "none", "canary_at": None}
    assert requests.get(f"{server.url}/healthz").json() == {"status": "ok"}
    assert server.stop() < 5
    assert server.said() == ""


@contextmanager
def few_open_files() -> Iterator[None]:
    """As on most systems: a process may open more, once it asks."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def ready(server: Server) -> dict[str, Any]:
    """What /readyz says once the clock's door has been looked at, a moment after the start."""

    def looked() -> dict[str, Any] | None:
        told: dict[str, Any] = requests.get(f"{server.url}/readyz").json()
        return told if told["jobs_at"] is not None else None

    found: dict[str, Any] = wait_for(looked, "the clock's door was looked at", 20)
    return found


def test_it_ends_at_once_while_people_are_connected(start_server: Start) -> None:
    server = start_server()
    cast = server.cast
    token = clients.api_of(server.app, cast.bruno).secret
    live = Socket(server.url, token)
    live.call("club:watch", {"club": "tilleul"})
    waiting = threading.Thread(target=long_poll, args=(server, token))
    waiting.start()
    time.sleep(0.3)  # the poll must have reached the server; nothing is decided by this pause
    assert server.stop() < 5
    assert live.gone()
    waiting.join(10)
    assert not waiting.is_alive()


def long_poll(server: Server, token: str) -> None:
    url = f"{server.url}/api/v1/clubs/tilleul/changes?since=0&wait=25"
    with suppress(requests.RequestException):
        requests.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=30)


def test_a_second_start_finds_everything_again(start_server: Start) -> None:
    server = start_server()
    headers = bearer(server, server.cast.bruno)
    made = requests.post(f"{server.url}/api/v1/clubs/tilleul/threads", json=new_thread(), headers=headers).json()
    server.stop()
    server.start()
    found = requests.get(f"{server.url}/api/v1/threads/{made['thread']['id']}/messages", headers=headers).json()
    assert [message["id"] for message in found["items"]] == [made["message"]["id"]]


@contextmanager
def held_by_somebody_else(server: Server) -> Iterator[None]:
    """Another process has SQLite's write lock."""
    path = server.database_url.removeprefix("sqlite:///")
    other = pysqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def test_a_locked_database_holds_the_writers_and_nobody_else(start_server: Start) -> None:
    server = start_server()
    headers = bearer(server, server.cast.bruno)
    answers: list[int] = []

    def write() -> None:
        url = f"{server.url}/api/v1/clubs/tilleul/threads"
        answers.append(requests.post(url, json=new_thread(), headers=headers, timeout=20).status_code)

    writers = [threading.Thread(target=write) for _ in range(3)]
    slowest, asked = 0.0, 0
    with held_by_somebody_else(server):
        for writer in writers:
            writer.start()
        until = time.monotonic() + LOCKED_SECONDS
        while time.monotonic() < until:
            begun = time.monotonic()
            assert requests.get(f"{server.url}/healthz", timeout=LOCKED_SECONDS).status_code == 200
            assert requests.get(f"{server.url}/api/v1/me", headers=headers, timeout=LOCKED_SECONDS).status_code == 200
            slowest, asked = max(slowest, time.monotonic() - begun), asked + 1
            time.sleep(0.05)
        assert answers == []
    for writer in writers:
        writer.join(20)
    # Not a measure of speed: one answer that waits for the lock would take seconds.
    assert (answers, slowest < LOCKED_SECONDS / 2, asked > 10) == ([201, 201, 201], True, True)


def test_a_database_locked_for_too_long_is_said_in_plain_words(start_server: Start) -> None:
    server = start_server()
    headers = bearer(server, server.cast.bruno)
    with held_by_somebody_else(server):
        url = f"{server.url}/api/v1/clubs/tilleul/threads"
        answer = requests.post(url, json=new_thread(), headers=headers, timeout=30)
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (503, "unavailable", "20")
    assert requests.post(url, json=new_thread(), headers=headers, timeout=30).status_code == 201


def test_one_person_never_gets_the_identity_of_another(server: Server) -> None:
    """Two members and a visitor in turn, on one worker, over kept connections and new ones."""
    cast = server.cast
    people = {
        "amina": {"Cookie": cookie_of(server, cast.amina)},
        "bruno": {"Cookie": cookie_of(server, cast.bruno)},
        "chloe": bearer(server, cast.chloe),
        "nobody": {},
    }
    expected = {"amina": ["romarin", "tilleul"], "bruno": ["tilleul"], "chloe": ["glycine"], "nobody": 401}
    kept = requests.Session()
    for round_ in range(25):
        asking = requests if round_ % 2 else kept
        found = {name: clubs_seen(asking, server, headers) for name, headers in people.items()}
        assert found == expected


def test_identities_do_not_mix_when_everybody_asks_at_once(server: Server) -> None:
    cast = server.cast
    expected = [(cast.amina, ["romarin", "tilleul"]), (cast.bruno, ["tilleul"]), (cast.chloe, ["glycine"])]
    wrong: list[Any] = []

    def ask(headers: dict[str, str], right: Any) -> None:
        session = requests.Session()
        for _ in range(30):
            found = clubs_seen(session, server, headers)
            if found != right:
                wrong.append((found, right))

    asking = [threading.Thread(target=ask, args=({"Cookie": cookie_of(server, p)}, right)) for p, right in expected]
    asking.append(threading.Thread(target=ask, args=({}, 401)))
    for each in asking:
        each.start()
    for each in asking:
        each.join(60)
    assert wrong == []


def cookie_of(server: Server, person: Person) -> str:
    cookie = clients.client_of(server.app, person).get_cookie("session")
    return f"session={cookie.value}"


def clubs_seen(asking: Any, server: Server, headers: dict[str, str]) -> Any:
    answer = asking.get(f"{server.url}/api/v1/me", headers=headers)
    return sorted(m["club"] for m in answer.json()["memberships"]) if answer.status_code == 200 else answer.status_code

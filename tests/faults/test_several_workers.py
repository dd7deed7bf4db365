"""Two processes serve one house: members on different ones hear each other, whatever dies in between."""

import os
import signal
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import requests

from tests.support import clients, databases
from tests.support.cast import Cast, Person
from tests.support.process import Server, children, command_of, free_port
from tests.support.redis import Valkey, valkey
from tests.support.scale import scaled
from tests.support.sockets import Socket
from tests.support.waiting import wait_for
from tests.web import test_metrics as metrics
from tests.web.test_server import (
    test_identities_do_not_mix_when_everybody_asks_at_once as do_not_mix,
)
from tests.web.test_server import (
    test_one_person_never_gets_the_identity_of_another as never_gets_another,
)

SECONDS = 60
Start = Callable[..., Server]
# Seconds: two are the promise; in every run, what a machine that is busy otherwise may take is allowed too.
REVOKED = scaled(10, 2)


@pytest.fixture(scope="module")
def redis() -> Iterator[Valkey]:
    with valkey() as server:
        yield server


@pytest.fixture(scope="module")
def pairs(redis: Valkey) -> Iterator[dict[str, Server]]:
    """The houses of this file, by engine: two processes take long to start."""
    kept: dict[str, Server] = {}
    yield kept
    for each in kept.values():
        each.stop()
        databases.close(each.app)


@pytest.fixture
def pair(pairs: dict[str, Server], redis: Valkey, engine: str) -> Server:
    """A house that two processes serve, made anew for each test."""
    if engine not in pairs:
        pairs[engine] = Server(databases.new_database(engine), WORKERS=2, REDIS_URL=redis.url)
        pairs[engine].fill()
        return pairs[engine].start()
    pairs[engine].renew()
    return pairs[engine]


@contextmanager
def only(server: Server, index: int) -> Iterator[int]:
    """The other processes are held still meanwhile: who connects does so to this one."""
    chosen, *others = (lambda pids: [pids[index], *pids[:index], *pids[index + 1 :]])(sorted(server.serving()))
    for pid in others:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield chosen
    finally:
        for pid in others:
            os.kill(pid, signal.SIGCONT)


def connected(server: Server, person: Person, index: int) -> Socket:
    """A live connection to one of the processes, which watches Tilleul."""
    secret = clients.api_of(server.app, person).secret
    with only(server, index):
        socket = Socket(server.url, secret)
        assert socket.call("club:watch", {"club": "tilleul", "since": 0}, SECONDS)["ok"]
    return socket


def open_thread(server: Server, person: Person) -> str:
    first = {"title": "À deux", "body": "On commence.", "client_id": str(uuid.uuid4())}
    opened: str = clients.api_of(server.app, person).post("/clubs/tilleul/threads", json=first).json["thread"]["id"]
    return opened


def say(socket: Socket, thread: str, body: str) -> None:
    post = {"thread": thread, "client_id": str(uuid.uuid4()), "body": body}
    assert socket.call("message:post", post, SECONDS)["ok"]


def heard(socket: Socket, number: int) -> list[tuple[int, str]]:
    """The next so many messages, as number in the log and text."""
    found: list[tuple[int, str]] = []
    while len(found) < number:
        change = socket.next(seconds=SECONDS)
        if change["kind"] == "message:posted":
            found.append((change["seq"], change["data"]["body"]))
    return found


def test_members_on_two_workers_hear_each_other_in_order_with_redis_or_without(pair: Server, redis: Valkey) -> None:
    cast = of(pair)
    thread = open_thread(pair, cast.bruno)
    bruno, amina = connected(pair, cast.bruno, 0), connected(pair, cast.amina, 1)
    amina.emit("thread:typing", {"thread": thread})
    assert bruno.next("thread:typing", SECONDS) == {"thread": thread, "name": cast.amina.names["tilleul"]}
    assert requests.get(f"{pair.url}/readyz").json()["queue"] == "redis"

    def talk(first: int) -> None:
        told = [f"message {number}" for number in range(first, first + 10)]
        for number, body in enumerate(told):
            say((bruno, amina)[number % 2], thread, body)
        found = heard(bruno, 10)
        assert heard(amina, 10) == found
        assert [body for _seq, body in found] == told
        assert [seq for seq, _body in found] == list(range(found[0][0], found[0][0] + 10))

    talk(0)
    redis.stop()
    wait_for(lambda: requests.get(f"{pair.url}/readyz").json()["queue"] == "none", "Redis is away")
    talk(10)
    # A right that ends by one process ends on the other too.
    headers = {"Authorization": f"Bearer {clients.api_of(pair.app, cast.bruno).secret}"}
    other = connected(pair, cast.bruno, 1)
    with only(pair, 0):
        ended = requests.delete(f"{pair.url}/api/v1/memberships/{cast.amina.memberships['tilleul']}", headers=headers,
                                json={"rule": "1", "reason": "Pour voir."})  # fmt: skip
    assert ended.status_code == 204
    assert amina.next("club:closed", REVOKED) == {"club": "tilleul"}
    # So do keys, and what was opened with them.
    with only(pair, 0):
        keys = requests.get(f"{pair.url}/api/v1/tokens", headers=headers).json()["items"]
        headers = {"Authorization": f"Bearer {clients.api_of(pair.app, cast.bruno).secret}"}
        gone = [requests.delete(f"{pair.url}/api/v1/tokens/{key['id']}", headers=headers).status_code for key in keys]
    assert gone == [204] * len(keys)
    assert (bruno.gone(REVOKED), other.gone(REVOKED)) == (True, True)
    redis.start()
    wait_for(lambda: requests.get(f"{pair.url}/readyz").json()["queue"] == "redis", "Redis is back")
    states = [line for line in pair.said().splitlines() if "redis_" in line]
    assert 2 <= len(states) <= 8  # three processes, each says once that it went and once that it came back


def of(server: Server) -> Cast:
    assert server.cast is not None
    return server.cast


@pytest.mark.parametrize("engine", ["sqlite"])
def test_one_person_never_gets_the_identity_of_another_by_either_process(pair: Server) -> None:
    never_gets_another(pair)
    do_not_mix(pair)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_worker_that_is_killed_is_replaced_and_nothing_is_lost(pair: Server) -> None:
    cast = of(pair)
    thread = open_thread(pair, cast.bruno)
    bruno, amina = connected(pair, cast.bruno, 0), connected(pair, cast.amina, 1)
    say(bruno, thread, "avant")
    last, _body = heard(amina, 1)[0]
    before = sorted(pair.serving())
    os.kill(before[1], signal.SIGKILL)
    assert amina.gone(SECONDS)
    say(bruno, thread, "pendant")
    wait_for(lambda: len(set(pair.serving()) - set(before)) == 1, "another in its place")
    wait_for(lambda: jobs_of(pair), "the jobs")
    back = Socket(pair.url, clients.api_of(pair.app, cast.amina).secret)
    missed = back.call("club:watch", {"club": "tilleul", "since": last}, SECONDS)["changes"]
    assert [change["data"]["body"] for change in missed] == ["pendant"]
    # Who held the port is killed: nobody serves on without being looked after.
    left = [*pair.serving(), *jobs_of(pair)]
    assert len(left) == 3
    pair.kill()
    wait_for(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in left), "nobody left")


def test_what_is_counted_is_the_sum_of_all_processes(start_server: Start, redis: Valkey) -> None:
    admin = free_port()
    server = start_server(WORKERS=2, REDIS_URL=redis.url, ADMIN_PORT=admin)
    cast = of(server)
    thread = open_thread(server, cast.bruno)
    bruno, amina, also = (
        connected(server, who, index) for who, index in ((cast.bruno, 0), (cast.amina, 1), (cast.amina, 0))
    )
    for each in (bruno, bruno, bruno, amina, amina):
        say(each, thread, "compté")
    for each in (bruno, amina, also):
        assert len(heard(each, 5)) == 5
        assert each.call("club:watch", {"club": "glycine"}, SECONDS)["problem"]["code"] == "not_found"

    def numbers() -> dict[str, float]:
        counted = ("posts_total", "claims_total", "pushes_total", "push_lag_seconds_count", "sockets")
        return {
            **{name: metrics.number(admin, name) for name in counted},
            "changes": metrics.number(admin, "changes_total", kind="message:posted"),
            "refusals": metrics.number(admin, "refusals_total", code="not_found", door="socket"),
        }

    def ages() -> list[float]:
        return [value for name, _labels, value in metrics.samples(admin) if name == "pepiniere_jobs_age_seconds"]

    # Each process hears of each row once, and sends it to its own sockets.
    expected = {"posts_total": 5, "claims_total": 0, "pushes_total": 15, "push_lag_seconds_count": 10, "sockets": 3,
                "changes": 5, "refusals": 3}  # fmt: skip
    wait_for(lambda: metrics.number(admin, "pushes_total") == 15, "all pushes counted")
    assert numbers() == expected
    # One age, however many processes: of what was done last, by whichever of them.
    wait_for(ages, "ages of jobs and canary")
    assert [0 <= age < SECONDS for age in ages()] == [True]
    # Of a process that has died, what it counted stays, and what it held is gone.
    os.kill(sorted(server.serving())[1], signal.SIGKILL)
    assert amina.gone(SECONDS)
    wait_for(lambda: metrics.number(admin, "sockets") == 2, "two sockets")
    assert numbers() == {**expected, "sockets": 2}
    metrics.name_nobody(admin, cast)


def jobs_of(server: Server) -> list[int]:
    assert server.process is not None
    return [pid for pid in children(server.process.pid) if b"--jobs" in command_of(pid)]

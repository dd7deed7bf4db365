"""The long poll: woken by what happens, asked again before it answers, no connection held meanwhile."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from app.accounts.models import Token
from app.clubs import actions, live, waiting
from app.core import realtime
from app.core.clock import now
from app.core.db import db, transaction
from app.core.ids import new_id
from app.core.models import Revocation
from tests.support.application import make_app
from tests.support.cast import Cast, Person
from tests.support.clients import ApiClient
from tests.support.race import race

LONG = 25


@pytest.fixture
def poll(api_of: Callable[[Person], ApiClient], cast: Cast) -> Iterator[Callable[..., Future[Any]]]:
    """``poll(cast.amina)``: ask for the changes of Tilleul and wait, in a thread; back once it waits."""
    with ThreadPoolExecutor(4) as pool:

        def ask(person: Person, since: int = 0, wait: int = LONG) -> Future[Any]:
            client = api_of(person)
            before = len(waiting._waiters.get(cast.clubs["tilleul"], ()))
            answer = pool.submit(client.get, f"/clubs/tilleul/changes?since={since}&wait={wait}")
            while len(waiting._waiters.get(cast.clubs["tilleul"], ())) == before and not answer.done():
                threading.Event().wait(0.005)
            return answer

        yield ask


def say_hello(app: Flask, cast: Cast) -> None:
    with app.app_context(), transaction():
        live.record(cast.clubs["tilleul"], "essai:un", new_id())


def test_a_change_wakes_all_who_wait(app: Flask, cast: Cast, poll: Callable[..., Future[Any]]) -> None:
    answers = [poll(cast.amina), poll(cast.bruno)]
    assert not any(answer.done() for answer in answers)
    say_hello(app, cast)
    assert [[row["seq"] for row in answer.result(LONG).json["changes"]] for answer in answers] == [[1], [1]]
    assert waiting._waiters == {}


def test_what_is_there_is_answered_at_once(app: Flask, cast: Cast, poll: Callable[..., Future[Any]]) -> None:
    say_hello(app, cast)
    assert [row["seq"] for row in poll(cast.amina).result(LONG).json["changes"]] == [1]
    assert poll(cast.amina, since=9).result(LONG).json["gap"] is True


def test_nothing_happens(cast: Cast, poll: Callable[..., Future[Any]]) -> None:
    answer = poll(cast.amina, wait=1).result(LONG)
    assert (answer.status_code, answer.json) == (200, {"seq": 0, "changes": [], "more": False, "gap": False})


def test_who_leaves_meanwhile_gets_nothing(app: Flask, cast: Cast, poll: Callable[..., Future[Any]]) -> None:
    answer = poll(cast.amina)
    with app.app_context():
        actions.leave_club(cast.amina.actor, "tilleul")
    assert answer.result(LONG).status_code == 404


def test_whose_key_is_taken_away_meanwhile_gets_nothing(
    app: Flask, cast: Cast, poll: Callable[..., Future[Any]]
) -> None:
    answer = poll(cast.amina)
    with app.app_context(), transaction():
        db.session.execute(db.delete(Token))
    say_hello(app, cast)
    assert answer.result(LONG).status_code == 401


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("grant", ["membership", "account", "token"])
@pytest.mark.parametrize("elsewhere", [False, True])
def test_whose_right_ends_is_answered_then(
    app: Flask, cast: Cast, poll: Callable[..., Future[Any]], grant: str, elsewhere: bool
) -> None:
    """Nothing moves in the club; also when another process took the right away."""
    answer = poll(cast.amina)
    with app.app_context():
        ended = {
            "membership": f"membership:{cast.amina.memberships['tilleul']}",
            "account": f"account:{cast.amina.actor.account_id}",
            "token": f"token:{db.session.scalars(db.select(Token.id)).one()}",
        }[grant]
        with transaction():
            if elsewhere:
                db.session.add(Revocation(grant=ended, at=now()))
            else:
                realtime.revoke(ended)
        if elsewhere:
            realtime.poll_revocations()
    assert answer.result(5).status_code == 200
    assert realtime._hanging == {}


def test_no_connection_is_held_meanwhile(app: Flask, cast: Cast, poll: Callable[..., Future[Any]]) -> None:
    answers = [poll(cast.amina), poll(cast.bruno)]
    with app.app_context():
        pool: Any = db.engine.pool
        free = threading.Event()
        # A look for other processes' changes may be under way: it gives its connection back by itself.
        while pool.checkedout() and not free.wait(0.005):
            pass
        assert pool.checkedout() == 0
    assert not any(answer.done() for answer in answers)
    say_hello(app, cast)
    assert [answer.result(LONG).status_code for answer in answers] == [200, 200]


def record_elsewhere(barrier: Any, url: str, club_id: str) -> None:
    with make_app(url).app_context(), transaction():
        live.record(club_id, "essai:un", new_id())


def test_a_change_of_another_process_wakes_too(app: Flask, cast: Cast, poll: Callable[..., Future[Any]]) -> None:
    answer = poll(cast.amina)
    race(record_elsewhere, (app.config["SQLALCHEMY_DATABASE_URI"], cast.clubs["tilleul"]))
    assert [row["seq"] for row in answer.result(LONG).json["changes"]] == [1]


def test_one_look_serves_all_who_wait(app: Flask, cast: Cast, queries: Callable[[], Any]) -> None:
    clubs = list(cast.clubs.values())
    say_hello(app, cast)
    with (
        app.app_context(),
        waiting.waiting_for(clubs[0]) as one,
        waiting.waiting_for(clubs[0]) as ahead,
        waiting.waiting_for(clubs[1]) as other,
        queries() as asked,
    ):
        ahead.head = 1
        waiting._looked_at[0] = 0.0
        for _ in range(10):
            waiting._look()
        woken = [waiter._moved.is_set() for waiter in (one, ahead, other)]
    assert (len(asked), woken) == (1, [True, False, False])

"""The club’s log, pushed and watched: who waits for their turn holds no connection, and keeps no right."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask, g
from sqlalchemy.exc import OperationalError

from app.clubs import actions, live, sockets
from app.clubs.queries import Seat, seat_for
from app.clubs.sockets import watch_club
from app.core import realtime
from app.core.db import db, transaction
from app.core.errors import NotFound
from app.core.ids import new_id
from tests.support.cast import Cast


class Noticing:
    """A lock that notes, each time that somebody comes to it, whether they hold a connection of the pool."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.held: list[bool] = []
        self.meanwhile: list[Callable[[], None]] = []

    def __enter__(self) -> None:
        self.held.append(db.session().in_transaction())
        while self.meanwhile:
            self.meanwhile.pop()()
        self._lock.acquire()

    def __exit__(self, *_error: object) -> None:
        self._lock.release()


@pytest.fixture
def lock(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Noticing:
    noticing = Noticing()
    monkeypatch.setitem(live._locks, cast.clubs["tilleul"], noticing)
    return noticing


@contextmanager
def connected(name: str) -> Iterator[str]:
    manager = realtime.socketio.server.manager
    known = manager.connect(name, "/")
    realtime.opened(known, f"token:{name}", f"account:{name}")
    yield known
    realtime.closed(known)
    manager.disconnect(known, "/")


@pytest.fixture
def sid(app: Flask) -> Iterator[str]:
    """A connection whose other end hears nothing."""
    with connected("nobody") as known:
        yield known


@pytest.fixture
def second(app: Flask) -> Iterator[str]:
    """Another one."""
    with connected("nobody else") as known:
        yield known


def said(cast: Cast) -> None:
    """Something is said in the club."""
    with transaction():
        live.record(cast.clubs["tilleul"], "essai:un", new_id())


def test_who_watches_waits_without_a_connection(app: Flask, cast: Cast, lock: Noticing, sid: str) -> None:
    with app.app_context():
        seat = seat_for(cast.amina.actor, "tilleul")
        assert not db.session.registry.has()
        db.session.connection()
        live.watch(sid, seat)
        assert (lock.held, seat.slug) == ([False], "tilleul")


def test_who_pushes_twice_waits_without_a_connection(app: Flask, cast: Cast, lock: Noticing, sid: str) -> None:
    with app.app_context():
        live.watch(sid, seat_for(cast.amina.actor, "tilleul"))
        with transaction():
            live.record(cast.clubs["tilleul"], "essai:un", new_id())
            live.record(cast.clubs["tilleul"], "essai:deux", new_id())
        assert lock.held == [False, False, False]


def test_who_leaves_while_they_subscribe_hears_nothing(app: Flask, cast: Cast, lock: Noticing, sid: str) -> None:
    room = live.room_of(cast.clubs["tilleul"])

    def leave() -> None:
        with app.app_context():
            actions.leave_club(cast.amina.actor, "tilleul")

    with app.app_context():
        g.socket = sid
        assert watch_club(cast.amina.actor, {"club": "tilleul"})["seq"] == 0
        assert list(realtime.listeners(room)) == [sid]
        realtime.leave(sid, room)
        lock.meanwhile.append(leave)
        with pytest.raises(NotFound):
            watch_club(cast.amina.actor, {"club": "tilleul"})
        assert realtime.listeners(room) == {}


@pytest.mark.parametrize("others", [False, True], ids=["alone", "beside others"])
def test_what_is_said_while_they_subscribe_is_told(
    app: Flask, cast: Cast, lock: Noticing, sid: str, second: str, others: bool
) -> None:
    def say() -> None:
        with app.app_context():
            said(cast)

    with app.app_context():
        if others:
            g.socket = second
            watch_club(cast.bruno.actor, {"club": "tilleul"})
        g.socket = sid
        head = seat_for(cast.amina.actor, "tilleul").head
        lock.meanwhile.append(say)
        told = watch_club(cast.amina.actor, {"club": "tilleul", "since": head})
        assert ([each["kind"] for each in told["changes"]], told["seq"]) == (["essai:un"], head + 1)


def test_who_cannot_be_asked_for_their_right_hears_nothing(
    app: Flask, cast: Cast, lock: Noticing, sid: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = live.room_of(cast.clubs["tilleul"])

    def asked(first: Seat) -> Iterator[Seat]:
        yield first
        raise OperationalError("", {}, Exception("gone"))

    def say() -> None:
        with app.app_context():
            said(cast)

    with app.app_context():
        g.socket = sid
        answers = asked(seat_for(cast.amina.actor, "tilleul"))
        lock.meanwhile.append(say)
        monkeypatch.setattr(sockets, "seat_for", lambda *_asked: next(answers))
        with pytest.raises(OperationalError):
            watch_club(cast.amina.actor, {"club": "tilleul"})
        assert realtime.listeners(room) == {}

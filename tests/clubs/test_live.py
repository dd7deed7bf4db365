"""The club’s log, pushed and watched: who waits for their turn holds no connection, and keeps no right."""

import threading
from collections.abc import Callable, Iterator

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


@pytest.fixture
def sid(app: Flask) -> Iterator[str]:
    """A connection whose other end hears nothing."""
    manager = realtime.socketio.server.manager
    known = manager.connect("nobody", "/")
    realtime.opened(known, "token:x", "account:x")
    yield known
    realtime.closed(known)
    manager.disconnect(known, "/")


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


def test_who_cannot_be_asked_for_their_right_hears_nothing(
    app: Flask, cast: Cast, sid: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = live.room_of(cast.clubs["tilleul"])

    def asked(first: Seat) -> Iterator[Seat]:
        yield first
        raise OperationalError("", {}, Exception("gone"))

    with app.app_context():
        g.socket = sid
        answers = asked(seat_for(cast.amina.actor, "tilleul"))
        monkeypatch.setattr(sockets, "seat_for", lambda *_asked: next(answers))
        with pytest.raises(OperationalError):
            watch_club(cast.amina.actor, {"club": "tilleul"})
        assert realtime.listeners(room) == {}

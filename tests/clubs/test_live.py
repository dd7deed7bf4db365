"""The club’s log, pushed and watched: who waits for their turn holds no connection, and keeps no right."""

import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask, request

from app.clubs import actions, live
from app.clubs.queries import member_club_for
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
        club, membership = member_club_for(cast.amina.actor, "tilleul")
        assert db.session().in_transaction()
        live.watch(sid, club, membership)
        assert (lock.held, club.slug) == ([False], "tilleul")


def test_who_pushes_twice_waits_without_a_connection(app: Flask, cast: Cast, lock: Noticing, sid: str) -> None:
    with app.app_context():
        live.watch(sid, *member_club_for(cast.amina.actor, "tilleul"))
        with transaction():
            live.record(cast.clubs["tilleul"], "essai:un", new_id())
            live.record(cast.clubs["tilleul"], "essai:deux", new_id())
        assert lock.held == [False, False, False]


def test_who_leaves_while_they_subscribe_hears_nothing(app: Flask, cast: Cast, lock: Noticing, sid: str) -> None:
    room = live.room_of(cast.clubs["tilleul"])

    def leave() -> None:
        with app.app_context():
            actions.leave_club(cast.amina.actor, "tilleul")

    with app.test_request_context():
        request.sid = sid  # type: ignore[attr-defined]
        assert watch_club(cast.amina.actor, {"club": "tilleul"})["seq"] == 0
        assert list(realtime.listeners(room)) == [sid]
        realtime.leave(sid, room)
        lock.meanwhile.append(leave)
        with pytest.raises(NotFound):
            watch_club(cast.amina.actor, {"club": "tilleul"})
        assert realtime.listeners(room) == {}

"""A right that ends closes what hung on it, in this process at once and in others by its row."""

import time

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.core import realtime
from app.core.clock import now
from app.core.db import db, transaction
from app.core.models import Revocation

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def ended() -> list[str]:
    """What was closed, on a connection that hangs on two grants."""
    told: list[str] = []
    held = realtime.Connection("sid", "token:x")
    held.grants = {grant: (lambda grant=grant: told.append(grant)) for grant in ("membership:a", "membership:b")}
    realtime._connections["sid"] = held
    return told


def test_revoking_ends_only_what_hung_on_it(ended: list[str]) -> None:
    with transaction():
        realtime.revoke("membership:a")
        assert ended == []
    assert ended == ["membership:a"]


def test_a_revocation_that_is_rolled_back_ends_nothing(ended: list[str]) -> None:
    with pytest.raises(KeyError), transaction():
        realtime.revoke("membership:a")
        raise KeyError
    assert (ended, db.session.scalars(select(Revocation)).all()) == ([], [])


def test_a_revocation_by_another_process_is_read_once(ended: list[str]) -> None:
    with transaction():
        db.session.add(Revocation(grant="membership:b", at=now()))
    realtime.poll_revocations()
    realtime.poll_revocations()
    assert ended == ["membership:b"]


def test_what_ended_here_is_not_ended_again_by_its_row(ended: list[str]) -> None:
    """Under the same membership one may watch again at once: a club that turned discreet has another address."""
    with transaction():
        realtime.revoke("membership:a")
    realtime._connections["sid"].grants["membership:a"] = lambda: ended.append("anew")
    realtime.poll_revocations()
    assert ended == ["membership:a"]


def test_what_was_read_too_long_ago_does_not_hold() -> None:
    moment = time.monotonic()
    realtime.end_grant("membership:a")
    longer = moment - realtime.REMEMBERED_SECONDS / 2
    known = [realtime.ended_since(at, "membership:b") for at in (moment, longer)]
    assert (known, realtime.ended_since(moment, "membership:a")) == ([False, True], True)


def test_a_connect_that_fails_on_the_way_leaves_nobody_behind(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """It cannot even be refused: the session cannot be given back, as the database dies at that moment."""

    def gone() -> None:
        raise OperationalError("", {}, Exception("gone"))

    server = realtime.socketio.server
    server._handle_eio_connect("line", {"flask.app": app})
    with monkeypatch.context() as broken:
        broken.setattr(db.session, "remove", gone)
        server.eio.handlers["message"]("line", '0{"token":"x"}')
    assert (server.manager.pending_connect, server.manager.sid_from_eio_sid("line", "/")) == ({}, None)
    server._handle_eio_disconnect("line", "gone")


def test_nobody_connected_nothing_is_asked(app: object, queries: object) -> None:
    with queries() as asked:  # type: ignore[operator]
        realtime.poll_revocations()
    assert asked == []

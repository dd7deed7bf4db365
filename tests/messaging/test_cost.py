"""What a post asks of the database, counted; and that what a connection remembers of its speaker grants nothing."""

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, text

from app.clubs import live
from app.clubs.actions import rename
from app.clubs.live import room_of
from app.core import realtime
from app.core.db import db, transaction
from app.messaging.actions import post_message
from tests.messaging.conftest import draft
from tests.support.cast import Cast

# PostgreSQL writes all in one way to the server.
POST = {
    "sqlite": ["SELECT", "UPDATE club", "INSERT INTO message", "INSERT INTO reading_mark", "INSERT INTO change"],
    "postgresql": ["SELECT", "WITH taken AS"],
}
# For another process, or after a change by somebody else: the rows that nobody was sent yet, and what they say.
PUSH = ["SELECT", "SELECT"]


@contextmanager
def listening(cast: Cast, many: int) -> Iterator[None]:
    """So many connections in Tilleul, whose other ends hear nothing."""
    manager = realtime.socketio.server.manager
    sids = [manager.connect(f"nobody-{number}", "/") for number in range(many)]
    for number, sid in enumerate(sids):
        realtime.opened(sid, f"token:{number}", f"account:{number}")
        realtime.enter(sid, room_of(cast.clubs["tilleul"]), f"membership:{number}", ("club:closed", {}))
    live._heads[cast.clubs["tilleul"]] = live.head_of(cast.clubs["tilleul"])
    try:
        yield
    finally:
        for sid in sids:
            realtime.closed(sid)
            manager.disconnect(sid, "/")


@pytest.mark.parametrize("many", [0, 1, 3])
def test_a_post_asks_the_same_whoever_listens(
    app: Flask, engine: str, cast: Cast, opened: dict[str, str], queries: Callable[[], Any], many: int
) -> None:
    with app.app_context(), listening(cast, many):
        with queries() as asked:
            post_message(cast.amina.actor, opened["thread"], draft(live=True))
        assert [said for each in asked for said in POST[engine] if each.startswith(said)] == POST[engine]
        assert len(asked) == len(POST[engine])


@pytest.mark.parametrize(("many", "push"), [(0, []), (1, PUSH), (3, PUSH)])
def test_what_another_process_wrote_is_read(
    app: Flask, cast: Cast, opened: dict[str, str], queries: Callable[[], Any], many: int, push: list[str]
) -> None:
    with app.app_context(), listening(cast, many):
        if many:
            live._heads[cast.clubs["tilleul"]] -= 1
        with queries() as asked:
            live.push_here(cast.clubs["tilleul"])
        assert [each.split()[0] for each in asked] == push


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_who_is_renamed_meanwhile_is_shown_by_their_new_name(
    app: Flask, cast: Cast, opened: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process sends what it has just written without reading it, unless the author changed after they were read."""
    told: list[Any] = []
    monkeypatch.setattr(realtime, "publish", lambda _room, _event, said, _only=None: told.append(said))
    takes = "WITH taken", lambda: rename(cast.amina.actor, "tilleul", "Nouveau nom")
    with app.app_context(), listening(cast, 1), once_before(app, *takes):
        post_message(cast.amina.actor, opened["thread"], draft())
    kinds = [(each["kind"], each["data"].get("author", {}).get("name")) for each in told]
    assert kinds == [("membership:renamed", None), ("message:posted", "Nouveau nom")]


@contextmanager
def once_before(app: Flask, words: str, act: Callable[[], Any]) -> Iterator[None]:
    """Let somebody else act, in a transaction of their own, just before the first statement that begins so."""
    done: list[bool] = []

    def meanwhile(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith(words) and not done:
            done.append(True)
            other = threading.Thread(target=within, args=(app, act))
            other.start()
            other.join(20)

    engine = db.engine
    event.listen(engine, "before_cursor_execute", meanwhile)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", meanwhile)
    assert done


def within(app: Flask, act: Callable[[], Any]) -> None:
    with app.app_context():
        act()


def test_a_remembered_speaker_is_asked_again_in_the_transaction(server: Any, socket_of: Callable[..., Any]) -> None:
    """The key is gone from its table, and no revocation was written: not even then does the connection still speak."""
    amina = socket_of(server.cast.amina)
    sent = {"thread": "0" * 26, "client_id": str(uuid.uuid4()), "body": "Bonjour."}
    for _ in range(2):  # asked first, then remembered
        assert amina.call("message:post", sent)["problem"]["code"] == "not_found"
    with server.app.app_context(), transaction():
        db.session.execute(text("DELETE FROM token"))
    assert amina.call("message:post", sent)["problem"]["code"] == "not_signed_in"

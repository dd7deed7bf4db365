"""Who waits for SQLite's lane shares the next commit: one sync, each undone alone, nobody told before."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event, select, text

from app.core import db as core_db
from app.core.clock import now
from app.core.db import db, on_commit, transaction
from app.core.errors import Unavailable
from app.core.ids import new_id
from app.core.models import Job

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

Write = Callable[[], None]


def write(kind: str) -> None:
    db.session.add(Job(id=new_id(), kind=kind, payload={}, run_at=now(), tries=0))


def written() -> list[str]:
    db.session.rollback()
    return sorted(db.session.scalars(select(Job.kind)))


@contextmanager
def commits(app: Flask) -> Iterator[list[object]]:
    seen: list[object] = []
    note = seen.append
    with app.app_context():
        engine = db.engine
    event.listen(engine, "commit", note)
    try:
        yield seen
    finally:
        event.remove(engine, "commit", note)


def together(app: Flask, *writes: Write) -> list[str]:
    """Each in a transaction and a thread of its own: the first holds the lane until all others wait for it.

    Returns how each ended: "told", or the name of what it raised.
    """
    ends: list[str] = [""] * len(writes)
    holding, all_wait = threading.Event(), threading.Event()

    def act(number: int) -> None:
        with app.app_context():
            try:
                with transaction():
                    holding.set()
                    if number == 0:
                        all_wait.wait(20)
                    writes[number]()
                ends[number] = "told"
            except Exception as error:
                ends[number] = type(error).__name__
            finally:
                db.session.remove()

    threads = [threading.Thread(target=act, args=(number,)) for number in range(len(writes))]
    threads[0].start()
    holding.wait(20)
    for waiting, thread in enumerate(threads[1:], 1):
        thread.start()
        while len(core_db._lane._turns._queue) < waiting:
            threading.Event().wait(0.001)
    all_wait.set()
    for thread in threads:
        thread.join(20)
    return ends


def refuse() -> None:
    write("refused")
    db.session.flush()
    raise KeyError


def test_who_waits_shares_one_commit(app: Flask) -> None:
    with commits(app) as seen:
        ends = together(app, *(lambda n=n: write(f"w{n}") for n in range(4)))  # type: ignore[misc]
    with app.app_context():
        assert (ends, len(seen), written()) == (["told"] * 4, 1, ["w0", "w1", "w2", "w3"])


def test_a_refusal_undoes_only_itself(app: Flask) -> None:
    with commits(app) as seen:
        ends = together(app, lambda: write("a"), refuse, lambda: write("b"), refuse)
    with app.app_context():
        assert (ends, len(seen), written()) == (["told", "KeyError", "told", "KeyError"], 1, ["a", "b"])


def test_a_refused_first_holds_nobody_back(app: Flask) -> None:
    ends = together(app, refuse, lambda: write("a"), lambda: write("b"))
    with app.app_context():
        assert (ends, written()) == (["KeyError", "told", "told"], ["a", "b"])


def test_hooks_see_what_all_have_written(app: Flask) -> None:
    seen: list[list[str]] = []

    def act(kind: str) -> None:
        write(kind)
        on_commit(lambda: seen.append(written()))

    ends = together(app, lambda: act("a"), lambda: act("b"), lambda: act("c"))
    assert (ends, seen) == (["told"] * 3, [["a", "b", "c"]] * 3)


def test_nobody_is_told_of_what_sqlite_gave_up(app: Flask) -> None:
    """A full disk undoes the whole transaction by itself, with what the others wrote in it."""
    told: list[str] = []

    def act() -> None:
        write("a")
        on_commit(lambda: told.append("hook"))

    def give_up() -> None:
        db.session.connection().connection.driver_connection.execute("ROLLBACK")  # type: ignore[union-attr]
        raise KeyError

    ends = together(app, act, act, give_up)
    assert ends[:2] == [Unavailable.__name__] * 2
    with app.app_context():
        assert (told, written()) == ([], [])
        with transaction():
            write("after")
        assert written() == ["after"]


def test_who_gives_up_waiting_leaves_the_lane_to_others(app: Flask) -> None:
    with app.app_context():
        assert core_db._lane.take(1)
        with pytest.raises(Unavailable), transaction(patience=0.01):
            write("never")
        core_db._lane.end_turn()
        with transaction():
            write("next")
        assert written() == ["next"]


def test_what_breaks_in_the_end_of_a_group_leaves_the_lane_to_others(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fails in a commit may fail in its undoing too."""

    def broken(*_told: object) -> None:
        raise KeyError

    with app.app_context(), monkeypatch.context() as patch:
        patch.setattr(core_db.Group, "_to_disk", broken)
        with pytest.raises(KeyError), transaction():
            write("never")
            patch.setattr(db.session(), "rollback", broken)
    with app.app_context():
        with transaction(patience=1):
            write("next")
        assert written() == ["next"]


def test_a_savepoint_inside_a_savepoint(app: Flask) -> None:
    def act() -> None:
        write("kept")
        with pytest.raises(KeyError), db.session.begin_nested():
            write("undone")
            db.session.flush()
            raise KeyError
        db.session.execute(text("SELECT 1"))

    ends = together(app, lambda: write("a"), act)
    with app.app_context():
        assert (ends, written()) == (["told", "told"], ["a", "kept"])

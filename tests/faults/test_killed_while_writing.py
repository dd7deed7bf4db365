"""A serving process is killed while many posts share a commit: what was answered stands, and nothing stands twice."""

import itertools
import uuid
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from app.clubs.models import Change, Club
from app.core.db import db
from app.messaging.actions import Draft, open_thread
from app.messaging.models import Message
from tests.support.cast import Cast
from tests.support.mortal import KILL, UNDONE, Ended, Mother, Task, mother
from tests.support.scale import chance, scaled

KILLS, POSTS = scaled(9, 120), 30
Post = tuple[str, str, str]
Held = dict[str, tuple[int, str]]


@pytest.fixture
def house(app: Flask) -> Iterator[Mother]:
    with mother(app.config["SQLALCHEMY_DATABASE_URI"], app.extensions["settings"].instance) as born:
        yield born


def stored() -> Held:
    """What stands in the club's log, whole and in step with the messages: by client_id, number and id."""
    db.session.rollback()
    rows = db.session.execute(select(Message.client_id, Message.seq, Message.id).order_by(Message.seq)).all()
    log = db.session.execute(select(Change.seq, Change.kind, Change.subject_id).order_by(Change.seq)).all()
    assert [row.seq for row in log] == list(range(1, len(log) + 1))
    assert [tuple(row) for row in log[1:]] == [(row.seq, "message:posted", row.id) for row in rows]
    assert db.session.scalar(select(Club.seq).where(Club.slug == "tilleul")) == len(log)
    assert len({row.client_id for row in rows}) == len(rows)
    return {row.client_id: (row.seq, row.id) for row in rows}


def after(held: Held, ended: Ended) -> Held:
    """What stands now: all that stood before, all that was answered, as it was told, and new only if it was."""
    found = stored()
    assert held.items() <= found.items()
    assert {each: found.get(each) for each in ended.answered} == {
        each: (seq, which) for each, (seq, which, _new) in ended.answered.items()
    }
    assert [each for each, (*_told, new) in ended.answered.items() if new == (each in held)] == []
    return found


def test_what_was_answered_stands_once_whenever_the_process_is_killed(
    app: Flask, cast: Cast, context: None, house: Mother, engine: str
) -> None:
    luck = chance()
    thread = open_thread(cast.bruno.actor, "tilleul", "Mardi", Draft(str(uuid.uuid4()), "On commence.")).thread.id
    people = itertools.cycle((cast.bruno.account_id, cast.amina.account_id))
    held = stored()
    asked, unanswered, ends = set(held), list[Post](), list[Ended]()
    for number in range(KILLS):
        fresh = [(next(people), str(uuid.uuid4()), f"Mot {number}.{each}") for each in range(POSTS)]
        asked |= {client_id for _who, client_id, _body in fresh}
        undone = [(next(people), str(uuid.uuid4()), UNDONE) for _ in range(luck.randrange(5))]
        posts = [*unanswered, *luck.sample(fresh + undone, len(fresh + undone))]
        by = KILL[number % len(KILL)]
        ends.append(house.run(Task(thread, posts, (by, luck.randint(1, 3 if by == "committing" else POSTS // 2)))))
        held = after(held, ends[-1])
        assert (ends[-1].killed, held.keys() <= asked) == (True, True)
        unanswered = [post for post in posts if post[2] != UNDONE and post[1] not in ends[-1].answered]
    last = house.run(Task(thread, unanswered))
    assert last.answered.keys() == {client_id for _who, client_id, _body in unanswered}
    assert (after(held, last).keys(), len(asked)) == (asked, KILLS * POSTS + 1)
    if engine == "sqlite":
        assert 3 * sum(each.commits for each in ends) < len(asked)  # they did share them

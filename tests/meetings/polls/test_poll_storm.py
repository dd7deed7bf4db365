"""Several processes at the same slot and at the same three places: the database keeps one, and three."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.core.clock import now
from app.core.db import db, transaction
from app.meetings.polls.actions import cancel_poll, open_poll
from app.meetings.polls.choosing import choose_date
from app.meetings.polls.models import Poll
from app.meetings.polls.queries import poll_for
from app.meetings.polls.wishes import Proposal, Wish
from app.rooms.models import Claim, Hold, Span
from app.rooms.queries import find_slot, slots_between, today_in
from tests.rooms.places import house, make_places, room
from tests.rooms.test_waiting_storm import VERBS, no_overlap, together
from tests.support import databases
from tests.support.application import make_app
from tests.support.cast import Cast, Person, make_cast

ROUNDS = 3


@pytest.fixture
def installation(engine: str) -> Iterator[tuple[Flask, Cast]]:
    """A database of its own, with rooms and no quota."""
    app = make_app(databases.new_database(engine))
    with app.app_context():
        cast = make_cast()
        make_places()
        with transaction():
            db.session.execute(text("UPDATE house SET claim_quota = 99, evening_quota = 99"))
    yield app, cast
    databases.close(app)


def propose(person: Person, club: str, *slots: str) -> str:
    start = now() + timedelta(days=30)
    wishes = [*(Wish("room", each) for each in slots), Wish("online", start=start, end=start + timedelta(hours=1))]
    return open_poll(person.actor, club, Proposal("Tempête", now() + timedelta(days=2), wishes)).id


VERBS |= {
    "propose": propose,
    "choose": lambda person, poll, date: choose_date(person.actor, poll, date),
    "cancel": lambda person, poll: cancel_poll(person.actor, poll),
}


def slots(number: int) -> list[str]:
    first = today_in(house("canal")) + timedelta(days=9)
    found = slots_between(house("canal"), [room("salle-1"), room("atelier")], first, first + timedelta(days=9))
    return [each.id for each in found if each.open][:number]


def test_a_slot_is_held_or_claimed_by_one(installation: tuple[Flask, Cast]) -> None:
    app, cast = installation
    with app.app_context():
        wanted = slots(ROUNDS)
        db.session.rollback()
    told = together(
        str(app.config["SQLALCHEMY_DATABASE_URI"]),
        [("propose", cast.amina, "tilleul", each) for each in wanted],
        [("claim", cast.chloe, "glycine", each) for each in wanted],
        [("propose", cast.dario, "romarin", each) for each in wanted],
    )
    with app.app_context():
        no_overlap()
        assert db.session.query(Span).count() == ROUNDS
        for number, slot in enumerate(wanted):
            answers = [each[number] for each in told]
            assert sorted(answers) == ["made", "slot_taken", "slot_taken"]
            assert find_slot(slot).state == ("claimed" if answers[1] == "made" else "held")
        assert db.session.query(Poll).count() == db.session.query(Hold).count()


def test_three_holds_whoever_proposes_at_once(installation: tuple[Flask, Cast]) -> None:
    app, cast = installation
    with app.app_context():
        wanted = slots(6)
        db.session.rollback()
    crowd: list[list[tuple[Any, ...]]] = [
        [("propose", person, "tilleul", *wanted[n * 2 : n * 2 + 2])]
        for n, person in enumerate((cast.amina, cast.bruno, cast.amina))
    ]
    told = together(str(app.config["SQLALCHEMY_DATABASE_URI"]), *crowd)
    assert sorted(each[0] for each in told) == ["holds_full", "holds_full", "made"]
    with app.app_context():
        assert list(db.session.scalars(select(Hold.place).order_by(Hold.place))) == [1, 2]


def test_what_is_held_becomes_the_claim_of_that_club_alone(installation: tuple[Flask, Cast]) -> None:
    app, cast = installation
    with app.app_context():
        wanted = slots(ROUNDS)
        polls = [propose(cast.amina, "tilleul", each) for each in wanted]
        dates = [next(one.id for one in poll_for(cast.amina.actor, poll).moments if one.room) for poll in polls]
        db.session.rollback()
    chosen = [("choose", cast.bruno, poll, date) for poll, date in zip(polls, dates, strict=True)]
    told = together(
        str(app.config["SQLALCHEMY_DATABASE_URI"]),
        chosen,
        [("claim", cast.chloe, "glycine", each) for each in wanted],
        chosen,
    )
    with app.app_context():
        no_overlap()
        assert told[1] == ["slot_taken"] * ROUNDS
        assert [sorted(pair) for pair in zip(told[0], told[2], strict=True)] == [["made", "poll_over"]] * ROUNDS
        assert {claim.club_id for claim in db.session.scalars(select(Claim))} == {cast.clubs["tilleul"]}
        assert (db.session.query(Claim).count(), db.session.query(Hold).count()) == (ROUNDS, 0)

"""A vote without a name leads to nobody: not from the whole database, however it is read, nor from its log or jobs."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, text, update

from app.core.db import db, is_sqlite, transaction
from app.core.errors import Taken
from app.core.sealed import unseal
from app.meetings.ballots import box
from app.meetings.ballots.actions import Wish, close_ballot, open_ballot
from app.meetings.ballots.box import voter_key
from app.meetings.ballots.models import Ballot, BallotBox, BallotVoice, BallotVoter
from app.meetings.ballots.voting import Said, vote
from tests.support import databases
from tests.support.application import make_app
from tests.support.cast import Cast, Person, make_cast, make_person
from tests.support.race import race

BEGIN = datetime(2026, 1, 15, 12, tzinfo=UTC)
PICKS = ("for", "for", "against", "unsure", "against", "for")
slowly = settings(
    max_examples=6, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def whole_database() -> dict[str, Any]:
    """Every row of every table as the engine stores it, in that order; with the numbers by which PostgreSQL tells which
    transaction wrote it, as ranks; and what is sealed, opened, for who has the key too.
    """
    tables = db.metadata.sorted_tables
    found = {table.name: _stored(table.name) for table in tables}
    numbers = sorted({number for rows in found.values() for number, _row in rows})
    return {
        name: [(numbers.index(number), tuple(map(_opened, row))) for number, row in rows]
        for name, rows in found.items()
    }


def _stored(table: str) -> list[tuple[int, tuple[Any, ...]]]:
    if not is_sqlite():
        rows = db.session.execute(text(f'SELECT xmin::text::bigint, t.* FROM "{table}" t ORDER BY ctid'))
        return [(row[0], tuple(row[1:])) for row in rows]
    numbered = "WITHOUT ROWID" not in db.session.execute(
        text("SELECT sql FROM sqlite_master WHERE name = :table"), {"table": table}
    ).scalar_one().upper()  # fmt: skip
    rows = db.session.execute(text(f'SELECT * FROM "{table}"' + (" ORDER BY rowid" if numbered else "")))
    return [(0, tuple(row)) for row in rows]


def _opened(value: Any) -> Any:
    return (unseal(value) or value) if isinstance(value, str) and value.startswith("gAAAA") else str(value)


def hold(ballot_id: str, people: Sequence[Person], picks: Sequence[str], clock: Any) -> dict[str, Any]:
    """They vote one after the other, a minute apart. What the database then is."""
    clock.move_to(BEGIN)
    for person, pick in zip(people, picks, strict=True):
        clock.shift(timedelta(minutes=1))
        vote(person.actor, ballot_id, Said([pick]))
    found = whole_database()
    with transaction():
        ballot = db.session.get_one(Ballot, ballot_id)
        for table in (BallotBox, BallotVoter, BallotVoice):
            db.session.execute(delete(table))
        db.session.expire_all()
        if ballot.secret:
            box.set_up(ballot)
    return found


def asked(person: Person, **wish: Any) -> str:
    return open_ballot(person.actor, "tilleul", Wish("sense", "Rester le mardi ?", **wish)).id


@slowly
@given(picks=st.permutations(PICKS))
@pytest.mark.usefixtures("context")
def test_whoever_said_what_the_database_is_the_same(crowd: list[Person], picks: list[str]) -> None:
    """So no reader of it, with any order of any column, knows more than the sums: these are the same as well."""
    with time_machine.travel(BEGIN, tick=False) as clock:
        with transaction():
            db.session.execute(delete(Ballot))
        ballot = asked(crowd[0], secret=True)
        assert hold(ballot, crowd, picks, clock) == hold(ballot, crowd, PICKS, clock)


@pytest.mark.usefixtures("context")
def test_with_names_it_is_not(crowd: list[Person]) -> None:
    """The eyes of the test above see what there is to see."""
    with time_machine.travel(BEGIN, tick=False) as clock:
        ballot = asked(crowd[0])
        seen = [hold(ballot, crowd, picks, clock) for picks in (PICKS, PICKS[::-1])]
        assert "ballot_voice" in [name for name in seen[0] if seen[0][name] != seen[1][name]]


@pytest.mark.usefixtures("context")
def test_a_sum_is_always_as_long_and_bears_no_time(crowd: list[Person]) -> None:
    ballot, seen = asked(crowd[0], secret=True), []
    for person in crowd:
        seen.append(db.session.scalars(select(BallotBox.sum_sealed)).one())
        vote(person.actor, ballot, Said(["for"]))
    # A token of Fernet begins with its version and eight bytes of its time.
    assert {(len(each), each[:12]) for each in seen} == {(len(seen[0]), "gAAAAAAAAAAA")}
    assert len(set(seen)) == len(crowd)


@pytest.mark.usefixtures("context")
def test_once_it_is_closed_nothing_says_who_voted(crowd: list[Person]) -> None:
    ballot = asked(crowd[0], secret=True)
    for person in crowd[:5]:
        vote(person.actor, ballot, Said(["for"]))
    close_ballot(crowd[0].actor, ballot)
    told = str(whole_database())
    assert [key for key in (voter_key(ballot, each.account_id) for each in crowd) if key in told] == []
    assert db.session.get_one(Ballot, ballot, populate_existing=True).counts == {"for": 5, "unsure": 0, "against": 0}


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_way_is_named_whoever_asks_the_database(crowd: list[Person]) -> None:
    open_ballot(crowd[0].actor, "tilleul", Wish("consent", "D’accord ?", "Oui."))
    with pytest.raises(Exception, match="ck_ballot_secret"), transaction():
        db.session.execute(update(Ballot).values(secret=True))


# Four processes: each votes for the same person, then for one of its own.


def _act(barrier: Any, url: str, ballot: str, shared: Person, own: Person) -> list[str]:
    app, told = make_app(url), []
    for person in (shared, own):
        with app.app_context():
            barrier.wait(60)
            try:
                vote(person.actor, ballot, Said(["for"]))
                told.append("yes")
            except Taken as error:
                told.append(error.code)
    return told


def test_two_votes_of_one_person_count_once_and_none_is_lost(engine: str) -> None:
    app = make_app(databases.new_database(engine))
    with app.app_context():
        cast: Cast = make_cast()
        people = [make_person(f"p{n}", tilleul=f"Nom {n}") for n in range(4)]
        ballot = asked(cast.bruno, secret=True)
        db.session.rollback()
        url = str(app.config["SQLALCHEMY_DATABASE_URI"])
        told = race(_act, *((url, ballot, cast.amina, each) for each in people))
        assert sorted(each[0] for each in told) == [*["already_voted"] * 3, "yes"]
        assert {each[1] for each in told} == {"yes"}
        assert db.session.scalar(select(func.count()).select_from(BallotVoter)) == 5
        close_ballot(cast.bruno.actor, ballot)
        assert db.session.get_one(Ballot, ballot).counts == {"for": 5, "unsure": 0, "against": 0}
    databases.close(app)

"""A slot has one holder, however many processes ask at once, because the database says so."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from app.core.db import db, is_sqlite, transaction
from app.rooms.models import Claim, Span
from app.rooms.queries import rooms_of, slots_between, today_in
from tests.rooms.places import make_places
from tests.rooms.storm import PROCESSES, storm
from tests.support import databases, factories
from tests.support.application import make_app
from tests.support.cast import Person, make_cast

ROUNDS = 8


@pytest.fixture
def installation(engine: str) -> Flask:
    """A database of its own, with rooms; a test may break it."""
    app = make_app(databases.new_database(engine))
    with app.app_context():
        make_cast()
        make_places()
        with transaction():
            db.session.execute(text("UPDATE house SET claim_quota = 99, evening_quota = 99"))
    return app


def leads(amount: int) -> list[tuple[Person, str]]:
    """People who each lead a club of their own."""
    found = []
    with transaction():
        house = db.session.execute(db.select(factories.House)).scalars().first()
        for number in range(amount):
            club = factories.make_club(f"club-{number}", house)
            account = factories.make_account(f"lead{number}@demo.example", demo=True)
            factories.make_membership(account, club, "Nom", "lead")
            found.append((Person(f"lead{number}", account.id, ""), club.slug))
    return found


def open_slots(amount: int) -> list[str]:
    """Ids of free slots beyond the last 72 hours, daytime first."""
    house = db.session.execute(db.select(factories.House).filter_by(slug="canal")).scalar_one()
    first = today_in(house) + timedelta(days=5)
    slots = slots_between(house, rooms_of(house), first, first + timedelta(days=30))
    return [slot.id for slot in slots if slot.open and not slot.stretch.evening][:amount]


def url_of(app: Flask) -> str:
    return str(app.config["SQLALCHEMY_DATABASE_URI"])


def a_storm_on_each_slot(app: Flask) -> list[list[str]]:
    with app.app_context():
        people, slots = leads(PROCESSES), open_slots(ROUNDS)
        db.session.rollback()
    return storm(url_of(app), [[(person, club, slot) for person, club in people] for slot in slots])


def test_a_storm_of_claims_has_exactly_one_winner(installation: Flask) -> None:
    for told in a_storm_on_each_slot(installation):
        assert sorted(told) == ["made", *["slot_taken"] * (PROCESSES - 1)]
    with installation.app_context():
        assert db.session.query(Claim).count() == db.session.query(Span).count() == ROUNDS
        seqs = db.session.execute(text("SELECT sum(seq) FROM club")).scalar_one()
        assert seqs == ROUNDS


def test_without_the_constraint_the_storm_has_several(installation: Flask) -> None:
    with installation.app_context(), transaction():
        if is_sqlite():
            db.session.execute(text("DROP TRIGGER span_overlaps_INSERT"))
        else:
            db.session.execute(text("ALTER TABLE span DROP CONSTRAINT ex_span_overlaps"))
    assert any(told.count("made") > 1 for told in a_storm_on_each_slot(installation))


def test_a_storm_of_one_club_stays_within_its_quota(installation: Flask) -> None:
    with installation.app_context():
        with transaction():
            db.session.execute(text("UPDATE house SET claim_quota = 4"))
        person, club = leads(1)[0]
        slots = open_slots(3 * PROCESSES)
        db.session.rollback()
    rounds = [[(person, club, slot) for slot in slots[n :: len(slots) // PROCESSES]] for n in range(3)]
    told = [code for each in storm(url_of(installation), rounds) for code in each]
    assert sorted(told) == [*["made"] * 4, *["quota_reached"] * (3 * PROCESSES - 4)]

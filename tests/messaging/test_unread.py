"""What waits for a member: lists of discussions and the number in the menu."""

from datetime import timedelta

import pytest

from app.clubs.models import Club, Membership
from app.core.clock import now
from app.core.db import db, transaction
from app.messaging import actions
from app.messaging.unread import threads_for, unread_threads_for, unread_total
from tests.messaging.conftest import draft


@pytest.fixture
def read(app, opened):
    def go(person, thread=None):
        with app.app_context():
            actions.mark_read(person.actor, thread or opened["thread"], 10**6)

    return go


@pytest.fixture
def seen_by(app):
    """What a person would see: the number in the menu, the club's list, what waits at home."""

    def look(person, slug="tilleul"):
        with app.app_context():
            club = db.session.scalars(db.select(Club).where(Club.slug == slug)).one()
            lines = [(line["title"], line["last_author"], line["unread"]) for line in threads_for(person.actor, club)]
            home = [(line["club"].slug, line["title"], line["unread"]) for line in unread_threads_for(person.actor)]
            return unread_total(person.actor), lines, home

    return look


def test_unread(cast, opened, say, read, seen_by):
    assert seen_by(cast.amina) == (1, [("Mardi", "Bruno", 1)], [("tilleul", "Mardi", 1)])
    assert seen_by(cast.bruno) == (0, [("Mardi", "Bruno", 0)], [])
    read(cast.amina)
    say(cast.amina)
    assert seen_by(cast.amina) == (0, [("Mardi", "Ama", 0)], [])
    for _each in range(12):
        say(cast.bruno)
    assert seen_by(cast.amina) == (10, [("Mardi", "Bruno", 10)], [("tilleul", "Mardi", 10)])


def test_unread_in_two_clubs(app, cast, opened, say, seen_by):
    with app.app_context():
        actions.open_thread(cast.dario.actor, "romarin", "Chez nous", draft())
    assert seen_by(cast.amina) == (
        2,
        [("Mardi", "Bruno", 1)],
        [("romarin", "Chez nous", 1), ("tilleul", "Mardi", 1)],
    )
    assert seen_by(cast.amina, "romarin")[1] == [("Chez nous", "Dario", 1)]


def test_unread_is_nothing_for_others(cast, opened, seen_by):
    for stranger in (cast.chloe, cast.denis, cast.elise):
        assert seen_by(stranger) == (0, [], [])


def test_unread_of_a_newcomer(app, cast, opened, say, zoe, seen_by):
    assert seen_by(zoe) == (0, [], [])
    say(cast.bruno)
    assert seen_by(zoe) == (1, [("Mardi", "Bruno", 1)], [("tilleul", "Mardi", 1)])


def test_what_was_said_before_one_came_does_not_wait(app, cast, opened, say, seen_by):
    with app.app_context(), transaction():
        db.session.get_one(Membership, cast.amina.memberships["tilleul"]).began_at = now() + timedelta(minutes=1)
    assert seen_by(cast.amina) == (0, [("Mardi", "Bruno", 0)], [])


def test_withdrawn_messages_do_not_wait(app, cast, opened, say, seen_by):
    mine = say(cast.bruno)
    with app.app_context():
        actions.withdraw_message(cast.bruno.actor, mine)
    assert seen_by(cast.amina)[0] == 1


def test_lists_cost_one_query(app, cast, opened, queries):
    for number in (1, 3):
        for _each in range(number):
            with app.app_context():
                actions.open_thread(cast.bruno.actor, "tilleul", "Encore", draft())
        with app.app_context():
            club = db.session.scalars(db.select(Club).where(Club.slug == "tilleul")).one()
            for ask in (threads_for, unread_threads_for, unread_total):
                with queries() as asked:
                    ask(cast.amina.actor, club) if ask is threads_for else ask(cast.amina.actor)
                assert len(asked) == 1

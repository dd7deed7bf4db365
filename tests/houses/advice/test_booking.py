"""Hours of advice: booked without a reason, one at a time of a partner, the last place settled by the database."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.core import jobs, retention
from app.core.clock import now
from app.core.db import db
from app.core.errors import Gone, Invalid, NotFound, Taken
from app.houses.advice import actions, planning
from app.houses.advice.jobs import tell_freed_hours
from app.houses.advice.models import AdviceHour, Booking
from app.houses.advice.queries import advice_for_agenda, free_hours, hours_ahead
from app.houses.partners.models import Partner
from app.houses.queries import house_by_slug
from tests.houses.partners import advise, hour, partner, plan
from tests.support import databases
from tests.support.application import make_app
from tests.support.cast import Cast, make_cast
from tests.support.mailbox import Mailbox, end_the_night, words_of
from tests.support.race import race

ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def names() -> list[tuple[int, str]]:
    rows = db.session.execute(db.select(Booking.place, Booking.name).order_by(Booking.place))
    return [(place, name) for place, name in rows]


@ON_SQLITE
@pytest.mark.usefixtures("context")
def test_a_place_is_taken_given_back_and_taken_again(cast: Cast) -> None:
    offered = hour(cast.denis, partner(cast.elise))
    actions.book_hour(cast.amina.actor, offered, "Dame du jeudi")
    with pytest.raises(Taken, match="hour_full"):
        actions.book_hour(cast.chloe.actor, offered, "Chloé")
    actions.cancel_booking(cast.amina.actor, offered)
    with pytest.raises(NotFound):
        actions.cancel_booking(cast.amina.actor, offered)
    actions.book_hour(cast.chloe.actor, offered, "Chloé")
    assert names() == [(1, "Chloé")]


@ON_SQLITE
@pytest.mark.usefixtures("context")
def test_one_open_booking_of_a_partner_until_it_is_over(cast: Cast) -> None:
    own, other = partner(cast.elise), partner(cast.elise, "Permanence")
    first, second = hour(cast.denis, own), hour(cast.denis, own, starts="16:00")
    actions.book_hour(cast.amina.actor, first, "Une")
    with pytest.raises(Taken, match="already_booked"):
        actions.book_hour(cast.amina.actor, second, "Deux")
    actions.book_hour(cast.amina.actor, hour(cast.denis, other, starts="15:00"), "Ailleurs")
    planning.cancel_hour(cast.denis.actor, first)
    actions.book_hour(cast.amina.actor, second, "Deux")
    # What was cancelled is still told, until its time.
    assert [one.cancelled for one in advice_for_agenda(cast.amina.actor)] == [True, False, False]
    with pytest.raises(NotFound):
        actions.book_hour(cast.chloe.actor, first, "Trop tard")


@ON_SQLITE
@pytest.mark.usefixtures("context")
def test_a_name_is_asked_and_a_past_hour_is_not_booked(cast: Cast) -> None:
    offered = hour(cast.denis, partner(cast.elise))
    with pytest.raises(Invalid, match="name_empty"):
        actions.book_hour(cast.amina.actor, offered, "  ")
    with time_machine.travel(now() + timedelta(days=4)), pytest.raises(NotFound):
        actions.book_hour(cast.amina.actor, offered, "Ama")
    with time_machine.travel(now() + timedelta(days=4)), pytest.raises(Gone):
        planning.cancel_hour(cast.denis.actor, offered)


@ON_SQLITE
@pytest.mark.usefixtures("context")
def test_a_workshop_has_several_places(cast: Cast) -> None:
    offered = hour(cast.denis, partner(cast.elise), title="Chercher en ligne", places=2, minutes=120)
    for person in (cast.amina, cast.chloe):
        actions.book_hour(person.actor, offered, person.key)
    with pytest.raises(Taken, match="hour_full"):
        actions.book_hour(cast.dario.actor, offered, "Dario")
    assert names() == [(1, "amina"), (2, "chloe")]


@ON_SQLITE
@pytest.mark.usefixtures("context")
def test_a_slip_holds_a_place_and_its_number_gives_it_back(cast: Cast) -> None:
    offered = hour(cast.denis, partner(cast.elise))
    _hour, slip = actions.book_at_desk(cast.denis.actor, offered)
    with pytest.raises(Taken, match="hour_full"):
        actions.book_hour(cast.amina.actor, offered, "Ama")
    with pytest.raises(Invalid, match="no_such_slip"):
        actions.end_slip(cast.denis.actor, "AAAAAA")
    actions.end_slip(cast.denis.actor, slip.lower())
    assert names() == []


@ON_SQLITE
def test_each_side_is_told_and_no_mail_says_what_about(app: Flask, cast: Cast) -> None:
    with app.test_request_context():
        own = partner(cast.elise, "Aide aux malades")
        advise(cast.bruno, cast.elise, own)
        first, second = hour(cast.bruno, own), hour(cast.bruno, own, starts="16:00")
        actions.book_hour(cast.amina.actor, first, "Dame du jeudi")
        actions.cancel_booking(cast.amina.actor, first)
        by_day(tell_freed_hours)
        actions.book_hour(cast.amina.actor, second, "Dame du jeudi")
        planning.cancel_hour(cast.bruno.actor, second)
        end_the_night()
        jobs.run_due(20)
        mails = Mailbox(app.extensions["settings"].instance).mails()
    assert sorted((mail["To"], mail["Subject"]) for mail in mails) == [
        ("amina@demo.example", "Rendez-vous"),
        ("bruno@demo.example", "Rendez-vous"),
    ]
    said = " ".join(words_of(mail) for mail in mails)
    assert ("Maison du Canal" in said, "malades" in said, "Dame" in said) == (True, False, False)
    assert [each for each in (own, first, second) if each in said] == []


def told_to(app: Flask, address: str) -> list[str]:
    """What waits for a mail to leave is let go; then every mail to an address."""
    end_the_night()
    jobs.run_due(20)
    mails = Mailbox(app.extensions["settings"].instance).to(address)
    return [words_of(mail).replace("\u00a0", " ").replace("\u202f", " ") for mail in mails]


def by_day(run: Any, hour_of_day: int = 11) -> None:
    """Of the present day, at an hour when mails leave, or at one when they do not."""
    with time_machine.travel(now().replace(hour=hour_of_day, minute=0), tick=False):
        run()


@ON_SQLITE
def test_booking_and_cancelling_in_a_loop_makes_one_mail_for_all_that_is_free_again(app: Flask, cast: Cast) -> None:
    with app.test_request_context():
        own = partner(cast.elise)
        advise(cast.bruno, cast.elise, own)
        offered = [hour(cast.bruno, own, starts=clock) for clock in ("14:00", "15:00", "16:00")]
        for _turn in range(3):
            for each in offered[:2]:
                actions.book_hour(cast.amina.actor, each, "Ama")
                actions.cancel_booking(cast.amina.actor, each)
        # Taken again before anything left: of the first hour there is nothing to tell.
        actions.book_hour(cast.amina.actor, offered[0], "Ama")
        assert told_to(app, "bruno@demo.example") == []
        by_day(tell_freed_hours)
        by_day(tell_freed_hours)
        (said,) = told_to(app, "bruno@demo.example")
        assert ("15 h" in said, "14 h – 14 h 30" in said, "16 h" in said) == (True, False, False)
        actions.cancel_booking(cast.amina.actor, offered[0])
        actions.book_hour(cast.amina.actor, offered[2], "Ama")
        actions.cancel_booking(cast.amina.actor, offered[2])
        by_day(tell_freed_hours)
        _first, second = told_to(app, "bruno@demo.example")
        assert [second.count(each) for each in ("14 h – 14 h 30", "15 h – 15 h 30", "16 h – 16 h 30")] == [1, 0, 1]


@ON_SQLITE
def test_what_is_freed_at_night_is_one_mail_in_the_morning(app: Flask, cast: Cast) -> None:
    with app.test_request_context():
        own = partner(cast.elise)
        advise(cast.bruno, cast.elise, own)
        for clock in ("14:00", "15:00"):
            each = hour(cast.bruno, own, starts=clock)
            actions.book_hour(cast.amina.actor, each, "Ama")
            actions.cancel_booking(cast.amina.actor, each)
            by_day(tell_freed_hours, hour_of_day=2)
        assert told_to(app, "bruno@demo.example") == []
        by_day(tell_freed_hours)
        (said,) = told_to(app, "bruno@demo.example")
        assert [said.count(each) for each in ("14 h – 14 h 30", "15 h – 15 h 30")] == [1, 1]


@ON_SQLITE
@pytest.mark.parametrize(("places", "told"), [(3, 1), (2, 0)])
def test_a_place_that_stays_free_in_a_workshop_is_told_although_another_was_taken(
    app: Flask, cast: Cast, places: int, told: int
) -> None:
    with app.test_request_context():
        own = partner(cast.elise)
        advise(cast.bruno, cast.elise, own)
        offered = hour(cast.bruno, own, title="Chercher en ligne", places=places, minutes=120)
        for person in (cast.amina, cast.chloe):
            actions.book_hour(person.actor, offered, person.key)
        actions.cancel_booking(cast.amina.actor, offered)
        actions.book_hour(cast.dario.actor, offered, "Dario")
        by_day(tell_freed_hours)
        assert len(told_to(app, "bruno@demo.example")) == told


@ON_SQLITE
@pytest.mark.usefixtures("context")
def test_hours_keep_to_the_clock_of_the_house_across_the_change(cast: Cast) -> None:
    own = partner(cast.elise)
    with time_machine.travel(datetime(2026, 10, 12, 8, tzinfo=UTC), tick=False):
        made = planning.publish_hours(cast.denis.actor, own, plan(date(2026, 10, 20), weeks=2, row=2))
        assert [f"{each:%d %H:%M %z}" for each in made] == [
            "20 14:00 +0200", "20 14:30 +0200", "27 14:00 +0100", "27 14:30 +0100",
        ]  # fmt: skip
        with pytest.raises(Taken, match="already_published"):
            planning.publish_hours(cast.denis.actor, own, plan(date(2026, 10, 27)))
        assert len(free_hours(house_by_slug("canal"), need="job", language="fr")) == 4
        assert free_hours(house_by_slug("canal"), need="own") == free_hours(house_by_slug("port")) == []
    with time_machine.travel(datetime(2027, 3, 1, tzinfo=UTC)), pytest.raises(Invalid, match="no_such_time"):
        planning.publish_hours(cast.denis.actor, own, plan(date(2027, 3, 28), starts="02:30"))


@ON_SQLITE
@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    "wrong", [{"minutes": 10}, {"minutes": 90}, {"weeks": 9}, {"title": "Atelier", "places": 31}, {"row": 13}]
)
def test_what_cannot_be_published(cast: Cast, wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        planning.publish_hours(cast.denis.actor, partner(cast.elise), plan(**wrong))
    assert db.session.scalars(db.select(AdviceHour)).all() == []


@ON_SQLITE
@pytest.mark.usefixtures("context")
def test_nothing_is_left_thirty_days_after(cast: Cast) -> None:
    actions.book_hour(cast.amina.actor, hour(cast.denis, partner(cast.elise)), "Dame du jeudi")
    for days, left in ((32, 1), (34, 0)):
        with time_machine.travel(now() + timedelta(days=days), tick=False):
            list(retention.run(["advice:past"]))
            assert len(names()) == left


def _book(barrier: Any, url: str, actor: Any, offered: str) -> str:
    app = make_app(url)
    with app.app_context():
        barrier.wait(60)
        try:
            actions.book_hour(actor, offered, "Moi")
            told = "done"
        except Taken as error:
            told = error.code
        db.engine.dispose()
    return told


def test_the_last_place_has_one_holder(engine: str) -> None:
    app = make_app(databases.new_database(engine))
    with app.app_context():
        cast = make_cast()
        offered = hour(cast.denis, partner(cast.elise), title="Atelier", places=2)
        db.session.remove()
        db.engine.dispose()
    url = str(app.config["SQLALCHEMY_DATABASE_URI"])
    crowd = [(url, one.actor, offered) for one in (cast.amina, cast.bruno, cast.chloe, cast.dario)]
    told = race(_book, *crowd)
    with app.app_context():
        assert sorted(told) == ["done", "done", "hour_full", "hour_full"]
        assert [place for place, _name in names()] == [1, 2]
        own = db.session.scalars(db.select(Partner)).one()
        assert [one.full for one in hours_ahead(own)] == [True]
    databases.close(app)

"""An evening that does not open, for who waits for it, holds an offer for it, or has it in a session."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from app.core.db import db
from app.houses.desk import cases_for
from app.houses.journal import entries_of_club
from app.rooms.actions import release_claim
from app.rooms.models import Hold
from app.rooms.sessions.actions import SessionWish, ask_session
from app.rooms.waiting.actions import Wait, wait_for_slot
from app.rooms.waiting.models import Waiting
from tests.rooms.conditions import DECIDED, EVENING, take, wait_for
from tests.rooms.places import club, house, slot
from tests.support import clients
from tests.support.cast import Cast, Person
from tests.support.mailbox import Mailbox, words_of

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def mails_to(person: Person, mailbox: Mailbox) -> list[tuple[str, str]]:
    """Subject and words of what somebody got."""
    return [(mail["Subject"], words_of(mail)) for mail in mailbox.to(person.email)]


def test_who_waits_for_an_evening_that_does_not_open_is_told_and_waits_no_more(
    app: Flask, places: Cast, monday: time_machine.Traveller, run_jobs: Callable[[], object], mailbox: Mailbox
) -> None:
    with app.app_context():
        wait_for(places, 3)
        take(places.chloe)
        take(places.dario, "atelier")
        on = slot("salle-1", EVENING).id
        wait_for_slot(places.bruno.actor, Wait(on, "tilleul"))
        wait_for_slot(places.bruno.actor, Wait(on, "tilleul", evening=True))
        wait_for_slot(places.dario.actor, Wait(on, "romarin"))
    monday.move_to(DECIDED)
    run_jobs()
    [(subject, text)] = mails_to(places.bruno, mailbox)
    assert (subject, text.count("\n- ")) == ("Une soirée n’ouvre pas", 3)
    assert "Une soirée que vous attendiez n’ouvre pas." in text
    # Who had booked as well is told once.
    assert [subject for subject, _text in mails_to(places.dario, mailbox)] == ["Votre soirée n’ouvre pas"]
    with app.app_context():
        assert db.session.query(Waiting).count() == 0
        assert [entry.act for entry in entries_of_club(club("tilleul").id)] == ["evening:hoped"]


def test_an_offer_for_such_an_evening_goes_and_is_told(
    app: Flask, places: Cast, monday: time_machine.Traveller, run_jobs: Callable[[], object], mailbox: Mailbox
) -> None:
    with app.app_context():
        wait_for(places, 3)
        booked = take(places.chloe).id
        wait_for_slot(places.bruno.actor, Wait(slot("salle-1", EVENING).id, "tilleul"))
        monday.move_to(DECIDED - timedelta(hours=1))
        release_claim(places.chloe.actor, booked)
        assert db.session.query(Hold).count() == 1
    monday.move_to(DECIDED)
    run_jobs()
    assert [subject for subject, _text in mails_to(places.bruno, mailbox)][-1] == "Une soirée n’ouvre pas"
    with app.app_context():
        assert (db.session.query(Hold).count(), db.session.query(Waiting).count()) == (0, 0)


def test_a_session_that_waits_says_which_date_it_lost(
    app: Flask, places: Cast, monday: time_machine.Traveller, run_jobs: Callable[[], object], mailbox: Mailbox
) -> None:
    with app.app_context():
        wait_for(places, 3)
        monday.move_to(DECIDED - timedelta(days=3))
        dates = [slot("salle-1", EVENING + timedelta(weeks=n)).id for n in range(6)]
        wished = SessionWish(dates[0], "tilleul", "Six mardis", 5, 1, 6, dates)
        asked = ask_session(places.bruno.actor, wished).id
    monday.move_to(DECIDED)
    run_jobs()
    [(subject, text)] = mails_to(places.bruno, mailbox)
    assert (subject, text.count("\n- ")) == ("Une soirée n’ouvre pas", 3)
    assert ("garde 5 dates." in text, "C’est trop peu" in text, asked in text) == (True, True, True)
    page = clients.client_of(app, places.bruno).get(f"/session-requests/{asked}").text.replace("\u00a0", " ")
    assert ("1 date est perdue" in page, "C’est trop peu" in page) == (True, True)
    with app.app_context():
        cases = cases_for(places.denis.actor, [house("canal")])
        assert [case.label for case in cases] == ["Session de 5 rencontres"]
        assert db.session.query(Hold).count() == 5

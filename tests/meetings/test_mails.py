"""The reminder of a meeting, and the day's summary: when they leave, to whom, what they say."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from sqlalchemy import update

from app.accounts.digests import send_digests
from app.clubs import actions as clubs
from app.core import jobs
from app.core.db import db, transaction
from app.facilitation.pauses.actions import pause_member
from app.meetings.actions import answer_meeting
from app.meetings.jobs import remind
from app.messaging import actions as talk
from app.rooms.actions import Wish, claim_slot, release_claim
from app.rooms.models import Claim
from tests.rooms.places import make_places
from tests.rules.stage import draft, free_slots
from tests.support.cast import Cast, make_person
from tests.support.mailbox import Mailbox, words_of

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
PARIS = ZoneInfo("Europe/Paris")
MARKERS = ("Tilleul", "tilleul", "45 ans", "Rencontre secrète", "Ama", "Bruno", "Romarin")


@pytest.fixture
def clock() -> Any:
    """Saturday, noon in the house."""
    with time_machine.travel(datetime(2026, 11, 21, 12, 0, tzinfo=PARIS), tick=False) as machine:
        yield machine


@pytest.fixture
def claim(clock: Any, app: Flask, cast: Cast) -> Claim:
    """A meeting of Tilleul on Tuesday evening, to which Amina and Bruno come."""
    with app.app_context():
        make_places()
        slot = free_slots()[0]
        found = claim_slot(cast.bruno.actor, Wish(slot, "tilleul", "Rencontre secrète")).claim
        start = datetime(2026, 11, 24, 18, 30, tzinfo=PARIS)
        with transaction():
            times = {"starts_at": start, "ends_at": start + timedelta(hours=2), "door_word": "Boussole"}
            db.session.execute(update(Claim).where(Claim.id == found.id).values(**times))
        for person in (cast.amina, cast.bruno):
            answer_meeting(person.actor, found.id, "yes")
        db.session.expire_all()
        return db.session.get_one(Claim, found.id)


def reminded(app: Flask, mailbox: Mailbox) -> list[str]:
    """To whom a reminder has left by now."""
    with app.app_context():
        remind()
        jobs.run_due(100)
    return sorted(str(mail["To"]) for mail in mailbox.mails())


def test_a_reminder_the_evening_before_to_who_said_yes_and_once(
    clock: Any, app: Flask, cast: Cast, claim: Claim, mailbox: Mailbox
) -> None:
    clock.move_to(datetime(2026, 11, 23, 16, 59, tzinfo=PARIS))
    assert reminded(app, mailbox) == []
    with app.app_context():
        answer_meeting(cast.bruno.actor, claim.id, "no")
    clock.move_to(datetime(2026, 11, 23, 17, 0, tzinfo=PARIS))
    assert [reminded(app, mailbox), reminded(app, mailbox)] == [[cast.amina.email]] * 2
    (mail,) = mailbox.mails()
    assert str(mail["Subject"]).replace("\u00a0", " ") == "Rendez-vous demain 18 h 30"
    lines = words_of(mail).replace("\u00a0", " ").splitlines()
    assert lines[0] == "Rendez-vous demain, mardi 24 novembre, à 18 h 30."
    assert lines[2] == "Mot de la porte : Boussole"
    assert lines[1].startswith("Salle 1")
    assert "Maison du Canal" in lines[1]
    assert "http://127.0.0.1:5000/agenda" in lines
    assert [marker for marker in MARKERS if marker in mail.as_string()] == []


def test_one_that_waits_for_the_morning_says_today(
    clock: Any, app: Flask, cast: Cast, claim: Claim, mailbox: Mailbox
) -> None:
    clock.move_to(datetime(2026, 11, 23, 22, 0, tzinfo=PARIS))
    assert reminded(app, mailbox) == []
    clock.move_to(datetime(2026, 11, 24, 8, 0, tzinfo=PARIS))
    assert reminded(app, mailbox) == [cast.amina.email, cast.bruno.email]
    assert {str(mail["Subject"]).replace("\u00a0", " ") for mail in mailbox.mails()} == {
        "Rendez-vous aujourd’hui 18 h 30"
    }


def test_nobody_is_reminded_of_what_is_not_theirs_any_more(
    clock: Any, app: Flask, cast: Cast, claim: Claim, mailbox: Mailbox
) -> None:
    with app.app_context():
        until = datetime(2026, 11, 26, tzinfo=PARIS)
        pause_member(cast.bruno.actor, cast.amina.memberships["tilleul"], until, "1", "Des mots durs.")
        jobs.run_due(100)
        mailbox.empty()
        release_claim(cast.bruno.actor, claim.id)
    clock.move_to(datetime(2026, 11, 23, 18, 0, tzinfo=PARIS))
    assert reminded(app, mailbox) == []


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(days=1)])
def test_a_clock_that_jumps_makes_no_storm(
    clock: Any, app: Flask, cast: Cast, claim: Claim, mailbox: Mailbox, jump: timedelta
) -> None:
    start = datetime(2026, 11, 23, 18, 0, tzinfo=PARIS)
    clock.move_to(start)
    digest(app)
    before = reminded(app, mailbox)
    for moment in (start + jump, start, start + timedelta(hours=1)):
        clock.move_to(moment)
        digest(app)
        reminded(app, mailbox)
    # At most one summary more, for the day that the clock jumped to.
    assert len(mailbox.mails()) <= len(before) + 2
    assert sum(str(mail["Subject"]).startswith("Rendez-vous") for mail in mailbox.mails()) == 2


def digest(app: Flask) -> int:
    with app.app_context():
        sent = send_digests()
        jobs.run_due(100)
        return sent


def test_a_summary_once_a_day_of_what_waits(clock: Any, app: Flask, cast: Cast, claim: Claim, mailbox: Mailbox) -> None:
    with app.app_context():
        zoe = make_person("zoe")
        clubs.join_club(zoe.actor, "glycine", "Zoé", "Bonjour.")
        jobs.run_due(100)
        thread = talk.open_thread(cast.bruno.actor, "tilleul", "Un titre", draft("Un secret.")).thread.id
        talk.post_message(cast.bruno.actor, thread, draft("Un autre."))
    clock.move_to(datetime(2026, 11, 23, 17, 50, tzinfo=PARIS))
    assert digest(app) == 0
    clock.move_to(datetime(2026, 11, 23, 18, 0, tzinfo=PARIS))
    mailbox.empty()
    # Amina and Bruno: a meeting; Chloé: a request; Dario, Zoé and the team: nothing waits.
    assert [digest(app), digest(app)] == [3, 0]
    assert sorted(str(mail["To"]) for mail in mailbox.mails()) == [
        cast.amina.email,
        cast.bruno.email,
        cast.chloe.email,
    ]
    (mail,) = mailbox.to(cast.amina.email)
    assert words_of(mail).replace("\u00a0", " ").splitlines()[:10] == [
        "Bonjour,",
        "",
        "Demain",
        "  mardi 24 novembre, 18 h 30 – 20 h 30, Salle 1, Maison du Canal",
        "  Mot de la porte : Boussole",
        "",
        "On vous attend",
        "  2 nouveaux messages",
        "",
        "Tout est ici, avec un code :",
    ]
    assert "  1 demande à lire" in words_of(mailbox.to(cast.chloe.email)[0]).splitlines()
    found = "\n".join(each.as_string() for each in mailbox.mails())
    assert [marker for marker in (*MARKERS, "secret", "Un titre", "Zoé") if marker in found] == []


def test_a_server_that_was_away_in_the_evening_sends_no_summary_at_night(
    clock: Any, app: Flask, cast: Cast, claim: Claim
) -> None:
    clock.move_to(datetime(2026, 11, 23, 20, 30, tzinfo=PARIS))
    assert digest(app) == 0


def test_many_who_ask_to_enter_make_one_mail(
    clock: Any, app: Flask, cast: Cast, run_jobs: Callable[[], int], mailbox: Mailbox
) -> None:
    with app.app_context():
        for number in range(4):
            clubs.join_club(make_person(f"nina{number}").actor, "glycine", f"Nina {'abcd'[number]}", "Bonjour.")
    run_jobs()
    assert [mail["To"] for mail in mailbox.mails()] == [cast.chloe.email]
    with app.app_context():
        clubs.join_club(make_person("omar").actor, "glycine", "Omar", "Bonjour.")
    assert (run_jobs(), len(mailbox.mails())) == (0, 1)
    assert "glycine" not in mailbox.mails()[0].as_string().lower()

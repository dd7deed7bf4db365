"""Places: a guest takes one, who waits is offered the next, and what nobody takes goes on by the clock."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.clubs.models import Membership
from app.core.db import db, transaction
from app.core.errors import Taken
from app.meetings.actions import answer_meeting
from app.meetings.jobs import pass_on
from app.meetings.models import Rsvp
from app.meetings.queries import meeting_for
from tests.rooms.places import MONDAY
from tests.support.cast import Cast, Person, make_person
from tests.support.clients import PageClient
from tests.support.mailbox import Mailbox, words_of
from tests.support.page import text_of

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
Claimed = Callable[..., str]
START = datetime(2026, 11, 10, 17, 30, tzinfo=UTC)


@pytest.fixture
def meeting(app: Flask, claimed: Claimed, places: Cast) -> str:
    """One of Tilleul's, with two places."""
    found = claimed(places.bruno, "tilleul")
    with app.app_context(), transaction():
        db.session.execute(db.text("UPDATE room SET capacity = 2"))
    return found


@pytest.fixture
def nadia(app: Flask, meeting: str) -> Person:
    with app.app_context():
        return make_person("nadia", tilleul="Nadia")


def said() -> dict[str, tuple[str, int]]:
    """By the name in the club: the answer, and who comes along."""
    rows = db.session.execute(select(Membership.name, Rsvp.answer, Rsvp.guests).join(Membership))
    return {name: (answer, guests) for name, answer, guests in rows}


def held(person: Person) -> datetime | None:
    return db.session.scalars(
        select(Rsvp.held_until).where(Rsvp.membership_id == person.memberships["tilleul"])
    ).one_or_none()


@pytest.mark.usefixtures("context")
def test_a_guest_takes_a_place(places: Cast, meeting: str, nadia: Person) -> None:
    answer_meeting(places.amina.actor, meeting, "plus")
    seen = meeting_for(places.bruno.actor, meeting)
    assert (seen.coming, seen.people, seen.places_left, seen.full) == (("Ama",), 2, 0, True)
    with pytest.raises(Taken):
        answer_meeting(places.bruno.actor, meeting, "yes")
    answer_meeting(places.amina.actor, meeting, "yes")
    answer_meeting(places.bruno.actor, meeting, "yes")
    with pytest.raises(Taken) as refused:
        answer_meeting(places.amina.actor, meeting, "plus")
    assert refused.value.code == "meeting_full"
    answer_meeting(nadia.actor, meeting, "maybe")
    assert said() == {"Ama": ("yes", 0), "Bruno": ("yes", 0), "Nadia": ("maybe", 0)}
    assert meeting_for(nadia.actor, meeting).perhaps == ("Nadia",)


@pytest.mark.usefixtures("context")
def test_a_place_is_kept_for_who_waits_and_goes_on(
    places: Cast, meeting: str, nadia: Person, monday: time_machine.Traveller
) -> None:
    zoe = make_person("zoe", tilleul="Zoé")
    for person in (places.amina, places.bruno):
        answer_meeting(person.actor, meeting, "yes")
    for minute, person in enumerate((nadia, zoe)):
        monday.move_to(MONDAY + timedelta(minutes=minute))
        answer_meeting(person.actor, meeting, "waiting")
    # Asking again changes nothing of one's turn.
    answer_meeting(nadia.actor, meeting, "waiting")
    monday.move_to(START - timedelta(hours=10))
    answer_meeting(places.amina.actor, meeting, "no")
    until = START - timedelta(hours=5)
    assert (held(nadia), held(zoe)) == (until, None)
    with pytest.raises(Taken):
        answer_meeting(places.amina.actor, meeting, "yes")
    seen = meeting_for(nadia.actor, meeting)
    assert (seen.held, seen.answer, seen.full, seen.coming) == (until, "waiting", True, ("Bruno",))
    pass_on()
    assert (held(nadia), held(zoe)) == (until, None)
    monday.move_to(until)
    pass_on()
    assert (held(nadia), held(zoe)) == (None, until + timedelta(hours=2, minutes=30))
    answer_meeting(zoe.actor, meeting, "yes")
    assert said() == {"Ama": ("no", 0), "Bruno": ("yes", 0), "Zoé": ("yes", 0)}


@pytest.mark.usefixtures("context")
def test_far_ahead_a_place_is_kept_two_days(
    places: Cast, meeting: str, nadia: Person, monday: time_machine.Traveller
) -> None:
    monday.move_to(MONDAY)
    answer_meeting(places.amina.actor, meeting, "plus")
    answer_meeting(nadia.actor, meeting, "waiting")
    with transaction():
        db.session.execute(db.text("UPDATE room SET capacity = 3"))
    pass_on()
    assert held(nadia) == MONDAY + timedelta(hours=48)


@pytest.mark.usefixtures("context")
def test_the_mail_of_a_place_says_neither_club_nor_where(
    places: Cast, meeting: str, nadia: Person, run_jobs: Callable[[], int], mailbox: Mailbox
) -> None:
    answer_meeting(places.amina.actor, meeting, "plus")
    answer_meeting(nadia.actor, meeting, "waiting")
    answer_meeting(places.amina.actor, meeting, "yes")
    run_jobs()
    (mail,) = mailbox.mails()
    assert (mail["To"], mail["Subject"]) == (nadia.email, "Une place est libre pour vous")
    text = words_of(mail).replace("\u00a0", " ")
    assert "rendez-vous du mardi 10 novembre, à 18 h 30." in text
    assert [word for word in ("Tilleul", "Salle", "Relire", "Nadia", "Ama") if word in mail.as_string()] == []


def test_the_buttons_say_what_one_said(
    client_of: Callable[[Person], PageClient], places: Cast, meeting: str, nadia: Person
) -> None:
    amina, other = client_of(places.amina), client_of(nadia)
    path = f"/meetings/{meeting}"
    amina.send(f"{path}/answer", {"answer": "plus"}, on=path)
    pressed = amina.get(path).page.all(".//main//button[@aria-pressed='true']")
    assert [text_of(each) for each in pressed] == ["Je viens Relire son CV", "Avec quelqu’un Relire son CV"]
    words = other.get(path).page.main
    assert "Attendre une place" in words
    assert "2 personnes viennent. C’est complet." in words
    other.send(f"{path}/answer", {"answer": "waiting"}, on=path)
    assert "Vous attendez une place" in other.get(path).page.main
    amina.send(f"{path}/answer", {"answer": "maybe"}, on=path)
    assert "Une place gardée pour vous jusqu’au" in other.get(path).page.main
    assert "Peut-être : Ama." in other.get(path).page.main

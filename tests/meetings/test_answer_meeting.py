"""Saying whether one comes: who may, places, and the last place in a race."""

import multiprocessing
from collections.abc import Callable
from datetime import timedelta
from multiprocessing.synchronize import Barrier

import pytest
import time_machine
from sqlalchemy import select

from app.core.db import db, transaction
from app.core.errors import DomainError, Gone, Invalid, NotFound, Taken
from app.meetings.actions import answer_meeting
from app.meetings.models import Rsvp
from app.meetings.queries import meeting_for
from app.rooms.actions import Wish, claim_slot, release_claim
from app.rooms.queries import today_in
from tests.rooms.places import house, make_places, slot
from tests.support import databases
from tests.support.application import make_app
from tests.support.cast import Cast, Person, make_cast, make_person

Claimed = Callable[..., str]


@pytest.fixture
def meeting(claimed: Claimed, places: Cast) -> str:
    """One of Tilleul's, in a room for twelve."""
    return claimed(places.bruno, "tilleul")


def answers() -> list[str]:
    return list(db.session.scalars(select(Rsvp.answer).order_by(Rsvp.at)))


def places_of(number: int) -> None:
    with transaction():
        db.session.execute(db.text("UPDATE room SET capacity = :n"), {"n": number})


def test_answer_meeting(places: Cast, meeting: str, context: None) -> None:
    answer_meeting(places.amina.actor, meeting, "yes")
    answer_meeting(places.bruno.actor, meeting, "no")
    assert answers() == ["yes", "no"]
    seen = meeting_for(places.amina.actor, meeting)
    assert (seen.answer, seen.coming, seen.places_left) == ("yes", ("Ama",), 11)
    answer_meeting(places.amina.actor, meeting, "no")
    assert meeting_for(places.bruno.actor, meeting).coming == ()
    assert len(answers()) == 2


@pytest.mark.parametrize("who", ["chloe", "dario", "denis", "elise"])
def test_answer_meeting_is_for_members(places: Cast, meeting: str, who: str, context: None) -> None:
    with pytest.raises(NotFound):
        answer_meeting(getattr(places, who).actor, meeting, "yes")
    with pytest.raises(NotFound):
        answer_meeting(places.amina.actor, "x" * 26, "yes")
    assert answers() == []


def test_answer_meeting_with_another_word(places: Cast, meeting: str, context: None) -> None:
    with pytest.raises(Invalid) as refused:
        answer_meeting(places.amina.actor, meeting, "online")
    assert refused.value.field == "answer"


def test_answer_meeting_that_is_over_or_given_back(
    places: Cast, meeting: str, monday: time_machine.Traveller, context: None
) -> None:
    monday.move_to("2026-11-10T19:29:00+00:00")
    answer_meeting(places.amina.actor, meeting, "yes")
    monday.move_to("2026-11-10T19:30:00+00:00")
    with pytest.raises(Gone) as refused:
        answer_meeting(places.amina.actor, meeting, "no")
    assert refused.value.code == "meeting_past"
    monday.move_to("2026-11-02T08:00:00+00:00")
    release_claim(places.bruno.actor, meeting)
    with pytest.raises(Gone) as refused:
        answer_meeting(places.amina.actor, meeting, "no")
    assert refused.value.code == "meeting_released"


def test_answer_meeting_when_full(places: Cast, meeting: str, context: None) -> None:
    places_of(1)
    answer_meeting(places.amina.actor, meeting, "yes")
    answer_meeting(places.amina.actor, meeting, "yes")
    with pytest.raises(Taken) as refused:
        answer_meeting(places.bruno.actor, meeting, "yes")
    assert refused.value.code == "meeting_full"
    answer_meeting(places.bruno.actor, meeting, "no")
    assert meeting_for(places.bruno.actor, meeting).full
    answer_meeting(places.amina.actor, meeting, "no")
    answer_meeting(places.bruno.actor, meeting, "yes")


def test_who_leaves_the_club_gives_the_place_back(places: Cast, meeting: str, context: None) -> None:
    places_of(1)
    answer_meeting(places.amina.actor, meeting, "yes")
    with transaction():
        db.session.execute(
            db.text("UPDATE membership SET ended_at = began_at WHERE id = :id"),
            {"id": places.amina.memberships["tilleul"]},
        )
    assert meeting_for(places.bruno.actor, meeting).coming == ()
    answer_meeting(places.bruno.actor, meeting, "yes")
    with pytest.raises(NotFound):
        answer_meeting(places.amina.actor, meeting, "no")


# The last places, from four processes at once

PROCESSES, SEATS = 4, 2


def _act(url: str, people: list[Person], meetings: list[str], barrier: Barrier, answer: Callable[..., None]) -> None:
    app, told = make_app(url), []
    for person, meeting in zip(people, meetings, strict=True):
        with app.app_context():
            barrier.wait(60)
            try:
                answer_meeting(person.actor, meeting, "yes")
                told.append("yes")
            except DomainError as error:
                told.append(error.code)
    answer(told)


def test_the_last_places_go_to_as_many_people(engine: str) -> None:
    app = make_app(databases.new_database(engine))
    with app.app_context():
        cast = make_cast()
        make_places()
        with transaction():
            db.session.execute(db.text(f"UPDATE room SET capacity = {SEATS}"))
            db.session.execute(db.text("UPDATE house SET claim_quota = 99"))
        meetings = [_a_meeting(cast, clock) for clock in ("10:00", "14:00", "18:30")]
        people = [make_person(f"p{n}", tilleul=f"Nom {n}") for n in range(PROCESSES)]
        db.session.rollback()
    told = _storm(str(app.config["SQLALCHEMY_DATABASE_URI"]), people, meetings)
    for number in range(len(meetings)):
        got = sorted(each[number] for each in told)
        assert got == [*["meeting_full"] * (PROCESSES - SEATS), *["yes"] * SEATS]


def _a_meeting(cast: Cast, clock: str) -> str:
    first = today_in(house("canal")) + timedelta(days=5)
    free = next(s for n in range(9) if (s := slot("salle-1", first + timedelta(days=n), clock)).open)
    return claim_slot(cast.bruno.actor, Wish(free.id, "tilleul", "Peu de places")).claim.id


def _storm(url: str, people: list[Person], meetings: list[str]) -> list[list[str]]:
    context = multiprocessing.get_context("fork")
    barrier, answers = context.Barrier(PROCESSES), context.Queue()
    processes = [
        context.Process(target=_act, args=(url, [person] * len(meetings), meetings, barrier, answers.put))
        for person in people
    ]
    for process in processes:
        process.start()
    told = [answers.get(timeout=120) for _ in processes]
    for process in processes:
        process.join(30)
    return told

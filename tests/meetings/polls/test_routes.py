"""The pages of dates to choose, as their readers find them."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.core.db import db
from app.meetings.models import Meeting
from app.meetings.polls.actions import ANSWER, answer_poll, cancel_poll
from app.meetings.polls.queries import poll_for
from tests.meetings.polls.conftest import DAY, elsewhere, online
from tests.support.cast import Cast, Person
from tests.support.clients import PageClient

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
Proposed = Callable[..., str]
Browser = Callable[[Person], PageClient]
NEW = "/clubs/tilleul/dates/new"
FORM = {"title": "Visite", "ends_day": "2026-11-06", "ends_time": "12:00"}
PARK = {"e1-kind": "elsewhere", "e1-day": f"{DAY}", "e1-starts": "10:00", "e1-ends": "12:00", "e1-place": "Au parc"}


def test_propose_dates(places: Cast, client_of: Browser, slot_id: Callable[..., str]) -> None:
    amina = client_of(places.amina)
    sent = amina.send(NEW, {**FORM, **PARK, "slot1": slot_id()})
    assert sent.status_code == 303
    words = amina.get(sent.location).page.main
    for said in (
        "Proposé par Ama. Répondez avant le vendredi 6 novembre",
        "Au parc",
        "Salle 1",
        "Personne n’a encore répondu.",
    ):
        assert said in words
    assert "Répondez avant le vendredi 6 novembre" in client_of(places.bruno).get("/clubs/tilleul").page.main


def test_what_was_typed_comes_back(places: Cast, client_of: Browser) -> None:
    amina = client_of(places.amina)
    few = amina.send(NEW, {**FORM, **PARK})
    assert (few.status_code, "Proposez deux dates au moins." in few.page.main) == (422, True)
    assert few.page.form().fields["e1-place"] == "Au parc"
    wrong = amina.send(NEW, {**FORM, **PARK, "title": "", "e1-starts": "demain"})
    assert wrong.status_code == 422
    assert "Il reste 2 choses à corriger" in wrong.page.main


def test_from_a_discussion(places: Cast, client_of: Browser, app: Flask) -> None:
    amina, bruno = client_of(places.amina), client_of(places.bruno)
    with app.app_context():
        from app.messaging.actions import Draft, open_thread

        thread = open_thread(places.bruno.actor, "tilleul", "L’imprimerie", Draft(_uuid(), "On y va ?")).thread.id
    there = f"{NEW}?thread={thread}"
    assert there in amina.get(f"/threads/{thread}").page.links
    form = amina.get(there).page.form()
    assert (form.fields["title"], form.fields["thread"]) == ("L’imprimerie", thread)
    sent = amina.send(NEW, {**FORM, **PARK, "thread": thread, "e2-kind": "online", "e2-day": f"{DAY}",
                            "e2-starts": "14:00", "e2-ends": "15:00"})  # fmt: skip
    assert f"/threads/{thread}" in bruno.get(sent.location).page.links
    # A discussion of another club is none.
    assert client_of(places.chloe).get(f"/clubs/glycine/dates/new?thread={thread}").status_code == 404


def _uuid() -> str:
    import uuid

    return str(uuid.uuid4())


def test_the_lead_plans_a_meeting_elsewhere(places: Cast, client_of: Browser, proposed: Proposed, app: Flask) -> None:
    poll = proposed(None, elsewhere(), online())
    bruno = client_of(places.bruno)
    with app.app_context():
        date = poll_for(places.amina.actor, poll).moments[0].id
        answer_poll(places.amina.actor, poll, {date: "yes"})
    sent = bruno.send(f"/polls/{poll}/choose", {"date": date}, on=f"/polls/{poll}")
    with app.app_context():
        meeting = db.session.query(Meeting).one()
        assert (sent.location, meeting.title, meeting.claim_id) == (f"/meetings/{meeting.id}", "Visite", None)
    assert "Visite" in client_of(places.amina).get("/agenda").page.main
    assert "La date est choisie" in client_of(places.amina).get(f"/polls/{poll}").page.main


def test_the_sheet_names_no_club(places: Cast, client_of: Browser, proposed: Proposed) -> None:
    page: Any = client_of(places.amina).get(f"/polls/{proposed()}/paper").page
    assert "Tilleul" not in page.main
    assert page.main.count("☐") == 9


def test_a_vote_that_fails_says_what_to_do(places: Cast, client_of: Browser, proposed: Proposed, app: Flask) -> None:
    poll = proposed()
    amina = client_of(places.amina)
    there = f"/polls/{poll}"
    nothing = amina.send(f"{there}/answers", on=there)
    wrong = "Choisissez une réponse pour une date au moins, puis envoyez."
    assert (nothing.status_code, nothing.page.main.count(wrong)) == (422, 2)
    assert "#d-2" in nothing.page.links
    with app.app_context():
        cancel_poll(places.bruno.actor, poll)
    late = amina.send(f"{there}/answers", {"d-1": "yes"}, on=there)
    assert (late.status_code, "Il reste" in late.page.main) == (410, False)
    assert "Le vote vient de finir : vos réponses ne sont pas gardées." in late.page.main.replace("\u00a0", " ")


def test_a_lead_chooses_once_somebody_can_come(
    places: Cast, client_of: Browser, proposed: Proposed, app: Flask
) -> None:
    poll = proposed()
    bruno = client_of(places.bruno)

    def told() -> str:
        return str(bruno.get(f"/polls/{poll}").page.main)

    assert ("Choisir " in told(), "Vous choisirez quand quelqu’un aura répondu." in told()) == (False, True)
    with app.app_context():
        dates = [one.id for one in poll_for(places.amina.actor, poll).moments]
        answer_poll(places.amina.actor, poll, dict.fromkeys(dates, "no"))
    assert ("Choisir " in told(), "Personne ne peut venir à ces dates." in told()) == (False, True)
    with app.app_context():
        answer_poll(places.amina.actor, poll, {dates[0]: "maybe", dates[1]: "yes"})
    assert told().count("Choisir ") == 3  # two dates, and the sentence above them
    assert told().count("La mieux placée") == 1
    # Who does not lead is not offered it.
    assert "Choisir " not in client_of(places.amina).get(f"/polls/{poll}").page.main


def test_the_zone_of_the_house_is_named(places: Cast, client_of: Browser, proposed: Proposed) -> None:
    poll = proposed()
    amina = client_of(places.amina)
    for path in (f"/polls/{poll}", f"/polls/{poll}/paper", f"/polls/{poll}/dates", NEW):
        assert "Les heures sont celles de la maison (Paris)." in amina.get(path).page.main, path


def test_too_many_votes_are_slowed_down(places: Cast, client_of: Browser, proposed: Proposed, app: Flask) -> None:
    poll = proposed()
    amina, there = client_of(places.amina), f"/polls/{poll}"
    for number in range(ANSWER.burst):
        assert amina.send(f"{there}/answers", {"d-1": ("yes", "no")[number % 2]}, on=there).status_code == 303
    slowed = amina.send(f"{there}/answers", {"d-1": "maybe"}, on=there)
    assert (slowed.status_code, "Attendez un peu, puis réessayez." in slowed.page.main) == (429, True)
    # What was ticked is not lost.
    assert slowed.page.form(f"{there}/answers").fields["d-1"] == "maybe"

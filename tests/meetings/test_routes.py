"""The agenda, a meeting from inside and from outside, the answer by form, what the club's page shows."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.core.db import db, transaction
from app.core.errors import NotFound
from app.meetings.actions import answer_meeting
from app.meetings.paths.queries import session_for_club
from app.meetings.queries import upcoming_for_club
from app.rooms.actions import release_claim
from app.rooms.models import MeetingSession
from tests.rooms.places import MONDAY, TUESDAY, club
from tests.support.cast import Cast, Person
from tests.support.clients import PageClient
from tests.support.page import text_of

Claimed = Callable[..., str]
Browser = Callable[[Person], PageClient]


def november(day: int) -> date:
    return date(2026, 11, day)


def test_a_meeting_far_away_is_told_in_its_own_time(client_of: Browser, places: Cast, claimed: Claimed) -> None:
    far = claimed(places.bruno, "tilleul", "quai", november(3), "18:30")
    amina = client_of(places.amina)
    for path in ("/agenda", f"/meetings/{far}"):
        assert "18 h 30 – 20 h 30" in amina.get(path).page.main
        assert "Maison du Port" in amina.get(path).page.main


def test_a_meeting_from_inside(app: Flask, client_of: Browser, places: Cast, claimed: Claimed) -> None:
    meeting = claimed(places.bruno, "tilleul")
    with app.app_context():
        answer_meeting(places.bruno.actor, meeting, "yes")
    seen = client_of(places.amina).get(f"/meetings/{meeting}").page
    assert seen.h1 == "Relire son CV"
    assert seen.title == "Rencontre – Club Tilleul – Maison du Canal"
    assert "Viennent : Bruno. 1 personne vient. Encore 11 places." in seen.main
    assert f"/claims/{meeting}/release" not in seen.links
    assert f"/claims/{meeting}/release" in client_of(places.bruno).get(f"/meetings/{meeting}").page.links


def test_a_meeting_from_outside(
    app: Flask, client_of: Browser, visitor: PageClient, places: Cast, claimed: Claimed
) -> None:
    opened = claimed(places.bruno, "tilleul", public=True)
    with app.app_context():
        answer_meeting(places.amina.actor, opened, "yes")
        answer_meeting(places.bruno.actor, opened, "yes")
    inside = client_of(places.amina).get(f"/meetings/{opened}").page
    assert "Ama" in inside.main
    word = inside.main.split("Mot de la porte")[1].split()[0]
    for door in (visitor, client_of(places.chloe), client_of(places.denis)):
        page = door.get(f"/meetings/{opened}").page
        assert "Places libres" in page.main
        assert "Relire son CV" in page.main
        for secret in ("Ama", "Bruno", "personnes viennent", "12 places", word):
            assert secret not in page.main
    with app.app_context(), transaction():
        db.session.execute(db.text("UPDATE room SET capacity = 2"))
    assert "Complet" in visitor.get(f"/meetings/{opened}").page.main


@pytest.mark.parametrize(("lead", "slug"), [("bruno", "tilleul"), ("dario", "romarin")])
def test_a_meeting_that_is_not_open_does_not_exist_outside(
    client_of: Browser, visitor: PageClient, places: Cast, claimed: Claimed, lead: str, slug: str
) -> None:
    meeting = claimed(getattr(places, lead), slug)
    assert client_of(getattr(places, lead)).get(f"/meetings/{meeting}").status_code == 200
    absent = visitor.get(f"/meetings/{'a' * 26}")
    for door in (visitor, client_of(places.chloe), client_of(places.denis)):
        assert door.get(f"/meetings/{meeting}").status_code == 404
    assert visitor.get(f"/meetings/{meeting}").page.main == absent.page.main


def test_a_released_meeting_disappears_with_a_notice(
    app: Flask, client_of: Browser, visitor: PageClient, places: Cast, claimed: Claimed
) -> None:
    meeting = claimed(places.bruno, "tilleul", public=True)
    with app.app_context():
        release_claim(places.bruno.actor, meeting)
    amina = client_of(places.amina)
    notice = amina.get(f"/meetings/{meeting}", follow_redirects=True).page
    assert notice.h1 == "Cette rencontre n’a plus lieu"
    assert "Aucune rencontre" in amina.get("/agenda").page.main
    assert visitor.get(f"/meetings/{meeting}").status_code == 404


def test_answer_meeting_by_form(app: Flask, client_of: Browser, places: Cast, claimed: Claimed) -> None:
    meeting = claimed(places.bruno, "tilleul")
    amina, path = client_of(places.amina), f"/meetings/{meeting}"
    answer = amina.send(f"{path}/answer", {"answer": "yes"}, on=path)
    assert (answer.status_code, answer.location) == (303, path)
    assert "C’est noté : vous venez." in amina.get(path).page.main
    assert amina.send(f"{path}/answer", {"answer": "no", "back": "/agenda"}, on=path).location == "/agenda"
    assert amina.send(f"{path}/answer", {"answer": "no", "back": "//ailleurs"}, on=path).location == "/"
    assert amina.send(f"{path}/answer", {"answer": "peut-être"}, on=path).status_code == 422
    for person in (places.chloe, places.denis):
        assert client_of(person).send(f"{path}/answer", {"answer": "yes"}, on="/").status_code == 404


def test_a_full_meeting_says_so(app: Flask, client_of: Browser, places: Cast, claimed: Claimed) -> None:
    meeting = claimed(places.bruno, "tilleul")
    amina, path = client_of(places.amina), f"/meetings/{meeting}"
    amina.get(path)
    with app.app_context():
        with transaction():
            db.session.execute(db.text("UPDATE room SET capacity = 1"))
        answer_meeting(places.bruno.actor, meeting, "yes")
    late = amina.send(f"{path}/answer", {"answer": "yes"}, on=path, follow_redirects=True)
    assert "Il n’y a plus de place à cette rencontre." in late.page.main
    assert "Complet" in late.page.main


def test_the_club_page_shows_its_session_and_its_meetings(
    app: Flask, client_of: Browser, places: Cast, claimed: Claimed
) -> None:
    meetings = [claimed(places.bruno, "tilleul", "salle-1", november(day), "10:00") for day in (3, 10, 17)]
    with app.app_context(), transaction():
        db.session.add(MeetingSession(id="s" * 26, club_id=places.clubs["tilleul"], name="Automne", granted_at=MONDAY))
        db.session.flush()
        db.session.execute(db.text("UPDATE claim SET session_id = :id"), {"id": "s" * 26})
    with time_machine.travel("2026-11-09T08:00:00+00:00"):
        amina = client_of(places.amina)
        page = amina.get("/clubs/tilleul").page
        assert "3 rencontres, du 3 nov. au 17 nov." in page.main
        assert [step.get("class") for step in page.all(".//ol[@class='path']/li")] == ["done", "next", None]
        assert f"/meetings/{meetings[0]}" not in page.links
        assert f"/meetings/{meetings[1]}" in page.links
        assert "Rencontre 2 de « Automne »" in amina.get(f"/meetings/{meetings[1]}").page.main
    with app.app_context():
        release_claim(places.bruno.actor, meetings[1])
        path = session_for_club(places.amina.actor, club("tilleul"))
        assert path is not None
        assert [step.start.day for step in path.steps] == [3, 17]
        with time_machine.travel("2026-11-18T08:00:00+00:00"):
            assert session_for_club(places.amina.actor, club("tilleul")) is None


def test_the_first_page_passes_over_what_one_declined(
    app: Flask, client_of: Browser, places: Cast, claimed: Claimed
) -> None:
    first = claimed(places.bruno, "tilleul", title="La première")
    claimed(places.dario, "romarin", "atelier", november(12), title="La seconde")
    assert "La première" in client_of(places.amina).get("/").page.main
    with app.app_context():
        answer_meeting(places.amina.actor, first, "no")
    home = client_of(places.amina).get("/").page.main
    assert "La première" not in home
    assert "La seconde" in home


def test_only_members_read_what_a_club_has_ahead(app: Flask, places: Cast, claimed: Claimed) -> None:
    claimed(places.bruno, "tilleul", "salle-1", TUESDAY)
    with app.app_context():
        assert len(upcoming_for_club(places.amina.actor, club("tilleul"))) == 1
        for read in (upcoming_for_club, session_for_club):
            for person in (places.chloe, places.denis):
                with pytest.raises(NotFound):
                    read(person.actor, club("tilleul"))


def test_meetings_ask_as_much_for_one_as_for_three(
    app: Flask, client_of: Browser, places: Cast, claimed: Claimed, queries: Callable[[], Any]
) -> None:
    amina, counts = client_of(places.amina), []
    for days in ((9,), (10, 12)):
        for day in days:
            claimed(places.bruno, "tilleul", "salle-1", november(day), "10:00")
        for path in ("/agenda", "/clubs/tilleul", "/"):
            with queries() as asked:
                assert amina.get(path).status_code == 200
            counts.append(len(asked))
    assert counts[:3] == counts[3:]


def test_what_stands_beside_a_meeting(client_of: Browser, places: Cast, claimed: Claimed) -> None:
    seen = client_of(places.amina).get(f"/meetings/{claimed(places.bruno, 'tilleul')}").page
    beside = [text_of(each) for each in seen.all(".//aside//h2")]
    assert beside == ["Qui apporte quoi ?", "Dans mon calendrier"]
    assert "Qui apporte quoi ?" not in [text_of(each) for each in seen.all(".//div[@class='split']/div//h2")]


def test_a_meeting_that_is_over_has_no_places_left(
    app: Flask, client_of: Browser, places: Cast, claimed: Claimed, monday: time_machine.Traveller
) -> None:
    meeting = claimed(places.bruno, "tilleul", public=True)
    with app.app_context():
        answer_meeting(places.bruno.actor, meeting, "yes")
        answer_meeting(places.amina.actor, meeting, "maybe")
    monday.move_to("2026-11-10T20:00:00+00:00")
    page = client_of(places.amina).get(f"/meetings/{meeting}").page
    assert "Avaient dit oui : Bruno." in page.main
    for gone in ("place", "vient", "Peut-être", "ouverte à tous", "Affiche"):
        assert gone not in page.main

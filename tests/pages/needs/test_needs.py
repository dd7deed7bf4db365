"""Needs: doors in everyday words. What somebody needs stands in no address, no history and no log."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.clubs.models import Club
from app.core.clock import now
from app.core.db import db, transaction
from app.core.ids import new_id
from app.houses.needs import NEEDS
from app.rooms.models import Claim
from tests.rooms.places import TUESDAY, club, make_places, room, slot
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.page import text_of

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def clubs(app: Flask, cast: Cast) -> None:
    """Tilleul says that it looks for work; Romarin says so too, and is not listed."""
    with app.app_context(), transaction():
        for slug in ("tilleul", "romarin"):
            club = db.session.scalars(db.select(Club).where(Club.slug == slug)).one()
            club.sentence = "On cherche des emplois ensemble."


def cards(page: Any) -> list[str]:
    return [each.text for each in page.all(".//section[@data-kind='club']//h4/a")]


@pytest.mark.usefixtures("clubs")
def test_a_need_leads_to_the_listed_clubs_that_say_it(visitor: PageClient) -> None:
    answer = visitor.send("/needs", {"need": "job"})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert cards(answer.page) == ["45 ans et plus"]
    # Nothing of it goes on: the page of the doors is as it was, and no cookie bears it.
    assert "job" not in str(answer.headers.getlist("Set-Cookie"))
    assert cards(visitor.get("/needs").page) == []


@pytest.mark.usefixtures("clubs")
def test_no_need_shows_a_club_that_is_not_listed_even_to_its_member(client_of: Any, cast: Cast) -> None:
    amina = client_of(cast.amina)
    for need in NEEDS:
        answer = amina.send("/needs", {"need": need.name})
        assert [link for link in answer.page.links if "romarin" in link] == []
        assert "Romarin" not in answer.page.main


@pytest.mark.usefixtures("clubs")
def test_no_door_has_a_need_in_its_address(visitor: PageClient) -> None:
    page = visitor.get("/needs").page
    doors = [(each.get("name"), each.get("value")) for each in page.all(".//main//button[@class='door-link']")]
    assert doors == [("need", need.name) for need in NEEDS]
    assert [form.method for form in page.forms() if form.action.startswith("/needs")] == ["post", "post"]
    assert visitor.get("/needs?need=job").page.main == page.main
    assert "Demandez à l’équipe, sans donner de raison." in page.main


@pytest.mark.usefixtures("cast")
def test_what_is_no_need_is_refused(visitor: PageClient) -> None:
    assert visitor.send("/needs", {"need": "secret"}).status_code == 422


@pytest.mark.usefixtures("cast")
def test_the_house_leads_there_from_its_first_page(visitor: PageClient) -> None:
    assert "/needs" in visitor.get("/").page.links


@pytest.mark.usefixtures("cast")
def test_tonight_the_soonest_comes_first_whatever_its_clock_says(app: Flask, visitor: PageClient) -> None:
    """Half past six in Auckland is before ten in Paris, on the same day."""
    with time_machine.travel(datetime(2026, 11, 10, 5, 0, tzinfo=UTC), tick=False):
        with app.app_context():
            make_places()
            with transaction():
                for title, where, clock in (("Ici", "salle-1", "10:00"), ("Au loin", "quai", "18:30")):
                    found = slot(where, TUESDAY, clock)
                    values = {"starts_at": found.start, "ends_at": found.end, "made_at": now(), "door_word": "Mot"}
                    place = {"room_id": room(where).id, "club_id": club("tilleul").id}
                    db.session.add(Claim(id=new_id(), title=title, public=True, **place, **values))
        page = visitor.get("/needs").page
    assert [text_of(link) for link in page.all(".//main//ul[@class='list']//a")] == ["Au loin", "Ici"]

"""The page of the week in a large house, and how its buttons are heard."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from bench.house import make_large_house, make_lead
from tests.rooms.places import TUESDAY, slot
from tests.support import clients
from tests.support.cast import Cast, Person
from tests.support.clients import PageClient

Browser = Callable[[Person], PageClient]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_twenty_rooms_and_eight_weeks_ask_no_more_than_one_room(app: Flask, monday: Any, queries: Any) -> None:
    """And nothing of what the others hold is read to say which evenings are free."""
    asked = {}
    for rooms, weeks in ((1, 1), (20, 8)):
        with app.app_context():
            house = make_large_house(rooms, weeks, slug=f"maison-{rooms}")
            lead = make_lead(f"club-{rooms}", house)
        for who, client in (("visitor", clients.visitor(app)), ("lead", clients.client_of(app, lead))):
            path = f"/houses/maison-{rooms}/slots?room=salle-1"
            client.get(path)
            with queries() as found:
                page = client.get(path).page
            assert len(page.by_id("week").findall(".//h2")) >= 6
            asked[who, rooms] = len(found)
    assert (asked["visitor", 20], asked["lead", 20]) == (asked["visitor", 1], asked["lead", 1])


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_button_is_heard_with_its_day_its_hours_and_its_room(
    app: Flask, places: Cast, client_of: Browser, slot_id: Callable[..., str]
) -> None:
    page = client_of(places.bruno).get("/houses/canal/slots?room=salle-1&week=2026-W46").page
    button = page.by_id(f"s-{slot_id()}").findall(".//a")[0]
    with app.app_context():
        assert slot().stretch.day == TUESDAY
    assert button.get("aria-label").replace("\N{NO-BREAK SPACE}", " ") == (
        "mardi 10, 18 h 30 à 20 h 30, Salle 1, réserver"
    )


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_another_club_has_leads_to_the_list(
    places: Cast, client_of: Browser, slot_id: Callable[..., str], claimed: Callable[..., str]
) -> None:
    """For who leads a club; the others read that it is taken, and the club that has it goes to its meeting."""
    claimed(places.bruno, "tilleul")
    path, wait = "/houses/canal/slots?room=salle-1&week=2026-W46", f"/slots/{slot_id()}/wait"
    page = client_of(places.chloe).get(path).page
    (button,) = page.by_id(f"s-{slot_id()}").findall(".//a")
    assert (button.get("href"), button.get("aria-label", "").rpartition(", ")[2]) == (wait, "attendre")
    assert "Réservé" in page.main
    for other in (places.bruno, places.amina, places.denis):
        assert wait not in client_of(other).get(path).page.links

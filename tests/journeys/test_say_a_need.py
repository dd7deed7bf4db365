"""A visitor says what they need by keyboard or without script; a member takes an hour of advice and gives it back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from app.core.db import db
from app.pages.needs.models import NeedHelp
from tests.houses.partners import hour, partner
from tests.journeys.steps import tab_to
from tests.support.browser import DESKTOP, Reader
from tests.support.process import Server

# The road to the server does not matter here.
pytestmark = pytest.mark.parametrize("road", ["plain"], indirect=True)
SAID = "Trouver un travail, j’ai 52 ans"


@pytest.mark.parametrize("script", [True, False])
def test_with_the_keyboard_alone(place: Server, sit: Callable[..., Reader], script: bool) -> None:
    with place.app.app_context():
        hour(place.cast.denis, partner(place.cast.elise))
    page = sit(viewport=DESKTOP, java_script_enabled=script).page
    page.goto("/needs")
    tab_to(page, page.get_by_label("J’ai besoin de…"))
    page.keyboard.type(SAID)
    page.keyboard.press("Enter")
    # The answers are in sight, and the address says nothing of it.
    expect(page.locator("#res")).to_be_in_viewport()
    assert page.url.partition("#")[0] == f"{place.public_url}/needs"
    advice = page.get_by_role("link", name="Service de l’emploi")
    expect(advice.first).to_be_visible()
    tab_to(page, page.get_by_role("button", name="Une heure de conseil"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Merci. Nous comptons, sans savoir qui.")).to_be_visible()
    assert page.get_by_label("J’ai besoin de…").input_value() == ""
    with place.app.app_context():
        assert db.session.execute(db.select(NeedHelp.need, NeedHelp.kind, NeedHelp.times)).all() == [
            ("job", "advice", 1)
        ]


@pytest.mark.parametrize("script", [True, False])
def test_an_hour_is_taken_and_given_back(place: Server, sit: Callable[..., Reader], script: bool) -> None:
    with place.app.app_context():
        offered = hour(place.cast.denis, partner(place.cast.elise))
    page = sit(place.cast.amina, java_script_enabled=script).page
    page.goto(f"/advice/{offered}")
    page.get_by_label("Le nom pour ce rendez-vous").fill("Dame du jeudi")
    page.get_by_role("button", name="Réserver").click()
    # No thumb cancels by accident.
    expect(page.get_by_role("button", name="Oui, annuler")).to_be_hidden()
    page.get_by_text("Annuler mon rendez-vous").click()
    page.get_by_role("button", name="Oui, annuler").click()
    expect(page.get_by_text("Votre rendez-vous est annulé. La place est libre.")).to_be_visible()
    page.get_by_label("Le nom pour ce rendez-vous").fill("Dame du jeudi")
    page.get_by_role("button", name="Réserver").click()
    expect(page.get_by_text("sous le nom « Dame du jeudi »")).to_be_visible()

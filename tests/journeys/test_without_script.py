"""The same two stories in a browser that runs no script: every page is a page, every button a form."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.steps import come_in_by_code, fill_claim, join_tilleul, slot_on_week, tuesday_evening
from tests.journeys.talk import Talk, message
from tests.support.browser import Reader
from tests.support.process import Server

CLAIMED = re.compile("/claims/")
# The road to the server does not matter here.
pytestmark = pytest.mark.parametrize("road", ["plain"], indirect=True)


def write(page: Page, text: str) -> None:
    """Send, and wait for the page that comes back."""
    page.get_by_label("Votre message").fill(text)
    with page.expect_navigation():
        page.get_by_role("button", name="Envoyer").click()


def test_a_newcomer_says_hello_and_is_answered(place: Server, sit: Callable[..., Reader]) -> None:
    talk = Talk(place)
    page = sit(java_script_enabled=False).page
    page.goto("/clubs")
    page.get_by_role("link", name="45 ans et plus").click()
    page.get_by_role("main").get_by_role("link", name="Entrer dans ce club").first.click()
    come_in_by_code(page, place, "nadia@maison.example")
    join_tilleul(page, "Nadia")
    page.get_by_role("link", name="Mardi : on amène quoi ?").first.click()
    write(page, "Bonjour, je suis nouvelle.")
    expect(message(page, "Bonjour, je suis nouvelle.")).to_contain_text("Vous")

    bruno = sit(place.cast.bruno, java_script_enabled=False).page
    bruno.goto(talk.path)
    expect(message(bruno, "Bonjour, je suis nouvelle.")).to_contain_text("Nadia")
    write(bruno, "Bienvenue Nadia !")
    page.reload()
    expect(message(page, "Bienvenue Nadia")).to_contain_text("Bruno")
    answer_with_a_word(page, "Bienvenue Nadia", "Merci")
    assert talk.stored() == ["Bonjour **à tous**", "Bonjour, je suis nouvelle.", "Bienvenue Nadia !"]


def answer_with_a_word(page: Page, text: str, word: str) -> None:
    message(page, text).locator("summary").click()
    message(page, text).get_by_role("button", name=word).click()
    expect(message(page, text).locator(".reacts > button")).to_contain_text(f"{word} : Nadia")
    message(page, text).locator(".reacts > button").click()
    expect(message(page, text).locator(".reacts > button")).to_have_count(0)


def test_the_second_lead_is_told_and_takes_another(place: Server, sit: Callable[..., Reader]) -> None:
    slot, week = tuesday_evening(place)
    bruno = sit(place.cast.bruno, java_script_enabled=False).page
    chloe = sit(place.cast.chloe, java_script_enabled=False)
    chloe.allow("409")
    for page, title in ((bruno, "Relire son CV"), (chloe.page, "Premier client")):
        page.goto(week)
        slot_on_week(page, slot).get_by_role("link", name="Réserver").click()
        fill_claim(page, title)
    bruno.get_by_role("button", name="Continuer").click()
    expect(bruno).to_have_url(CLAIMED)
    chloe.page.get_by_role("button", name="Continuer").click()
    expect(chloe.page.locator("h1")).to_contain_text("vient d’être pris")
    chloe.page.get_by_role("main").get_by_role("button", name="Prendre").first.click()
    expect(chloe.page).to_have_url(CLAIMED)
    expect(chloe.page.get_by_role("main")).to_contain_text("C’est réservé")


def test_a_form_with_mistakes_comes_back_whole(place: Server, sit: Callable[..., Reader]) -> None:
    slot, _week = tuesday_evening(place)
    lead = sit(place.cast.bruno, java_script_enabled=False)
    lead.allow("422")
    page = lead.page
    page.goto(f"/slots/{slot}/claim")
    page.get_by_label("Titre de la rencontre").fill("Relire son CV")
    page.get_by_text("20 et plus").click()
    page.get_by_role("button", name="Continuer").click()
    expect(page).to_have_title(re.compile("^Erreur"))
    expect(page.get_by_role("alert")).to_contain_text("Il reste 1 chose à corriger")
    expect(page.get_by_label("Titre de la rencontre")).to_have_value("Relire son CV")
    expect(page.get_by_label("20 et plus")).to_be_checked()


WEATHER = re.compile("^https://meteofrance[.]com/")


def test_the_way_out_and_the_reading_menu_need_no_script(place: Server, sit: Callable[..., Reader]) -> None:
    reader = sit(place.cast.bruno, java_script_enabled=False)
    page = reader.page
    reader.context.route(WEATHER, lambda route: route.fulfill(body="Le temps"))
    page.goto("/agenda")
    page.locator("details.menu summary").click()
    page.get_by_role("radio", name="Très grand").check()
    page.get_by_role("button", name="Appliquer").click()
    expect(page.locator("html")).to_have_attribute("data-text", "xl")
    with page.expect_request(WEATHER):
        page.get_by_role("link", name="Quitter vite").click()
    page.goto("/agenda")
    expect(page.locator("h1")).to_have_text("Entrer")

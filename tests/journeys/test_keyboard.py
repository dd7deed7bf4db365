"""Everything that a story needs, done with Tab, Enter and Space alone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.journeys.steps import code_for, slot_on_week, tab_to, tuesday_evening
from tests.journeys.talk import Talk, message
from tests.support.browser import DESKTOP, PHONE, Reader
from tests.support.process import Server
from tests.support.waiting import wait_for

EXIT = re.compile("^https://meteofrance[.]com/")


# The road to the server does not matter here.
pytestmark = pytest.mark.parametrize("road", ["plain"], indirect=True)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_sign_in_join_and_talk(place: Server, sit: Callable[..., Reader]) -> None:
    talk = Talk(place)
    page = sit(viewport=DESKTOP).page
    page.goto("/clubs/tilleul")
    main = page.get_by_role("main")
    tab_to(page, main.get_by_role("link", name="Entrer dans ce club").first)
    press(page, "Enter")
    tab_to(page, page.get_by_label("Votre adresse e-mail"))
    page.keyboard.type("nadia@maison.example")
    press(page, "Enter")
    tab_to(page, page.get_by_label("Le code reçu"))
    page.keyboard.type(code_for(place, "nadia@maison.example"))
    press(page, "Enter")
    tab_to(page, page.get_by_label("Votre nom dans ce club"))
    page.keyboard.type("Nadia")
    for box in main.get_by_role("checkbox").all():
        tab_to(page, box)
        press(page, "Space")
        expect(box).to_be_checked()
    tab_to(page, page.get_by_role("button", name="Entrer dans le club"))
    press(page, "Space")
    tab_to(page, page.get_by_role("link", name="Mardi : on amène quoi ?").first)
    press(page, "Enter")
    expect(page.locator("[role=log]")).to_have_attribute("data-line", "live")
    tab_to(page, page.get_by_label("Votre message"))
    page.keyboard.type("Bonjour")
    press(page, "Shift+Enter")
    page.keyboard.type("Je suis nouvelle.")
    tab_to(page, page.get_by_role("button", name="Envoyer"))
    press(page, "Space")
    expect(message(page, "Je suis nouvelle.").locator(".reacts")).to_be_visible()
    assert talk.stored()[1:] == ["Bonjour\nJe suis nouvelle."]


def at_the_word(page: Page, talk: Talk) -> Locator:
    """By keys alone to the word "Merci" of the first message; the message."""
    page.goto(talk.path)
    expect(page.locator("[role=log]")).to_have_attribute("data-line", "live")
    first = page.locator(f"#m-{talk.first}")
    tab_to(page, first.locator("summary"))
    press(page, "Enter")
    tab_to(page, first.get_by_role("button", name="Merci"))
    return first


def test_say_a_word_and_take_it_back(place: Server, sit: Callable[..., Reader]) -> None:
    talk = Talk(place)
    page = sit(place.cast.amina, viewport=DESKTOP).page
    first = at_the_word(page, talk)
    press(page, "Space")
    said = first.locator(".reacts > button")
    expect(said).to_have_text("Merci : Ama")
    expect(said).to_be_focused()
    press(page, "Space")
    expect(said).to_have_count(0)
    expect(first.locator("summary")).to_be_focused()


def test_a_word_is_taken_back_before_its_answer_came(place: Server, sit: Callable[..., Reader]) -> None:
    """The push of what one said may be there first; what is pressed then is not lost."""
    talk, held = Talk(place), []
    page = sit(place.cast.amina, viewport=DESKTOP).page

    def hold(route: Route) -> None:
        if route.request.method == "PUT":
            held.append((route, route.fetch()))
        else:
            route.continue_()

    page.route(re.compile("/reactions/"), hold)
    first = at_the_word(page, talk)
    press(page, "Space", "Space")
    said = first.locator(".reacts > button")
    expect(said).to_have_text("Merci : Ama")
    expect(said).to_be_focused()
    press(page, "Space")
    # The browser goes on meanwhile: what is held back comes to this program by the same line.
    [(route, answer)] = wait_for(lambda: held, "the answer to the first", pause=lambda: page.evaluate("0"))
    route.fulfill(response=answer)
    expect(said).to_have_count(0)
    expect(first.locator("summary")).to_be_focused()


def test_claim_a_slot(place: Server, sit: Callable[..., Reader]) -> None:
    slot, week = tuesday_evening(place)
    page = sit(place.cast.bruno, viewport=DESKTOP).page
    page.goto(week)
    tab_to(page, slot_on_week(page, slot).get_by_role("link", name="Réserver"))
    press(page, "Enter")
    tab_to(page, page.get_by_label("Titre de la rencontre"))
    page.keyboard.type("Relire son CV")
    tab_to(page, page.get_by_label("Moins de 5"))
    press(page, "ArrowDown")
    expect(page.get_by_label("5 à 9")).to_be_checked()
    tab_to(page, page.get_by_role("button", name="Continuer").last)
    press(page, "Enter")
    expect(page.locator("h1")).to_have_text("C’est réservé")


def test_the_enter_key_sends_the_form_it_is_in(place: Server, sit: Callable[..., Reader]) -> None:
    slot, _week = tuesday_evening(place)
    lead = sit(place.cast.bruno, viewport=DESKTOP)
    lead.allow("422")
    page = lead.page
    page.goto(f"/slots/{slot}/claim")
    tab_to(page, page.get_by_label("Titre de la rencontre"))
    press(page, "Enter")
    expect(page.get_by_role("alert")).to_be_focused()


def test_the_summary_of_errors_takes_the_focus_and_leads_to_each_field(
    place: Server, sit: Callable[..., Reader]
) -> None:
    slot, _week = tuesday_evening(place)
    lead = sit(place.cast.bruno, viewport=PHONE)
    lead.allow("422")
    page = lead.page
    page.goto(f"/slots/{slot}/claim")
    tab_to(page, page.get_by_label("Moins de 5"))
    press(page, "ArrowUp")
    expect(page.get_by_label("20 et plus")).to_be_checked()
    tab_to(page, page.get_by_role("button", name="Continuer").last)
    press(page, "Enter")
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(2)
    for line, field in ((0, "Titre de la rencontre"), (1, "Moins de 5")):
        summary.focus()
        tab_to(page, summary.get_by_role("link").nth(line), most=2)
        press(page, "Enter")
        expect(page.get_by_label(field)).to_be_focused()
        expect(page.get_by_label(field)).to_be_in_viewport()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_first_tab_goes_past_the_menu(place: Server, sit: Callable[..., Reader], size: dict[str, int]) -> None:
    page = sit(place.cast.bruno, viewport=size).page
    page.goto("/clubs/tilleul")
    tab_to(page, page.get_by_role("link", name="Aller au contenu"), most=1)
    press(page, "Enter")
    expect(page.locator("#main")).to_be_focused()
    press(page, "Tab")
    assert page.evaluate("() => document.getElementById('main').contains(document.activeElement)")


def test_the_menu_opens_closes_and_gives_the_focus_back(place: Server, sit: Callable[..., Reader]) -> None:
    page = sit(viewport=PHONE).page
    page.goto("/clubs")
    menu = page.locator("details.menu")
    tab_to(page, menu.locator("summary"))
    press(page, "Enter")
    tab_to(page, menu.get_by_role("radio", name="Normal"))
    press(page, "ArrowRight", "ArrowRight")
    expect(page.locator("html")).to_have_attribute("data-text", "xl")
    press(page, "Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-text", "xl")


def test_shift_three_times_leaves(place: Server, sit: Callable[..., Reader]) -> None:
    reader = sit(place.cast.amina)
    page = reader.page
    reader.context.route(EXIT, lambda route: route.fulfill(body="Le temps"))
    page.goto("/clubs/tilleul")
    press(page, "Shift", "Shift", "a", "Shift", "Shift")
    expect(page.locator("h1")).to_contain_text("45 ans et plus")
    press(page, "Shift")
    expect(page.locator("body")).to_have_text("Le temps")
    page.goto("/agenda")
    expect(page.locator("h1")).to_have_text("Entrer")


def test_capital_letters_do_not_leave(place: Server, sit: Callable[..., Reader]) -> None:
    talk = Talk(place)
    page = sit(place.cast.amina).page
    page.goto(talk.path)
    box = page.get_by_label("Votre message")
    box.focus()
    for letter in "ABCD":
        page.keyboard.down("Shift")
        press(page, letter)
        page.keyboard.up("Shift")
    expect(box).to_have_value("ABCD")
    assert page.url.endswith(talk.path)

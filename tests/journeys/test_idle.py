"""A device for several people that nobody touches any more: it asks once, then leaves nothing."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.talk import Talk, message, open_talk
from tests.support.browser import Reader
from tests.support.process import Server
from tests.support.waiting import wait_for

EXIT = re.compile("^https://meteofrance[.]com/")
QUIET, COUNT = 241_000, 61_000


@pytest.fixture
def amina(server: Server, reader: Callable[..., Reader]) -> Reader:
    """Amina at a device for several people, whose clock can be moved on."""
    assert server.cast is not None
    amina = reader()
    amina.sign_in(server.app, server.cast.amina, shared=True)
    amina.context.route(EXIT, lambda route: route.fulfill(body="Le temps"))
    amina.context.clock.install()
    return amina


def question(page: Page) -> bool:
    """Whether the page asks if somebody is there."""
    return page.locator("dialog[open]").count() == 1


def test_silence_leaves_and_leaves_nothing(amina: Reader) -> None:
    page = amina.page
    page.goto("/account")
    page.clock.fast_forward(QUIET)
    assert question(page)
    page.clock.fast_forward(COUNT)
    expect(page.locator("body")).to_have_text("Le temps")
    # The page does not stay for the answer that ends the session; the cookies go with that answer, behind it.
    wait_for(lambda: amina.context.cookies(amina.base_url) == [], "no cookie left")


def test_an_answer_keeps_the_page(amina: Reader) -> None:
    page = amina.page
    page.goto("/account")
    page.clock.fast_forward(QUIET)
    page.get_by_role("button", name="Oui, je continue").click()
    page.clock.fast_forward(QUIET - 10_000)
    assert not question(page)
    page.clock.fast_forward(10_000)
    assert question(page)


def test_the_question_takes_the_focus_and_gives_it_back(amina: Reader) -> None:
    page = amina.page
    page.goto("/account")
    before = page.get_by_role("link", name="Choisir mes mails")
    before.focus()
    page.clock.fast_forward(QUIET)
    expect(page.get_by_role("button", name="Oui, je continue")).to_be_focused()
    expect(page.get_by_role("dialog")).to_have_accessible_description(re.compile("tout effacer dans un moment"))
    page.keyboard.press("Escape")
    assert not question(page)
    expect(before).to_be_focused()
    page.clock.fast_forward(QUIET - 10_000)
    assert not question(page)


def test_who_writes_in_one_tab_is_there_for_the_others(amina: Reader) -> None:
    page, other = amina.page, amina.new_page()
    for tab in (other, page):
        tab.goto("/account")
    amina.context.clock.fast_forward(QUIET - 10_000)
    page.keyboard.press("a")
    amina.context.clock.fast_forward(20_000)
    assert not question(other)
    amina.context.clock.fast_forward(QUIET)
    assert question(other)
    page.get_by_role("button", name="Oui, je continue").click()
    expect(other.locator("dialog[open]")).to_have_count(0)


def test_what_the_others_write_keeps_nobody(server: Server, amina: Reader) -> None:
    talk = Talk(server)
    for number in range(9):
        talk.say(talk.cast.bruno, f"Message {number}\n\nsur\n\nquatre\n\nlignes")
    page = open_talk(amina.page, talk)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.clock.fast_forward(QUIET - 10_000)
    talk.say(talk.cast.bruno, "Encore un")
    expect(message(page, "Encore un")).to_be_in_viewport()
    page.clock.fast_forward(10_000)
    assert question(page)

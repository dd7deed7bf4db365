"""A page left open whose session has ended elsewhere: nothing of the club stays on it, what was typed does."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from app.accounts.actions import sign_out_everywhere
from tests.journeys.talk import Talk, message, open_talk, write
from tests.support.browser import Reader
from tests.support.process import Server

EXIT = re.compile("^https://meteofrance[.]com/")


@pytest.fixture
def talk(server: Server) -> Talk:
    return Talk(server)


def end_everywhere(talk: Talk) -> None:
    """What Amina does from another device."""
    with talk.server.app.app_context():
        sign_out_everywhere(talk.cast.amina.actor)


def expect_nothing_left(page: Page) -> None:
    expect(page.locator("h1")).to_have_text("Votre session est fermée.")
    expect(page.locator(".msg")).to_have_count(0)
    expect(page).to_have_title("Votre session est fermée.")


def test_a_discussion_is_emptied_and_what_was_typed_is_kept(talk: Talk, reader: Callable[..., Reader]) -> None:
    amina = reader(talk.cast.amina)
    amina.allow("401")
    page = open_talk(amina.page, talk)
    page.get_by_label("Votre message").fill("Une phrase commencée")
    end_everywhere(talk)
    expect_nothing_left(page)
    expect(page.get_by_label("Ce que vous avez écrit")).to_have_value("Une phrase commencée")
    expect(page.get_by_role("main").get_by_role("link", name="Entrer")).to_have_attribute(
        "href", f"/sign-in?next={talk.path}"
    )


def test_a_page_does_not_go_on_for_the_next_person(talk: Talk, reader: Callable[..., Reader]) -> None:
    amina = reader(talk.cast.amina)
    amina.allow("401")
    page = open_talk(amina.page, talk)
    expect(message(page, "Bonjour à tous")).to_be_visible()
    amina.sign_in(talk.server.app, talk.cast.bruno)
    end_everywhere(talk)
    expect_nothing_left(page)
    assert talk.stored() == ["Bonjour **à tous**"]


def test_on_a_device_for_several_people_the_page_goes_away(talk: Talk, reader: Callable[..., Reader]) -> None:
    amina = reader()
    amina.sign_in(talk.server.app, talk.cast.amina, shared=True)
    amina.allow("401")
    amina.context.route(EXIT, lambda route: route.fulfill(body="Le temps"))
    page = open_talk(amina.page, talk)
    write(page, "Je pars")
    expect(message(page, "Je pars").locator(".reacts")).to_be_visible()
    end_everywhere(talk)
    expect(page.locator("body")).to_have_text("Le temps")

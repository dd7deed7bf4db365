"""Cards by keyboard, and one's own voice: recorded, heard and thrown away, while nothing leaves the browser."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.support.browser import Reader
from tests.support.cast import make_person
from tests.support.process import Server


def test_one_hears_oneself_and_nothing_leaves(server: Server, reader: Callable[..., Reader]) -> None:
    with server.app.app_context():
        vera = make_person("vera")
    at = reader(vera, permissions=["microphone"])
    page = at.page
    page.goto("/rehearsals/cards/vente")
    expect(page.locator("[data-timer]")).to_be_visible()
    record = page.get_by_role("button", name="Enregistrer ma voix", exact=True)
    expect(record).to_be_visible()
    left: list[str] = []
    page.on("request", lambda request: left.append(request.url))
    record.click()
    expect(page.get_by_text("On enregistre.")).to_be_visible()
    page.get_by_role("button", name="Arrêter").click()
    heard = page.locator("audio")
    expect(heard).to_be_visible()
    expect(heard).to_have_attribute("src", re.compile(r"^blob:"))
    expect(heard).to_have_js_property("error", None)
    page.get_by_role("button", name="Jeter").click()
    expect(heard).to_be_hidden()
    expect(page.locator("audio[src]")).to_have_count(0)
    assert [url for url in left if not url.startswith("blob:")] == []


def test_the_next_card_comes_by_keyboard_and_a_shared_device_records_nothing(
    server: Server, reader: Callable[..., Reader]
) -> None:
    with server.app.app_context():
        vera = make_person("vera")
    at = reader().sign_in(server.app, vera, shared=True)
    page = at.page
    page.goto("/rehearsals/cards/vente")
    page.get_by_role("link", name="Question suivante").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Question 2 sur 9")).to_be_visible()
    expect(page.locator("[data-recorder]")).to_have_count(0)

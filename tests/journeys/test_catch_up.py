"""The same in a real browser: the page of who watched, of who was cut off, and a page opened afresh show the same."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.journeys.talk import Talk, message, open_talk
from tests.messaging.test_catch_up import History
from tests.support.browser import Reader
from tests.support.process import Server

ROUNDS = 8
# What is read on a discussion, message by message; how it came there leaves no trace.
SHOWN = """() => [document.querySelector('h1').textContent, ...Array.from(document.querySelectorAll('.msg'), li => [
  li.id, li.dataset.author, li.querySelector('.msg__who b').textContent, li.querySelector('.bubble').innerText.trim(),
  li.matches('.msg--hidden'), li.matches('.msg--wait'),
  Array.from(li.querySelectorAll('.reacts > button[name=emoji]'),
    each => each.value + Array.from(each.querySelectorAll('bdi'), name => name.textContent).sort()).sort().join('; '),
].join(' | '))]"""


def shown(page: Page) -> list[str]:
    found: list[str] = page.evaluate(SHOWN)
    return found


@pytest.mark.parametrize("seed", range(3))
def test_three_pages_show_the_same(server: Server, reader: Callable[..., Reader], seed: int) -> None:
    chance = random.Random(seed)
    talk = Talk(server)
    history = History(server.app, talk.cast, chance)
    history.threads = [talk.thread]
    sitting = reader(talk.cast.bruno)
    sitting.allow("ERR_INTERNET_DISCONNECTED", "WebSocket")
    cut = reader(talk.cast.bruno)
    cut.allow("ERR_INTERNET_DISCONNECTED", "WebSocket")
    watching, away = open_talk(sitting.page, talk), open_talk(cut.page, talk)
    leaves, returns = sorted(chance.sample(range(ROUNDS), 2))
    for number in range(ROUNDS):
        if number == leaves:
            cut.context.set_offline(True)
            expect(away.locator("[data-net]")).to_be_visible()
        for _act in range(8):
            history.act()
        # What another process wrote is pushed with what this one posts.
        talk.say(talk.cast.bruno, f"Tour {number}")
        expect(message(watching, f"Tour {number}")).to_have_count(1)
        if number == returns:
            cut.context.set_offline(False)
    expect(message(away, f"Tour {ROUNDS - 1}")).to_have_count(1)
    fresh = open_talk(sitting.new_page(), talk)
    for page in (watching, away):
        settled(page, shown(fresh), (seed, history.done))
    assert len(shown(fresh)) > ROUNDS


def settled(page: Page, wanted: list[str], told: Any) -> None:
    """Quotes are asked for again a moment after what they quote has changed."""
    for _moment in range(100):
        if shown(page) == wanted:
            return
        page.wait_for_timeout(50)
    assert shown(page) == wanted, told


def test_a_push_that_is_lost_is_found_by_the_pulse(server: Server, reader: Callable[..., Reader]) -> None:
    talk = Talk(server)
    page = reader(talk.cast.amina).page
    lost: list[str] = []

    def between(near: WebSocketRoute) -> None:
        far = near.connect_to_server()

        def to_page(frame: str | bytes) -> None:
            if '"change"' in str(frame) and "Perdu" in str(frame):
                lost.append(str(frame))
            else:
                near.send(frame)

        far.on_message(to_page)

    page.route_web_socket("**/socket.io/**", between)
    open_talk(page, talk)
    talk.say(talk.cast.bruno, "Perdu en chemin")
    expect(message(page, "Perdu en chemin")).to_be_visible(timeout=40_000)
    assert len(lost) == 1

"""Journey 6: the network cuts while somebody writes; the message waits on the phone and arrives once."""

import time
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.talk import SECONDS, Talk, message, open_talk, write
from tests.support.browser import Reader
from tests.support.process import Server

WAITS = "En attente. Le message partira tout seul."


def test_what_waits_is_delivered_once(place: Server, sit: Callable[..., Reader]) -> None:
    talk = Talk(place)
    amina, bruno = sit(place.cast.amina), sit(place.cast.bruno)
    amina.allow("ERR_INTERNET_DISCONNECTED", "WebSocket")
    for each in (amina, bruno):
        open_talk(each.page, talk)
    amina.context.set_offline(True)
    write(amina.page, "Vous me lisez ?")
    expect(message(amina.page, "Vous me lisez ?")).to_contain_text(WAITS)
    amina.context.set_offline(False)
    expect(message(bruno.page, "Vous me lisez ?")).to_have_count(1, timeout=20_000)
    expect(message(amina.page, "Vous me lisez ?")).not_to_contain_text(WAITS, timeout=20_000)
    assert message(amina.page, "Vous me lisez ?").count() == 1
    assert talk.stored() == ["Bonjour **à tous**", "Vous me lisez ?"]


def test_what_waits_in_two_clubs_leaves_minutes_apart(place: Server, sit: Callable[..., Reader]) -> None:
    """Two pages of Tilleul, one of Romarin, one phone: whoever is in both clubs must not see them speak together."""
    talks = [Talk(place), Talk(place), Talk(place, "romarin", place.cast.dario)]
    amina = sit(place.cast.amina)
    amina.allow("ERR_INTERNET_DISCONNECTED", "WebSocket")
    amina.context.clock.install()
    pages = [open_talk(amina.page if number == 0 else amina.new_page(), talk) for number, talk in enumerate(talks)]
    amina.context.set_offline(True)
    for number, page in enumerate(pages):
        write(page, f"Je reviens {number}")
        expect(message(page, "Je reviens")).to_contain_text(WAITS)
    amina.context.set_offline(False)
    first, second = _in_turn(pages)
    for page in first:
        expect(message(page, "Je reviens")).not_to_contain_text(WAITS)
        expect(page.locator(".msg--wait")).to_have_count(0)
    amina.context.clock.fast_forward(59_000)
    assert [talk.stored()[1:] for talk, page in zip(talks, pages, strict=True) if page in second] == [[]] * len(second)
    amina.context.clock.fast_forward(242_000)
    for number, (talk, page) in enumerate(zip(talks, pages, strict=True)):
        expect(page.locator(".msg--wait")).to_have_count(0)
        assert talk.stored()[1:] == [f"Je reviens {number}"]


def two_tabs_without_network(place: Server, sit: Callable[..., Reader]) -> tuple[Reader, list[Talk], list[Page]]:
    """Amina has two discussions of one club, each in a tab, and then no network."""
    talks = [Talk(place), Talk(place)]
    amina = sit(place.cast.amina)
    amina.allow("ERR_INTERNET_DISCONNECTED", "WebSocket")
    pages = [open_talk(amina.page, talks[0]), open_talk(amina.new_page(), talks[1])]
    amina.context.set_offline(True)
    return amina, talks, pages


def test_two_tabs_of_a_club_do_not_reorder_what_one_wrote(place: Server, sit: Callable[..., Reader]) -> None:
    """Two discussions of one club, each in a tab; the first tab is out of the way when the second sends."""
    amina, talks, pages = two_tabs_without_network(place, sit)
    for page in pages:
        expect(page.locator("[data-net]")).to_be_visible()
    for number, tab in enumerate((0, 1, 1, 0, 1, 0)):
        write(pages[tab], f"Mot {number}")
        expect(message(pages[tab], f"Mot {number}")).to_contain_text(WAITS)
    amina.context.set_offline(False)
    for page in pages:
        expect(page.locator(".msg--wait")).to_have_count(0)
    said = talks[0].call(place.cast.bruno, "GET", "/clubs/tilleul/changes?since=0")["changes"]
    mine = [row["data"]["body"] for row in said if row["kind"] == "message:posted"][2:]
    assert mine == [f"Mot {number}" for number in range(6)]


def test_a_tab_that_closes_leaves_the_line(place: Server, sit: Callable[..., Reader]) -> None:
    amina, talks, pages = two_tabs_without_network(place, sit)
    for number, page in enumerate(pages):
        write(page, f"Mot {number}")
        expect(message(page, f"Mot {number}")).to_be_visible()
    pages[0].close()
    amina.context.set_offline(False)
    expect(message(pages[1], "Mot 1").locator(".reacts")).to_be_visible()
    assert [talk.stored()[1:] for talk in talks] == [[], ["Mot 1"]]


def _in_turn(pages: list[Page]) -> tuple[list[Page], list[Page]]:
    """Whichever club came first, and the other, whose pages say that it will take minutes."""
    minutes = "En attente. Partira dans quelques minutes."
    later: list[Page] = []
    until = time.monotonic() + SECONDS
    while not later:
        assert time.monotonic() < until, "all of them left at once"
        later = [page for page in (pages[0], pages[2]) if page.get_by_text(minutes).count()]
        pages[0].wait_for_timeout(50)
    later = pages[2:] if later == pages[2:] else pages[:2]
    for page in later:
        expect(page.get_by_text(minutes)).to_be_visible()
    return [page for page in pages if page not in later], later

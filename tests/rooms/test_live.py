"""The week in a real browser: who looks sees a claim and a release without a reload."""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from app.rooms.queries import ONE_DAY, rooms_of, slots_between, today_in
from app.rooms.week import week_of
from tests.rooms.places import house, make_places
from tests.support.browser import DESKTOP, Reader
from tests.support.process import Server

Sit = Callable[..., Reader]


class Free(NamedTuple):
    """A slot by its id, and the week it stands in."""

    id: str
    week: str


@pytest.fixture
def free(server: Server) -> Free:
    """A slot that is free, some days from now."""
    with server.app.app_context():
        make_places()
        canal = house("canal")
        first = today_in(canal) + timedelta(days=5)
        slots = slots_between(canal, rooms_of(canal)[:1], first, first + 5 * ONE_DAY)
        found = next(slot for slot in slots if slot.open and slot.stretch.evening)
        return Free(found.id, week_of(found.stretch.day))


def open_week(page: Page, slot: Free) -> None:
    page.goto(f"/houses/canal/slots?week={slot.week}")


def claim_in(page: Page, slot: Free, title: str) -> None:
    """The three steps, from the week."""
    open_week(page, slot)
    page.locator(f"#s-{slot.id} a").click()
    page.get_by_label("Titre de la rencontre").fill(title)
    page.get_by_text("5 à 9").click()
    page.get_by_role("button", name="Continuer").click()
    expect(page.locator("h1")).to_have_text("C’est réservé")


def test_a_claim_is_seen_at_once_by_the_club_and_soon_by_the_others(server: Server, free: Free, reader: Sit) -> None:
    amina, chloe = reader(server.cast.amina, viewport=DESKTOP), reader(server.cast.chloe)
    bruno = reader(server.cast.bruno)
    chloe.page.clock.install()
    for looker in (amina, chloe):
        open_week(looker.page, free)
        expect(looker.page.locator(f"#s-{free.id}")).to_contain_text("Libre")
    # The line is up: what is claimed from now on is heard.
    amina.page.wait_for_load_state("networkidle")
    claim_in(bruno.page, free, "Vue de tous")
    word = bruno.page.locator(".word b").inner_text()
    expect(amina.page.locator(f"#s-{free.id}")).to_contain_text("Votre club")
    expect(amina.page.locator(f"#s-{free.id}")).to_contain_text(word)
    chloe.page.clock.run_for(6_000)
    expect(chloe.page.locator(f"#s-{free.id}")).to_contain_text("Réservé")
    assert word not in chloe.page.content()
    bruno.page.get_by_role("link", name="Rendre la salle").click()
    bruno.page.get_by_role("button", name="Rendre la salle").click()
    expect(amina.page.locator(f"#s-{free.id}")).to_contain_text("Libre")


def test_the_second_lead_takes_the_next(server: Server, free: Free, reader: Sit) -> None:
    bruno, chloe = reader(server.cast.bruno), reader(server.cast.chloe)
    chloe.allow("status of 409")
    page = chloe.page
    open_week(page, free)
    page.locator(f"#s-{free.id} a").click()
    page.get_by_label("Titre de la rencontre").fill("Notre soirée")
    page.get_by_text("5 à 9").click()
    claim_in(bruno.page, free, "Avant vous")
    page.get_by_role("button", name="Continuer").click()
    expect(page.locator("h1")).to_have_text("Ce moment vient d’être pris")
    page.get_by_role("button", name="Prendre").first.click()
    expect(page.locator("h1")).to_have_text("C’est réservé")
    page.get_by_role("link", name="Préparer la rencontre").click()
    expect(page.locator("h1")).to_have_text("Notre soirée")


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_overflows(server: Server, free: Free, reader: Sit, width: int) -> None:
    bruno = reader(server.cast.bruno, viewport={"width": width, "height": 800})
    bruno.context.add_cookies([{"name": "reading", "value": "xl.auto..fr", "url": server.url}])
    page = bruno.page
    claim_in(page, free, "Un titre assez long pour aller à la ligne deux fois")
    meeting = page.get_by_role("link", name="Préparer la rencontre").get_attribute("href")
    for path in ("/houses/canal/slots", page.url, f"{page.url}/release", meeting, "/agenda", "/clubs/tilleul"):
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, path

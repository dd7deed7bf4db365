"""Journey 2: two leads want the same evening; the second reads that it is taken, and takes the next."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from app.rooms.queries import find_slot
from tests.rules.stage import free_slots
from tests.support.browser import Reader
from tests.support.process import Server

CLAIMED = re.compile("/claims/")


def fill_claim(page: Page, title: str) -> None:
    page.get_by_label("Titre de la rencontre").fill(title)
    page.locator("input[name=size][value='5']").check()
    page.locator("input[name=public][value=no]").check()


def send(page: Page) -> None:
    page.get_by_role("button", name="Continuer").click()


def test_the_second_lead_is_told_and_takes_another(place: Server, sit: Callable[..., Reader]) -> None:
    with place.app.app_context():
        slot = next(each for each in free_slots() if find_slot(each).stretch.evening)
    bruno, chloe = sit(place.cast.bruno), sit(place.cast.chloe)
    chloe.allow("409")
    for lead, title in ((bruno, "Relire son CV"), (chloe, "Premier client")):
        lead.page.goto(f"/slots/{slot}/claim")
        fill_claim(lead.page, title)
    send(bruno.page)
    expect(bruno.page).to_have_url(CLAIMED)

    send(chloe.page)
    expect(chloe.page.locator("h1")).to_contain_text("vient d’être pris")
    choices = chloe.page.get_by_role("main").get_by_role("button", name="Prendre")
    expect(choices).to_have_count(3)
    choices.first.click()
    expect(chloe.page).to_have_url(CLAIMED)
    expect(chloe.page.get_by_role("main")).to_contain_text("Club Glycine")
    # What she had typed was kept.
    chloe.page.get_by_role("link", name="Préparer la rencontre").click()
    expect(chloe.page.locator("h1")).to_contain_text("Premier client")

"""Journey 2: two leads want Tuesday evening; the second reads that it is taken, and takes the next."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.steps import fill_claim, slot_on_week, tuesday_evening
from tests.support.browser import DESKTOP, PHONE, Reader
from tests.support.process import Server

CLAIMED = re.compile("/claims/")


def test_the_second_lead_is_told_and_takes_another(place: Server, sit: Callable[..., Reader]) -> None:
    slot, week = tuesday_evening(place)
    bruno, chloe = sit(place.cast.bruno, viewport=PHONE), sit(place.cast.chloe, viewport=DESKTOP)
    chloe.allow("409")
    for lead, title in ((bruno, "Relire son CV"), (chloe, "Premier client")):
        lead.page.goto(week)
        slot_on_week(lead.page, slot).get_by_role("link", name="Réserver").click()
        fill_claim(lead.page, title)
    bruno.page.get_by_role("button", name="Continuer").click()
    expect(bruno.page).to_have_url(CLAIMED)

    chloe.page.get_by_role("button", name="Continuer").click()
    expect(chloe.page.locator("h1")).to_contain_text("vient d’être pris")
    choices = chloe.page.get_by_role("main").get_by_role("button", name="Prendre")
    expect(choices).to_have_count(3)
    choices.first.click()
    expect(chloe.page).to_have_url(CLAIMED)
    expect(chloe.page.get_by_role("main")).to_contain_text("Club Glycine")
    # What she had typed was kept.
    chloe.page.get_by_role("link", name="Préparer la rencontre").click()
    expect(chloe.page.locator("h1")).to_contain_text("Premier client")


def test_who_looks_at_the_week_sees_the_slot_go(place: Server, sit: Callable[..., Reader]) -> None:
    slot, week = tuesday_evening(place)
    amina, bruno = sit(place.cast.amina, viewport=PHONE).page, sit(place.cast.bruno, viewport=PHONE).page
    with amina.expect_websocket():
        amina.goto(week)
    expect(slot_on_week(amina, slot)).to_contain_text("Libre")
    bruno.goto(f"/slots/{slot}/claim")
    fill_claim(bruno, "Relire son CV")
    bruno.get_by_role("button", name="Continuer").click()
    expect(bruno).to_have_url(CLAIMED)
    expect(slot_on_week(amina, slot)).to_contain_text("Votre club")

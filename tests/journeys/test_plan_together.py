"""Journey 3: a member proposes three dates, others answer, the lead turns the winner into a claim; all have it."""

import re
from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.core.db import db
from app.meetings.polls.models import Poll
from app.rooms.queries import ONE_DAY, Slot, slots_between, today_in
from app.rooms.week import SEVEN_DAYS
from tests.journeys.steps import tab_to
from tests.rooms.places import house, room
from tests.support.browser import DESKTOP, PHONE, Reader
from tests.support.cast import make_person
from tests.support.process import Server

# The road to the server does not matter here.
pytestmark = pytest.mark.parametrize("road", ["plain"], indirect=True)
MEETING = re.compile("/meetings/")


def free_slots(place: Server) -> list[tuple[str, Slot]]:
    """Two that may be kept, a week ahead, each with its id."""
    with place.app.app_context():
        canal = house("canal")
        first = today_in(canal) + SEVEN_DAYS
        found = slots_between(canal, [room("salle-1")], first, first + SEVEN_DAYS, evenings=True)
        return [(each.id, each) for each in found if each.open and not each.stretch.scarce][:2]


def propose(page: Page, place: Server, title: str) -> list[Slot]:
    """Two evenings of a room and a morning in the park, answered within three days."""
    slots = free_slots(place)
    with place.app.app_context():
        today = today_in(house("canal"))
    page.goto("/clubs/tilleul")
    page.get_by_role("link", name="Proposer des dates").click()
    page.get_by_label("C’est pour quoi").fill(title)
    page.get_by_label("jusqu’à quel jour").fill((today + timedelta(days=3)).isoformat())
    for label, (slot_id, _slot) in zip(("Premier moment", "Deuxième moment"), slots, strict=True):
        page.get_by_label(label).select_option(slot_id)
    page.get_by_label("Quel jour ?", exact=True).first.fill((slots[1][1].stretch.day + ONE_DAY).isoformat())
    page.get_by_label("Heure du début").first.fill("10:00")
    page.get_by_label("Heure de la fin").first.fill("12:00")
    page.get_by_label("À quel endroit").first.fill("Au parc")
    page.get_by_role("button", name="Proposer au club").click()
    expect(page.locator(".poll__row")).to_have_count(3)
    return [slot for _slot_id, slot in slots]


def say(page: Page, *words: str) -> None:
    """One word for each date, in their order."""
    rows = page.locator(".poll__row")
    expect(rows).to_have_count(len(words))
    for row, word in zip(rows.all(), words, strict=True):
        row.get_by_role("radio", name=word, exact=True).check()
    page.get_by_role("button", name="Envoyer mes réponses").click()
    expect(page.get_by_role("status").first).to_contain_text("C’est noté")


def test_three_people_choose_a_date(place: Server, sit: Callable[..., Reader]) -> None:
    with place.app.app_context():
        nadia = make_person("nadia", tilleul="Nadia")
    amina, bruno = sit(place.cast.amina, viewport=PHONE).page, sit(place.cast.bruno, viewport=DESKTOP).page
    other = sit(nadia, viewport=PHONE).page
    slots = propose(amina, place, "Visite de l’imprimerie")
    with bruno.expect_websocket():
        bruno.goto(amina.url)
    choice = bruno.get_by_role("button", name="Choisir")
    expect(choice).to_have_count(0)
    # While the others answer, who looks sees it, and keeps what they have ticked.
    mine = bruno.locator(".poll__row").first.get_by_role("radio", name="Si besoin")
    mine.check()
    say(amina, "Oui", "Si besoin", "Non")
    expect(bruno.locator("#standing")).to_contain_text("Oui : Ama")
    other.goto("/clubs/tilleul")
    other.get_by_role("link", name="Répondre").click()
    say(other, "Non", "Oui", "Si besoin")
    best = bruno.locator(".poll__row--best")
    expect(best).to_contain_text("Oui : Nadia")
    expect(best).to_contain_text("Si besoin : Ama")
    expect(best).to_contain_text("La mieux placée")
    expect(mine).to_be_checked()

    choice.first.click()
    expect(bruno).to_have_url(MEETING)
    expect(bruno.locator("h1")).to_contain_text("Visite de l’imprimerie")
    expect(amina.locator("#standing")).to_contain_text("La date est choisie")
    for page in (amina, other, bruno):
        page.goto("/agenda")
        expect(page.get_by_role("main")).to_contain_text("Visite de l’imprimerie")
    # And in the calendar of each, as an appointment without a name.
    bruno.get_by_role("button", name="Faire une adresse secrète").click()
    calendar = bruno.request.get(bruno.get_by_label("L’adresse de votre calendrier").input_value()).text()
    start = slots[1].start.astimezone(ZoneInfo("Europe/Paris"))
    assert re.findall("DTSTART.*:(.*)", calendar)[-1].strip() == f"{start:%Y%m%dT%H%M%S}"
    assert "Visite" not in calendar
    # What was kept beside it is for everyone again.
    with place.app.app_context():
        states = [one.state for one in slots_between(house("canal"), [room("salle-1")], slots[0].stretch.day,
                                                     slots[0].stretch.day + ONE_DAY, evenings=True)]  # fmt: skip
    assert states == ["free"]


def test_dates_by_keyboard_alone(place: Server, sit: Callable[..., Reader]) -> None:
    amina, page = sit(place.cast.amina, viewport=PHONE).page, sit(place.cast.bruno, viewport=DESKTOP).page
    propose(amina, place, "Un café")
    page.goto(amina.url)
    rows = page.locator(".poll__row")
    for number, presses in enumerate((0, 1, 2)):
        tab_to(page, rows.nth(number).get_by_role("radio").first)
        page.keyboard.press("Space")
        for _press in range(presses):
            page.keyboard.press("ArrowRight")
        expect(rows.nth(number).get_by_role("radio").nth(presses)).to_be_checked()
    tab_to(page, page.get_by_role("button", name="Envoyer mes réponses"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("C’est noté")
    tab_to(page, page.get_by_role("button", name="Choisir").first)
    page.keyboard.press("Enter")
    expect(page).to_have_url(MEETING)


def test_who_reads_elsewhere_has_their_own_clock_too(place: Server, sit: Callable[..., Reader]) -> None:
    amina = sit(place.cast.amina, viewport=PHONE).page
    slots = propose(amina, place, "Visite")
    start = slots[0].start.astimezone(ZoneInfo("America/Guadeloupe"))
    mine = f"Chez vous : {start.hour}\u00a0h\u00a0{start:%M} –"
    far = sit(place.cast.bruno, viewport=PHONE, timezone_id="America/Guadeloupe").page
    with far.expect_websocket():
        far.goto(amina.url)
    expect(far.locator(".poll__row").first).to_contain_text(mine)
    with place.app.app_context():
        ends = db.session.scalars(select(Poll.ends_at)).one().astimezone(ZoneInfo("America/Guadeloupe"))
    expect(far.locator("header.stack-s")).to_contain_text(f"Chez vous : {ends.hour}\u00a0h")
    expect(far.get_by_text("Les heures sont celles de la maison (Paris).")).to_be_visible()
    # It stays when the block is drawn anew.
    say(amina, "Oui", "Non", "Non")
    expect(far.locator(".poll__row").first).to_contain_text("Oui : Ama")
    expect(far.locator(".poll__row").first).to_contain_text(mine)
    # Where both are the same there is nothing to say.
    expect(amina.get_by_text("Chez vous").first).to_be_hidden()

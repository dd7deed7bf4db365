"""What people do on the way, one step each; ``test_keyboard`` does the same without a pointer."""

from playwright.sync_api import Locator, Page, expect

from app.rooms.queries import ONE_DAY, slots_between, today_in
from app.rooms.week import SEVEN_DAYS, week_of
from tests.rooms.places import house, room
from tests.support.process import Server
from tests.support.waiting import wait_for

SECONDS = 30
TUESDAY = 1


def code_for(place: Server, address: str) -> str:
    """The mail is a job of the server's: wait until it has left."""
    wait_for(lambda: place.mailbox.to(address), "a mail", SECONDS)
    return place.mailbox.code_for(address)


def come_in_by_code(page: Page, place: Server, address: str) -> None:
    page.get_by_label("Votre adresse e-mail").fill(address)
    page.get_by_role("button", name="Recevoir un code").click()
    page.get_by_label("Le code reçu").fill(code_for(place, address))
    page.get_by_role("main").get_by_role("button", name="Entrer", exact=True).click()


def join_tilleul(page: Page, name: str) -> None:
    page.get_by_label("Votre nom dans ce club").fill(name)
    for box in page.get_by_role("main").get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Entrer dans le club").click()
    expect(page.locator("h1")).to_contain_text("45 ans et plus")


def tuesday_evening(place: Server) -> tuple[str, str]:
    """The first evening slot of a Tuesday that a club may claim: its id, and the address of its week."""
    with place.app.app_context():
        canal, rooms = house("canal"), [room("salle-1")]
        soon = today_in(canal) + ONE_DAY
        evenings = slots_between(canal, rooms, soon, soon + 4 * SEVEN_DAYS, evenings=True)
        found = next(each for each in evenings if each.open and each.stretch.day.weekday() == TUESDAY)
        return found.id, f"/houses/canal/slots?room=salle-1&week={week_of(found.stretch.day)}"


def slot_on_week(page: Page, slot_id: str) -> Locator:
    """The slot as it stands on the page of the week."""
    return page.locator(f'[id="s-{slot_id}"]')


def fill_claim(page: Page, title: str) -> None:
    page.get_by_label("Titre de la rencontre").fill(title)
    page.get_by_text("5 à 9").click()


def tab_to(page: Page, target: Locator, most: int = 120) -> None:
    """Press Tab until the focus is there; it must be reached, seen, and not hidden under something."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if target.evaluate("node => node === document.activeElement"):
            expect(target).to_be_in_viewport()
            return
    raise AssertionError(f"Tab does not reach {target}")

"""Journey 1: from the list of clubs to a first hello, which somebody on a phone sees at once and answers."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.talk import Talk, message, open_talk, write
from tests.support.browser import DESKTOP, PHONE, Reader
from tests.support.process import Server

ADDRESS = "nadia@maison.example"


def come_in_by_code(page: Page, place: Server) -> None:
    page.get_by_label("Votre adresse e-mail").fill(ADDRESS)
    page.get_by_role("button", name="Recevoir un code").click()
    code = page.get_by_label("Le code reçu")
    code.wait_for()
    code.fill(wait_for_code(page, place))
    code.press("Enter")


def wait_for_code(page: Page, place: Server) -> str:
    """The mail is a job: it leaves within a second or two."""
    for _ in range(100):
        if place.mailbox.to(ADDRESS):
            return place.mailbox.code_for(ADDRESS)
        page.request.get("/healthz")
    raise AssertionError("no mail has come")


def join_tilleul(page: Page, name: str) -> None:
    page.get_by_label("Votre nom dans ce club").fill(name)
    for box in page.get_by_role("main").get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Entrer dans le club").click()
    expect(page.locator("h1")).to_contain_text("45 ans et plus")


def test_a_newcomer_says_hello_and_is_answered(place: Server, sit: Callable[..., Reader]) -> None:
    talk = Talk(place)
    bruno = sit(place.cast.bruno, viewport=PHONE).page
    open_talk(bruno, talk)

    newcomer = sit(viewport=DESKTOP).page
    newcomer.goto("/clubs")
    newcomer.get_by_role("link", name="45 ans et plus").click()
    expect(newcomer).to_have_title("Club Tilleul – Maison du Canal")
    newcomer.get_by_role("main").get_by_role("link", name="Entrer dans ce club").first.click()
    come_in_by_code(newcomer, place)
    join_tilleul(newcomer, "Nadia")

    newcomer.get_by_role("link", name="Mardi : on amène quoi ?").first.click()
    expect(newcomer.locator("[role=log]")).to_have_attribute("data-line", "live")
    write(newcomer, "Bonjour, je suis nouvelle.")

    expect(message(bruno, "Bonjour, je suis nouvelle.")).to_contain_text("Nadia")
    write(bruno, "Bienvenue Nadia !")
    expect(message(newcomer, "Bienvenue Nadia")).to_contain_text("Bruno")
    assert talk.stored() == ["Bonjour **à tous**", "Bonjour, je suis nouvelle.", "Bienvenue Nadia !"]

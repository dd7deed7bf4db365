"""Journey 5: from an empty database to a house, a club of three people, its first claim and its first message."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.eyes import broken_name, too_wide
from tests.journeys.steps import code_for, fill_claim
from tests.journeys.talk import message, write
from tests.support import databases
from tests.support.browser import DESKTOP, PHONE, Reader
from tests.support.process import Server
from tests.support.second_step import number_of

PRINTED = re.compile(r"with this code, once: (\S+)")
CLAIMED = re.compile("/claims/")


@pytest.fixture
def empty(browser: object) -> Iterator[Server]:
    """A server on a database without a house; it prints the code of the first opening."""
    server = Server(databases.new_database("sqlite")).start()
    yield server
    server.stop()
    databases.close(server.app)


@pytest.fixture
def sit(empty: Server, browser: object) -> Iterator[Callable[..., Page]]:
    """``sit()``: somebody at a browser of their own, on a phone or not."""
    opened: list[Reader] = []

    def sit_down(**options: object) -> Page:
        opened.append(Reader(browser, empty.public_url, **options))  # type: ignore[arg-type]
        return opened[-1].page

    yield sit_down
    for each in opened:
        each.close()


def test_an_empty_house_opens_and_three_people_begin(empty: Server, sit: Callable[..., Page]) -> None:
    manager = sit(viewport=DESKTOP)
    open_the_house(manager, empty)

    founder = sit(viewport=PHONE)
    founder.goto("/")
    founder.get_by_role("link", name="Proposer un club").first.click()
    come_in(founder, empty, "nina@maison.example")
    code = propose(founder)
    others = [sit(viewport=PHONE) for _one in range(2)]
    for number, (other, name) in enumerate(zip(others, ("Omar", "Pia"), strict=True)):
        other.goto("/clubs/found/code")
        come_in(other, empty, f"other-{number}@maison.example")
        say_yes(other, code, name)
    founder.get_by_role("link", name="Voir qui a répondu").click()
    expect(founder.get_by_text("Une deuxième personne a dit oui.")).to_be_visible()
    send(founder, "Nina")

    manager.goto("/desk")
    manager.get_by_role("link", name="Lire et répondre").click()
    expect(manager.locator("#club-h")).to_have_text("Aidants, garder un métier")
    assert [name for name in ("Nina", "Omar", "Pia", "maison.example") if name in main(manager)] == []
    manager.get_by_role("button", name="Oui, ouvrir ce club").click()
    expect(manager.get_by_text("Votre réponse est partie.")).to_be_visible()

    claim(founder)
    founder.goto("/")
    founder.get_by_role("link", name=re.compile("^Club ")).last.click()
    expect(founder.locator("h1")).to_have_text("Aidants, garder un métier")
    first_word(founder, others[0])


def main(page: Page) -> str:
    return page.get_by_role("main").inner_text()


def open_the_house(page: Page, server: Server) -> None:
    page.goto("/")
    assert broken_name_on_phones(page) == {}
    found = PRINTED.search(server.printed.read_text())
    assert found is not None
    fits(page)
    page.get_by_label("Le code de démarrage").fill(found[1])
    page.get_by_label("Le nom de la maison").fill("Maison du Pont")
    on(page)
    fits(page)
    page.get_by_role("group", name="Les soirs d’ouverture").get_by_label("Mardi").check()
    on(page)
    fits(page)
    page.get_by_label("Le nom de la salle").fill("Salle bleue")
    page.get_by_label("Le nombre de places").fill("12")
    on(page)
    page.get_by_label("Votre adresse e-mail").fill("elise@maison.example")
    page.get_by_label("Votre nom pour l’équipe et les clubs").fill("Élise")
    page.get_by_role("button", name="Ouvrir la maison").click()
    page.get_by_label("Le code reçu").fill(code_for(server, "elise@maison.example"))
    enter(page)
    settle_second_step(page)
    expect(page.get_by_role("main")).to_contain_text("Maison du Pont")


def settle_second_step(page: Page) -> None:
    """Who works in a house comes in with two proofs: the first time, an app of numbers is chosen."""
    expect(page.locator("h1")).to_have_text("Réglez votre deuxième étape")
    fits(page)
    page.get_by_role("link", name="Régler une application").click()
    fits(page)
    page.get_by_text("L’image ne se lit pas ?").click()
    secret = page.get_by_role("main").locator("code").inner_text()
    page.get_by_label("Le numéro que l’application montre").fill(number_of(secret))
    page.get_by_role("button", name="Garder cette application").click()
    expect(page.get_by_role("main").locator("code")).to_have_count(10)
    fits(page)
    page.get_by_role("link", name="C’est fait").click()


def broken_name_on_phones(page: Page) -> dict[int, list[str]]:
    """Two buttons stand beside the name of the house; its words stay whole on every phone."""
    found = {}
    for width in (320, 360, 390):
        page.set_viewport_size({"width": width, "height": 800})
        found[width] = broken_name(page)
    page.set_viewport_size(DESKTOP)
    return {width: words for width, words in found.items() if words}


def fits(page: Page) -> None:
    """Nothing of this step is cut on the narrowest phone."""
    page.set_viewport_size({"width": 320, "height": 800})
    assert too_wide(page) == 0
    page.set_viewport_size(DESKTOP)


def on(page: Page) -> None:
    """To the next step, when all of it is there: what is measured too early is measured of no page."""
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name="Continuer", exact=True).click()


def enter(page: Page) -> None:
    page.get_by_role("main").get_by_role("button", name="Entrer", exact=True).click()


def come_in(page: Page, server: Server, address: str) -> None:
    page.get_by_label("Votre adresse e-mail").fill(address)
    page.get_by_role("button", name="Recevoir un code").click()
    page.get_by_label("Le code reçu").fill(code_for(server, address))
    enter(page)


def propose(page: Page) -> str:
    """The four steps, up to the code for two other people."""
    page.get_by_label("Le nom du club").fill("Aidants, garder un métier")
    page.get_by_label("Une phrase pour donner envie").fill("On garde un travail quand on aide un proche.")
    on(page)
    page.get_by_label("Partir d’une charte toute prête").select_option("founders")
    page.get_by_role("button", name="Prendre cette charte").click()
    expect(page.get_by_label("La charte du club")).to_have_value(re.compile("Trois minutes"))
    on(page)
    page.get_by_role("group", name="Choisissez un nom").get_by_role("radio").first.check()
    page.get_by_role("radio", name="Étoile").check()
    on(page)
    return page.locator(".word--code b").inner_text()


def say_yes(page: Page, code: str, name: str) -> None:
    page.get_by_label("Le code", exact=True).fill(code)
    page.get_by_role("button", name="Lire la proposition").click()
    expect(page.get_by_role("main")).to_contain_text("On garde un travail quand on aide un proche.")
    agree(page, name)
    page.get_by_role("button", name="Dire oui").click()
    expect(page.get_by_role("main")).to_contain_text("Vous avez dit oui.")


def agree(page: Page, name: str) -> None:
    page.get_by_label("Votre nom dans ce club").fill(name)
    for box in page.get_by_role("main").get_by_role("checkbox").all():
        box.check()


def send(page: Page, name: str) -> None:
    agree(page, name)
    page.get_by_label("Un mot pour l’équipe").fill("Le mardi soir ?")
    page.get_by_role("button", name="Envoyer la proposition").click()
    expect(page.locator("h1")).to_have_text("Votre proposition attend une réponse")


def claim(page: Page) -> None:
    page.goto("/houses/maison-du-pont/slots")
    # From tomorrow on, so that no slot begins while it is being claimed.
    page.goto(page.locator("a[href*='week=']").last.get_attribute("href") or "")
    page.get_by_role("main").get_by_role("link", name="Réserver").first.click()
    fill_claim(page, "On se rencontre")
    on(page)
    expect(page).to_have_url(CLAIMED)


def first_word(founder: Page, other: Page) -> None:
    """The founder says hello; somebody who looks at that moment sees it without asking."""
    founder.goto(f"{founder.url}/threads/new")
    founder.get_by_label("De quoi voulez-vous parler ?").fill("Bonjour")
    founder.get_by_label("Votre premier message").fill("Bienvenue à nous trois.")
    founder.get_by_role("button", name="Publier").click()
    expect(message(founder, "Bienvenue à nous trois.")).to_be_visible()
    other.goto(founder.url)
    expect(other.locator("[role=log]")).to_have_attribute("data-line", "live")
    write(founder, "Qui vient mardi ?")
    expect(message(other, "Qui vient mardi ?")).to_contain_text("Nina")

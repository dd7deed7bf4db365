"""At the kiosk of the hall somebody without e-mail comes in with a card, reads, writes, walks away; nothing is left."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.core.clock import now
from app.core.db import transaction
from app.houses.shelf.actions import ItemSaid, add_item
from app.meetings.ballots.actions import Wish as Question
from app.meetings.ballots.actions import open_ballot
from app.meetings.polls.actions import open_poll
from app.meetings.polls.wishes import Proposal, Wish
from tests.journeys.talk import Talk, message, open_talk, write
from tests.support import factories as make
from tests.support.browser import DESKTOP, Reader
from tests.support.kiosks import letters
from tests.support.process import Server

QUIET, COUNT = 241_000, 61_000
START = re.compile("/kiosk$")
LEFT = """async () => ({
  storage: [localStorage.length, sessionStorage.length],
  caches: (await caches.keys()).length,
  databases: (await indexedDB.databases()).length,
  workers: (await navigator.serviceWorker.getRegistrations()).length,
  history: navigation.entries().map(each => new URL(each.url).pathname),
})"""
NOTHING = {"storage": [0, 0], "caches": 0, "databases": 0, "workers": 0, "history": ["/kiosk", "/kiosk"]}


@pytest.fixture
def kiosk(server: Server, reader: Callable[..., Reader]) -> Reader:
    """A screen that has just been paired, whose clock can be moved on."""
    assert server.cast is not None
    kiosk = reader(viewport=DESKTOP)
    kiosk.context.clock.install()
    page = kiosk.page
    page.goto("/kiosk")
    page.get_by_label("Les six lettres").fill(letters(server.app, server.cast.denis))
    page.get_by_role("button", name="Relier").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour. Que voulez-vous faire ?")
    # Every door stands on the screen: who passes in the hall does not scroll.
    assert page.evaluate("document.documentElement.scrollHeight") <= DESKTOP["height"]
    return kiosk


def come_in(page: Page, server: Server) -> None:
    """Amina comes in with the card of the desk."""
    assert server.cast is not None
    with server.app.app_context(), transaction():
        card = make.make_card(server.cast.amina.account_id)
    page.get_by_role("link", name="Entrer").click()
    page.get_by_role("link", name="carte").first.click()
    page.get_by_label("numéro").fill(card.number)
    page.get_by_label("mots").fill(" ".join(card.words))
    page.get_by_role("button", name="Entrer avec ma carte").click()
    expect(page.get_by_role("link", name="Mes clubs")).to_be_visible()


def expect_nothing_of_it(page: Page) -> None:
    expect(page).to_have_url(START)
    expect(page.get_by_role("link", name="Entrer")).to_be_visible()
    expect(page.get_by_text("Club Tilleul")).to_have_count(0)
    expect(page.get_by_text("Je viendrai mardi")).to_have_count(0)


def test_who_walks_away_leaves_nothing_to_the_next(server: Server, kiosk: Reader) -> None:
    talk, page = Talk(server), kiosk.page
    come_in(page, server)
    open_talk(page, talk)
    write(page, "Je viendrai mardi")
    expect(message(page, "Je viendrai mardi")).to_be_visible()
    page.get_by_label("Votre message").fill("Une phrase commencée")
    page.clock.fast_forward(QUIET)
    expect(page.locator("dialog[open]")).to_be_visible()
    page.clock.fast_forward(COUNT)
    expect_nothing_of_it(page)
    assert [cookie["name"] for cookie in kiosk.context.cookies()] in (["device"], ["device", "session"])
    assert page.evaluate(LEFT) == NOTHING
    for look in (page.go_back, page.reload, page.go_forward):
        look()
        expect_nothing_of_it(page)
    kiosk.allow("404", "401")
    page.goto(talk.path)
    expect(page).to_have_url(re.compile("/sign-in"))
    assert page.get_by_label("adresse e-mail").input_value() == ""
    assert talk.stored()[-1] == "Je viendrai mardi"


def test_who_looks_for_help_and_plans_leaves_nothing_of_it(server: Server, kiosk: Reader) -> None:
    """A need, a sheet to copy, a partner; then, with the card, a date and a vote of the club."""
    assert server.cast is not None
    poll, ballot = plan(server)
    page = kiosk.page
    page.get_by_role("link", name="De quoi avez-vous besoin").click()
    page.get_by_role("button", name="Trouver un travail").click()
    page.get_by_role("link", name="Lire une annonce").click()
    expect(page.get_by_role("main")).to_contain_text("Soulignez les verbes.")
    page.get_by_role("link", name="Toutes les ressources").click()
    page.get_by_role("link", name="Qui peut vous aider ici").click()
    expect(page.get_by_role("main")).to_contain_text("Aucun partenaire n’est affiché")
    page.goto("/kiosk")
    come_in(page, server)
    page.goto(f"/polls/{poll}")
    for row in page.locator(".poll__row").all():
        row.get_by_role("radio", name="Oui", exact=True).check()
    page.get_by_role("button", name="Envoyer mes réponses").click()
    expect(page.locator(".poll__row").first).to_contain_text("Oui : Ama")
    page.goto(f"/ballots/{ballot}")
    page.get_by_label("Pour", exact=True).check()
    page.get_by_role("button", name="Répondre").click()
    expect(page.get_by_role("main")).to_contain_text("Vous avez répondu.")
    page.get_by_label("Contre", exact=True).check()
    page.clock.fast_forward(QUIET)
    expect(page.locator("dialog[open]")).to_be_visible()
    page.clock.fast_forward(COUNT)
    expect_nothing_of_it(page)
    kept = page.evaluate(LEFT)
    assert {**kept, "history": NOTHING["history"]} == NOTHING
    assert not [path for path in kept["history"] if poll in path or ballot in path]
    page.go_back()
    expect_nothing_of_it(page)


def plan(server: Server) -> tuple[str, str]:
    """Bruno asks his club two things; the team puts a sheet on the shelf. The ids of a poll and a ballot."""
    assert server.cast is not None
    first = (now() + timedelta(days=5)).replace(microsecond=0)
    starts = (first, first + timedelta(days=1))
    wishes = [Wish("elsewhere", start=each, end=each + timedelta(hours=1), place="Au parc") for each in starts]
    with server.app.app_context():
        bruno = server.cast.bruno.actor
        sheet = ItemSaid("Lire une annonce", "Voir ce qui compte.", "fr", body="Soulignez les verbes.", needs=["job"])
        add_item(server.cast.denis.actor, "canal", sheet)
        poll = open_poll(bruno, "tilleul", Proposal("Un café", first - timedelta(days=1), wishes))
        return poll.id, open_ballot(bruno, "tilleul", Question("sense", "Le mardi vous va-t-il ?")).id


def test_what_a_visitor_says_they_need_is_gone_for_the_next(server: Server, kiosk: Reader) -> None:
    page = kiosk.page
    page.get_by_role("link", name="De quoi avez-vous besoin ?").click()
    page.get_by_label("J’ai besoin de…").fill("Un travail de zouave")
    page.get_by_role("button", name="Montrer").click()
    expect(page.get_by_role("heading", name="Ce qui peut vous aider")).to_be_visible()
    # One call away, whatever was found.
    page.get_by_role("link", name="Je préfère parler à quelqu’un").first.click()
    expect(page).to_have_url(re.compile("/kiosk/call$"))
    # Back are the doors, not an error of the browser, and not what was said.
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("De quoi avez-vous besoin ?")
    assert page.get_by_label("J’ai besoin de…").input_value() == ""
    expect(page.get_by_role("heading", name="Ce qui peut vous aider")).to_have_count(0)
    page.get_by_role("link", name="J’ai fini, tout effacer").click()
    expect_nothing_of_it(page)
    for look in (page.go_back, page.reload, page.go_forward):
        look()
        expect(page.get_by_text("zouave")).to_have_count(0)
        expect(page.locator("input[value*=zouave]")).to_have_count(0)
    kiosk.allow("404", "401")


def test_who_writes_for_long_is_still_there_for_the_server(server: Server, kiosk: Reader) -> None:
    """A minute is told at most once, and what was done in it is not lost: the server ends nobody who moves."""
    page, told = kiosk.page, list[str]()
    come_in(page, server)
    page.on("request", lambda asked: told.append(asked.method) if asked.url.endswith("/still-here") else None)
    page.goto("/account")
    for _ in range(3):
        page.clock.run_for(30_000)
        page.keyboard.press("Tab")
    with page.expect_response("**/still-here") as heard:
        page.clock.run_for(40_000)
    assert (heard.value.status, told) == (204, ["POST", "POST"])
    page.clock.run_for(120_000)
    assert told == ["POST", "POST"]


def test_somebody_is_called_and_comes(server: Server, kiosk: Reader, reader: Callable[..., Reader]) -> None:
    assert server.cast is not None
    desk = reader(server.cast.denis).page
    desk.context.clock.install()
    desk.goto("/desk")
    page = kiosk.page
    page.get_by_role("button", name="Appeler quelqu’un").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("L’équipe est prévenue.")
    desk.clock.fast_forward(11_000)
    desk.get_by_role("button", name="J’arrive").click()
    expect(desk.get_by_role("button", name="J’arrive")).to_have_count(0)
    page.clock.fast_forward(6_000)
    expect(page.get_by_role("heading", level=1)).to_have_text("Quelqu’un arrive.")


def test_a_kiosk_shows_every_two_minutes_that_it_works(server: Server, kiosk: Reader) -> None:
    """Nobody touches it: the first page asks for nothing else for ten minutes."""
    for _ in range(2):
        with kiosk.page.expect_response("**/healthz") as heard:
            kiosk.page.clock.run_for(120_000)
        assert heard.value.status == 200
    expect(kiosk.page).to_have_url(START)

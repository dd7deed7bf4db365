"""What a club plans together, in the demo house: by plain forms, by keys alone, and on paper."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from app.accounts.addresses import Address
from app.accounts.models import Account
from app.core.db import db
from app.demo.load import load_demo
from tests.journeys.steps import tab_to
from tests.journeys.test_sheet import PAGES
from tests.support import databases
from tests.support.browser import DESKTOP, Reader
from tests.support.cast import Person
from tests.support.process import Server

MEETING, POLL = re.compile("/meetings/[^/]+$"), re.compile("/polls/[^/]+$")
At = Callable[..., Page]


@pytest.fixture(scope="module")
def demo() -> Iterator[Server]:
    server = Server(databases.new_database("sqlite"))
    with server.app.app_context():
        load_demo()
    yield server.start()
    server.stop()
    databases.close(server.app)


@pytest.fixture
def at(demo: Server, browser: Any) -> Iterator[At]:
    """``at("bruno")``: somebody of the demo at a browser of their own; nobody: a visitor."""
    opened: list[Reader] = []

    def sit(name: str = "", **options: Any) -> Page:
        opened.append(Reader(browser, demo.url, **options))
        return (opened[-1].sign_in(demo.app, person(demo, name)) if name else opened[-1]).page

    yield sit
    for each in opened:
        each.close()


def person(demo: Server, name: str) -> Person:
    email = f"{name}@demo.example"
    with demo.app.app_context():
        account = db.session.scalars(select(Account).where(Account.email_hash == Address(email).key)).one()
        return Person(name, account.id, email, account.role)


def main(page: Page) -> Locator:
    return page.get_by_role("main")


def tap(page: Page, name: str, role: Any = "button") -> None:
    """The first of that name."""
    main(page).get_by_role(role, name=name).first.click()


def link_to(page: Page, name: str) -> None:
    tap(page, name, "link")


def test_a_lead_plans_by_plain_forms(at: At) -> None:
    page = at("bruno", java_script_enabled=False)
    page.goto("/clubs/tilleul")
    link_to(page, "Répondre Une heure sur les tableurs")
    for row, word in zip(page.locator(".poll__row").all(), ("Non", "Oui", "Si besoin"), strict=True):
        row.get_by_role("radio", name=word, exact=True).check()
    tap(page, "Envoyer mes réponses")
    expect(page.locator(".poll__row--best")).to_contain_text("Bruno")
    tap(page, "Choisir")
    expect(page).to_have_url(MEETING)
    at_the_meeting(page)
    page.goto("/clubs/tilleul/ballots")
    link_to(page, "Que faisons-nous après la session")
    page.get_by_label("Une rencontre par mois").check()
    tap(page, "Répondre")
    expect(main(page)).to_contain_text("Vous pouvez changer jusqu’à la fin.")
    page.goto("/clubs/tilleul/ballots")
    link_to(page, "18 h 30")
    page.get_by_label("Pour", exact=True).check()
    tap(page, "Voter")
    expect(main(page)).to_contain_text("Vous avez voté. Le résultat vient à la fin.")
    page.goto("/clubs/tilleul/tasks")
    tap(page, "Je m’en charge Apporter un plan")
    tap(page, "C’est fait Apporter un plan")
    expect(page.get_by_role("region", name="Fait ces derniers jours")).to_contain_text("Apporter un plan du quartier")
    the_session(page)
    page.goto("/agenda")
    expect(main(page)).to_contain_text("Une heure sur les tableurs")
    expect(main(page)).to_contain_text("Téléphoner à la jardinerie")


def at_the_meeting(page: Page) -> None:
    """Of one that was just planned: what it is about, who brings what, who comes."""
    link_to(page, "Proposer un point")
    page.get_by_label("De quoi parler").fill("Faire une somme")
    page.get_by_label("Combien de minutes").fill("20")
    tap(page, "Ajouter")
    expect(page.locator("#points")).to_contain_text("20 minutes")
    page.locator("#things").get_by_role("link", name="Ajouter").click()
    page.get_by_label("Que faut-il apporter").fill("Un ordinateur")
    page.get_by_label("Je l’apporte").check()
    tap(page, "Ajouter")
    expect(page.locator("#things")).to_contain_text("Vous")
    tap(page, "Je ne viens pas")
    expect(main(page).get_by_role("button", name="Je ne viens pas")).to_have_attribute("aria-pressed", "true")


def the_session(page: Page) -> None:
    """Its path, then the minutes of its last meeting: a line more, which the club keeps as decided."""
    page.goto("/clubs/tilleul")
    link_to(page, "Voir la session")
    page.get_by_label("Un but de la session").fill("Chacun a une adresse à appeler.")
    tap(page, "Écrire ce but")
    tap(page, "Je participe")
    expect(main(page)).to_contain_text("Vous participez à cette session.")
    page.locator(".path li.done a").last.click()
    link_to(page, "Lire le compte rendu")
    link_to(page, "Continuer le texte")
    text = page.get_by_role("textbox", name="Compte rendu")
    text.fill(text.input_value() + "\n- On se retrouve un quart d’heure avant.")
    tap(page, "Enregistrer")
    tap(page, "Décision On se retrouve un quart d’heure avant.")
    expect(page.locator("#decided-h + ul")).to_contain_text("On se retrouve un quart d’heure avant.")


def test_somebody_is_helped_by_plain_forms(at: At) -> None:
    """What one needs, an hour with a partner, a rehearsal, a sheet: as a visitor, then with an account."""
    page = at(java_script_enabled=False)
    page.goto("/needs")
    tap(page, "Trouver un travail")
    expect(main(page).get_by_role("heading", name="Ce qui peut vous aider")).to_be_visible()
    link_to(page, "Préparer un appel à une entreprise")
    expect(main(page)).to_contain_text("Un silence n’est pas un refus.")
    page = at("bruno", java_script_enabled=False)
    page.goto("/partners")
    link_to(page, "La permanence emploi")
    page.locator("section[aria-labelledby=hours] li", has_text="Libre").first.get_by_role("link").click()
    page.get_by_label("Le nom pour ce rendez-vous").fill("Marc")
    tap(page, "Réserver")
    main(page).get_by_text("Annuler mon rendez-vous").click()
    tap(page, "Oui, annuler")
    expect(page.get_by_role("status").first).to_be_visible()
    page.goto("/rehearsals")
    link_to(page, "Choisir")
    page.get_by_label("Un nom pour ce rendez-vous").fill("Marc")
    page.get_by_label("Par téléphone").check()
    page.get_by_label("Votre numéro").fill("01 00 00 00 09")
    tap(page, "Réserver")
    expect(main(page)).to_contain_text("Marc")
    tap(page, "Annuler ce rendez-vous")
    expect(page.get_by_role("region", name="Vos rendez-vous")).to_contain_text("Annulé")


def test_a_member_has_their_say_by_keys_alone(at: At) -> None:
    page = at("amina", viewport=DESKTOP)
    page.goto("/clubs/tilleul/ballots")
    enter(page, main(page).get_by_role("link", name="Que faisons-nous après la session"))
    tab_to(page, page.get_by_label("Une deuxième session"))
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Une rencontre par mois")).to_be_checked()
    enter(page, main(page).get_by_role("button", name="Répondre"))
    expect(main(page)).to_contain_text("Vous pouvez changer jusqu’à la fin.")
    page.goto("/clubs/tilleul/tasks")
    enter(page, main(page).get_by_role("button", name="C’est fait Relire la lettre"))
    expect(page.get_by_role("region", name="Fait ces derniers jours")).to_contain_text("Relire la lettre de Fatou")
    page.goto("/clubs/tilleul")
    enter(page, main(page).get_by_role("link", name="Voir la session").first)
    enter(page, page.locator(".path li.next a"))
    enter(page, main(page).get_by_role("button", name=re.compile("^Je viens")).first)
    expect(main(page).get_by_role("button", name="Je viens").first).to_have_attribute("aria-pressed", "true")
    enter(page, page.locator("#things").get_by_role("button", name="Je l’apporte Trois offres imprimées"))
    expect(page.locator("#things li", has_text="Trois offres")).to_contain_text("Vous")
    enter(page, page.locator("#points").get_by_text("Changer").first)
    enter(page, page.locator("#points").get_by_role("button", name="Descendre").first)
    expect(page.locator("#points li").nth(1)).to_contain_text("Une bonne nouvelle chacun")


def enter(page: Page, target: Locator) -> None:
    tab_to(page, target)
    page.keyboard.press("Enter")


def test_what_is_planned_goes_on_one_sheet(at: At) -> None:
    """Nothing of the page around it, and one sheet of paper each."""
    chloe = at("chloe")
    chloe.goto("/clubs/glycine")
    poll = main(chloe).get_by_role("link", name="Répondre Se dire nos prix").get_attribute("href")
    page = at("bruno")
    page.goto("/clubs/tilleul")
    session = main(page).get_by_role("link", name="Voir la session").get_attribute("href")
    page.goto(str(session))
    last = page.locator(".path li.done a").last.get_attribute("href")
    assert_one_sheet(chloe, f"{poll}/paper")
    for path in ("tasks", "decided", "ballots"):
        assert_one_sheet(page, f"/clubs/tilleul/{path}")
    for path in ("/agenda", str(session), f"{last}/minutes", "/rehearsals/cards/vente"):
        assert_one_sheet(page, path)


def assert_one_sheet(page: Page, path: str) -> None:
    page.goto(path)
    page.emulate_media(media="print")
    around = page.locator(".topbar, .nav, .foot, .crumb, .btn, .no-print")
    shown = around.evaluate_all("all => all.filter(each => each.checkVisibility()).map(each => each.outerHTML)")
    sheets = len(PAGES.findall(page.pdf(prefer_css_page_size=True)))
    assert (path, shown, sheets) == (path, [], 1)
    page.emulate_media(media="screen")

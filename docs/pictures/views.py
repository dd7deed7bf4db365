"""What the contact sheet shows: each page beside its mock-up, and the way to it."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Browser, Page

from docs.pictures.house import House, come_in, sit

Walk = Callable[[Page], object]


@dataclass(frozen=True)
class View:
    """A page as one person finds it. ``drawn``: the name of its mock-up, without size and ending."""

    drawn: str
    who: str
    walk: Walk
    reading: str = "m.light..fr"
    variant: str = ""
    empty: bool = False  # in a house that is still to be opened

    @property
    def name(self) -> str:
        return self.drawn + (f" ({self.variant})" if self.variant else "")


def at(path: str) -> Walk:
    return lambda page: page.goto(path)


def first(path: str, link: str) -> Walk:
    """Follow the first link of that kind on a page."""

    def walk(page: Page) -> None:
        page.goto(path)
        page.goto(page.locator(f'main a[href^="{link}"]').first.get_attribute("href") or "")

    return walk


def ask_for_code(page: Page) -> None:
    page.goto("/sign-in")
    page.get_by_label("Votre adresse e-mail").fill("nina@demo.example")
    page.get_by_role("button", name="Recevoir un code").click()
    page.wait_for_url("**/sign-in/code")


def open_menu(page: Page) -> None:
    page.goto("/")
    page.locator(".topbar details.menu summary").click()


def open_slot(page: Page, number: int = 0) -> None:
    """The form of a slot that is free and soon: those are outside of what a club may hold."""
    page.goto("/houses/canal/slots")
    page.goto(page.locator('a[href^="/slots/"]').nth(number).get_attribute("href") or "")


def fill_slot(page: Page) -> None:
    page.get_by_label("Titre de la rencontre").fill("Jouer un entretien")
    page.get_by_text("5 à 9").click()


def send(page: Page) -> None:
    page.get_by_role("main").get_by_role("button", name="Continuer").last.click()


def forget_to_fill(page: Page) -> None:
    open_slot(page)
    page.get_by_text("20 et plus").click()
    send(page)


def claim(page: Page) -> None:
    open_slot(page)
    fill_slot(page)
    send(page)
    page.wait_for_url("**/claims/*")


def come_second(browser: Browser, house: House) -> Walk:
    """Another lead takes the slot while the form is open."""

    def walk(page: Page) -> None:
        open_slot(page, 1)
        other = sit(browser, house, "chloe")
        other.goto(page.url)
        fill_slot(other)
        send(other)
        other.wait_for_url("**/claims/*")
        other.context.close()
        fill_slot(page)
        send(page)

    return walk


def keep_the_database(house: House) -> Walk:
    """Somebody else holds the database for longer than the house waits."""

    def walk(page: Page) -> None:
        page.goto("/sign-in")
        page.get_by_label("Votre adresse e-mail").fill("nina@demo.example")
        holder = sqlite3.connect(house.instance / "pepiniere.sqlite3", isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        page.get_by_role("button", name="Recevoir un code").click()
        page.get_by_role("heading", name="Un instant").wait_for()
        holder.close()

    return walk


def report(page: Page) -> None:
    """The last message of another member."""
    first("/clubs/tilleul", "/threads/")(page)
    page.goto(page.locator('main a[href$="/report"]').last.get_attribute("href") or "")


def report_danger(page: Page) -> None:
    report(page)
    page.goto(f"{page.url}/danger")


def decide(browser: Browser, house: House) -> Walk:
    """A member has reported; the lead opens it."""

    def walk(page: Page) -> None:
        other = sit(browser, house, "amina")
        report(other)
        other.get_by_label("Ce message blesse quelqu’un").check()
        other.get_by_role("button", name="Envoyer le signalement").click()
        other.wait_for_load_state()
        other.context.close()
        page.goto("/clubs/tilleul/requests")
        page.goto(page.locator('main a[href^="/reports/"]').first.get_attribute("href") or "")

    return walk


def found_club(page: Page, step: int) -> None:
    """As far as a step of founding; what was typed before is kept with the proposal."""
    page.goto("/clubs/found")
    if step > 1:
        page.locator("#name").fill("Aidants : garder un métier")
        page.locator("#sentence").fill("On garde un travail quand on aide un proche.")
        send(page)
        page.goto("/clubs/found/door")
    if step > 2:
        page.locator('input[name="door"][value="on_request"]').check(force=True)
        send(page)
        page.wait_for_url("**/clubs/found/plant")
    if step > 3:
        page.locator('input[name="plant"]').first.check(force=True)
        page.locator('input[name="tile"]').nth(1).check(force=True)
        send(page)
        page.wait_for_url("**/clubs/found/people")


def founding(step: int) -> Walk:
    return lambda page: found_club(page, step)


def pair(browser: Browser, house: House, place: str = "Dans le hall : une borne", path: str = "/kiosk") -> Walk:
    """A screen of the hall or of a door: the desk shows six letters, the screen types them."""

    def walk(page: Page) -> None:
        desk = sit(browser, house, "denis")
        desk.goto("/houses/canal/devices")
        desk.locator("select[name=place]").select_option(label=place)
        desk.get_by_role("button", name="Relier un écran").click()
        letters = desk.locator(".word b").inner_text()
        desk.context.close()
        page.goto(path)
        page.get_by_label("Les six lettres").fill(letters)
        page.get_by_role("button", name="Relier").click()
        page.locator("body:not(:has(#code))").wait_for()

    return walk


def come_in_at_kiosk(browser: Browser, house: House) -> Walk:
    def walk(page: Page) -> None:
        pair(browser, house)(page)
        come_in(page, "bruno@demo.example")
        page.goto("/kiosk")

    return walk


def print_card(page: Page) -> None:
    page.goto("/desk/cards")
    page.get_by_role("button", name="Faire une carte").click()
    page.locator(".paper-card").wait_for()


def invite(page: Page) -> None:
    page.goto("/clubs/tilleul/invitations")
    page.get_by_role("button", name="Faire une invitation").click()
    page.locator("#new-h").wait_for()


def views(browser: Browser, house: House) -> list[View]:
    """In the order of the sheets. Nobody who is in a discreet club looks: it would be seen."""
    return [
        *_of_a_club(browser, house),
        *_of_the_team(),
        *_of_rooms(browser, house),
        *_of_a_person(house),
        *_of_screens(browser, house),
    ]


def _of_a_club(browser: Browser, house: House) -> list[View]:
    """The first page, clubs, what is said in them, and a club that is founded."""
    thread = first("/clubs/tilleul", "/threads/")
    return [
        View("home", "", at("/")),
        View("home", "", at("/"), "m.dark..fr", "dark"),
        View("home.ar", "", at("/"), "m.light..ar"),
        View("home-member", "bruno", at("/")),
        View("home-member", "bruno", at("/"), "m.dark..fr", "dark"),
        View("needs", "", at("/needs")),
        View("clubs", "", at("/clubs")),
        View("club", "bruno", at("/clubs/tilleul")),
        View("club-outside", "", at("/clubs/glycine")),
        View("join", "bruno", at("/clubs/jacaranda/join")),
        View("requests", "chloe", at("/clubs/glycine/requests")),
        View("invitations", "bruno", invite),
        View("thread", "bruno", thread),
        View("thread", "bruno", thread, "m.dark..fr", "dark"),
        View("thread.ar", "bruno", thread, "m.light..ar"),
        View("thread-lead", "bruno", thread),
        View("report", "bruno", report),
        View("report-danger", "bruno", report_danger),
        View("decide", "bruno", decide(browser, house)),
        *(View(f"found-club-{step}" if step > 1 else "found-club", "chloe", founding(step)) for step in range(1, 5)),
    ]


def _of_the_team() -> list[View]:
    return [
        View("desk", "denis", at("/desk")),
        View("desk", "denis", at("/desk"), "m.dark..fr", "dark"),
        View("staff-rooms", "elise", at("/houses/canal/rooms")),
        View("setup", "", at("/setup"), empty=True),
        View("card", "denis", print_card),
        View("break-glass", "denis", at("/break-glass/new")),
    ]


def _of_rooms(browser: Browser, house: House) -> list[View]:
    """The week, a claim and its refusals, the draw, what a person has ahead."""
    slots = "/houses/canal/slots"
    return [
        View("slots", "bruno", at(slots)),
        View("slots", "bruno", at(slots), "xl.light.more.fr", "contrast-xl"),
        View("slots.ar", "bruno", at(slots), "m.dark..ar"),
        View("claim", "bruno", forget_to_fill),
        View("claim-taken", "bruno", come_second(browser, house)),
        View("claim-done", "bruno", claim),
        View("draw", "bruno", first("/clubs/tilleul/draw", "/houses/canal/draws/")),
        View("draw-wishes", "bruno", at("/clubs/tilleul/draw")),
        View("meeting", "bruno", first("/agenda", "/meetings/")),
        View("agenda", "bruno", at("/agenda")),
    ]


def _of_a_person(house: House) -> list[View]:
    """Coming in, the account, help, and what is said when nothing is there."""
    return [
        View("sign-in", "", at("/sign-in")),
        View("sign-in-code", "", ask_for_code),
        View("account", "bruno", at("/account")),
        View("account-kept", "bruno", at("/account/kept")),
        View("account-leave", "bruno", at("/account/leave")),
        View("help", "", at("/help")),
        View("menu", "", open_menu),
        View("error-404", "", at("/nowhere")),
        View("error-503", "", keep_the_database(house)),
        View("components", "", at("/components")),
    ]


def _of_screens(browser: Browser, house: House) -> list[View]:
    return [
        View("kiosk", "", pair(browser, house)),
        View("kiosk-in", "", come_in_at_kiosk(browser, house)),
        View("door", "", pair(browser, house, "Porte : Salle 1", "/door")),
    ]

"""What the contact sheet shows: each page beside its mock-up, and the way to it."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Browser, Page

from docs.pictures.house import House, sit

Walk = Callable[[Page], object]


@dataclass(frozen=True)
class View:
    """A page as one person finds it. ``drawn``: the name of its mock-up, without size and ending."""

    drawn: str
    who: str
    walk: Walk
    reading: str = "m.light..fr"
    variant: str = ""

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


def views(browser: Browser, house: House) -> list[View]:
    """In the order of the sheets. Nobody who is in a discreet club looks: it would be seen."""
    slots = "/houses/canal/slots"
    thread = first("/clubs/tilleul", "/threads/")
    return [
        View("home", "", at("/")),
        View("home", "", at("/"), "m.dark..fr", "dark"),
        View("home-member", "bruno", at("/")),
        View("home-member", "bruno", at("/"), "m.dark..fr", "dark"),
        View("clubs", "", at("/clubs")),
        View("club", "bruno", at("/clubs/tilleul")),
        View("club-outside", "", at("/clubs/glycine")),
        View("join", "bruno", at("/clubs/jacaranda/join")),
        View("requests", "chloe", at("/clubs/glycine/requests")),
        View("thread", "bruno", thread),
        View("thread", "bruno", thread, "m.dark..fr", "dark"),
        View("meeting", "bruno", first("/agenda", "/meetings/")),
        View("slots", "bruno", at(slots)),
        View("slots", "bruno", at(slots), "xl.light.more.fr", "contrast-xl"),
        View("claim", "bruno", forget_to_fill),
        View("claim-taken", "bruno", come_second(browser, house)),
        View("claim-done", "bruno", claim),
        View("agenda", "bruno", at("/agenda")),
        View("sign-in", "", at("/sign-in")),
        View("sign-in-code", "", ask_for_code),
        View("account", "bruno", at("/account")),
        View("help", "", at("/help")),
        View("menu", "", open_menu),
        View("error-404", "", at("/nowhere")),
        View("error-503", "", keep_the_database(house)),
        View("home.ar", "", at("/"), "m.light..ar"),
        View("thread.ar", "bruno", thread, "m.light..ar"),
        View("components", "", at("/components")),
    ]

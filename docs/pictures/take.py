"""Take the pictures of the README from the demo house; with ``--beside FOLDER``, a contact sheet beside mock-ups.

``python -m docs.pictures.take`` (or ``make pictures``). FOLDER holds ``<page>.phone.png`` and ``<page>.desktop.png``.
"""

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from docs.pictures.contact import take_contact
from docs.pictures.house import House, demo_house, sit
from docs.pictures.views import Walk, at, first
from tests.journeys.eyes import wait_for_rest
from tests.support.browser import chromium

HERE = Path(__file__).parent
SIZE = {"width": 390, "height": 780}


def week(page: Page) -> None:
    """The days of a week that is still to come, below the choice of a room."""
    page.goto("/houses/canal/slots")
    page.goto(page.locator("a[rel=next]").get_attribute("href") or "")
    page.locator(".days-strip").evaluate("strip => strip.scrollIntoView()")


# Nobody's discreet club may be seen here: Tilleul is listed.
README: dict[str, tuple[str, Walk]] = {
    "club": ("bruno", at("/clubs/tilleul")),
    "discussion": ("bruno", first("/clubs/tilleul", "/threads/")),
    "slots": ("bruno", week),
}


def take_readme(browser: Browser, house: House) -> None:
    """What a reader of the README sees first."""
    for name, (who, walk) in README.items():
        page = sit(browser, house, who)
        page.set_viewport_size(SIZE)
        walk(page)
        _take(page, HERE / f"{name}.png")
        page.context.close()


def _take(page: Page, path: Path) -> None:
    wait_for_rest(page)
    page.screenshot(path=path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--beside", type=Path, metavar="FOLDER", help="a folder of mock-ups")
    parser.add_argument("--shots", type=Path, metavar="FOLDER", help="keep the single pictures of the sheet here")
    told = parser.parse_args()
    with demo_house() as house, chromium() as browser, tempfile.TemporaryDirectory() as folder:
        if told.beside:
            shots = told.shots or Path(folder)
            shots.mkdir(parents=True, exist_ok=True)
            with demo_house(DEMO="off") as empty:
                take_contact(browser, house, empty, told.beside, HERE / "contact", shots)
        else:
            take_readme(browser, house)


if __name__ == "__main__":
    main()

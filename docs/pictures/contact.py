"""The contact sheet: every page on a phone and on a desktop, each beside its mock-up."""

from html import escape
from pathlib import Path

from playwright.sync_api import Browser, Page

from docs.pictures.house import House, sit
from docs.pictures.views import View, views
from tests.journeys.eyes import wait_for_rest
from tests.support.browser import DESKTOP, PHONE

ON_A_SHEET = 4
QUALITY = 55
# How much of a long page is shown.
TALLEST = 1600
SIZES = {"phone": PHONE, "desktop": DESKTOP}
LOOK = """body{margin:0;padding:12px;width:1416px;background:#888;font:700 18px sans-serif}
section{display:grid;grid-template-columns:220px 220px 470px 470px;gap:8px 12px;align-items:start;margin-bottom:18px}
h2{grid-column:1/-1;font:inherit;margin:0}img{width:100%;display:block}p{margin:0;font-weight:400}"""


def take_contact(browser: Browser, house: House, empty: House, drawn: Path, folder: Path, shots: Path) -> None:
    """Take every page, then lay the pairs out, a few on each sheet."""
    shown = views(browser, house)
    for view in shown:
        _shoot(browser, empty if view.empty else house, view, shots)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.jpg"):
        old.unlink()
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    for number, start in enumerate(range(0, len(shown), ON_A_SHEET), 1):
        rows = "".join(_row(view, drawn, shots) for view in shown[start : start + ON_A_SHEET])
        sheet = shots / "sheet.html"
        sheet.write_text(f'<!doctype html><meta charset="utf-8"><style>{LOOK}</style>{rows}')
        page.goto(sheet.as_uri())
        page.screenshot(path=folder / f"{number:02}.jpg", full_page=True, type="jpeg", quality=QUALITY)
    page.close()


def _shoot(browser: Browser, house: House, view: View, shots: Path) -> None:
    """Both sizes of one page; what was done to come there is not done twice."""
    page = sit(browser, house, view.who, view.reading)
    view.walk(page)
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)
        wait_for_rest(page)
        if not page.locator("[role=log]").count():
            page.evaluate("scrollTo(0, 0)")
        page.screenshot(path=_shot(view, size, shots), full_page=_is_long(page, size))
    page.context.close()


def _is_long(page: Page, size: str) -> bool:
    # A discussion opens at what is new: its whole length would not show what a reader sees.
    return size == "desktop" and not page.locator("[role=log]").count()


def _shot(view: View, size: str, shots: Path) -> Path:
    return shots / f"{view.drawn}.{size}{'.' + view.variant if view.variant else ''}.png"


def _row(view: View, drawn: Path, shots: Path) -> str:
    cells = [_cell(each, size) for size in SIZES for each in (_shot(view, size, drawn), _shot(view, size, shots))]
    return f"<section><h2>{escape(view.name)}: drawn, built</h2>{''.join(cells)}</section>"


def _cell(picture: Path, size: str) -> str:
    if not picture.exists():
        return "<p>not drawn</p>"
    width = SIZES[size]["width"]
    return (
        f'<svg viewBox="0 0 {width} {TALLEST if size == "desktop" else PHONE["height"]}">'
        f'<image href="{picture.resolve().as_uri()}" width="{width}"/></svg>'
    )

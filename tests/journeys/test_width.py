"""No page is wider than the screen, in any language, however large its words are read."""

from collections.abc import Callable

import pytest

from app.config import LOCALES
from tests.journeys.eyes import open_page, set_colours, too_wide
from tests.journeys.pages import PAGES, address
from tests.rules.stage import Stage
from tests.support.browser import Reader
from tests.support.process import Server

RESIZE = "text => Object.assign(document.documentElement.dataset, {text})"
# The longest words of every language, as large as they go, on the narrowest phone; the house's language also on a
# wider one, with more contrast in the dark, and in the smaller sizes of text, which stand side by side for longer.
NARROW = (320, "light", "", "xl")
WIDER = [(390, "dark", "more", "xl"), (320, "light", "", ""), (390, "light", "", "l")]
# Rooms bear the names that a house gives them, and today is said in one long word.
LONG = """() => {
  const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT)
  while (walk.nextNode()) {
    const text = walk.currentNode
    text.data = text.data.replaceAll('Salle 1', 'Rechtsschutzversicherungsgesellschaftenbesprechungsraum')
  }
  for (const word of document.querySelectorAll('main .date > span:first-child')) word.textContent = 'aujourd’hui'
  return [...document.querySelectorAll('main .date')].filter(each => each.scrollWidth > each.clientWidth).length
}"""
OF_ROOMS = [
    ("lead", "/"),
    ("lead", "/clubs/tilleul/requests"),
    ("lead", "/houses/canal/slots"),
    ("lead", "/slots/{slot}/claim"),
    ("lead", "/slots/{taken_slot}/claim"),
    ("lead", "/claims/{claim}"),
    ("lead", "/claims/{series_claim}/move"),
    ("lead", "/series/{series}"),
    ("visitor", "/houses/canal/draws/{draw_week}"),
    ("facilitator", "/houses/canal/rooms"),
]
REFLOW = [(language, [NARROW, *(WIDER if language == "fr" else [])]) for language in LOCALES]


@pytest.mark.parametrize(("role", "path"), PAGES, ids=lambda each: each)
def test_a_page_is_never_wider_than_the_screen(
    stage: tuple[Stage, Server], back_again: Callable[..., Reader], role: str, path: str
) -> None:
    reader = back_again(role)
    wider = {}
    for language, looks in REFLOW:
        open_page(reader, address(stage[0], role, path), f"xl.light..{language}")
        for width, theme, contrast, text in looks:
            reader.page.set_viewport_size({"width": width, "height": 800})
            set_colours(reader.page, theme, contrast)
            reader.page.evaluate(RESIZE, text)
            wider[language, width, text] = too_wide(reader.page)
    assert wider == dict.fromkeys(wider, 0)


def test_a_long_name_of_a_room_breaks(stage: tuple[Stage, Server], opened: Callable[..., Reader]) -> None:
    wider = {}
    for role in ("lead", "visitor", "facilitator"):
        reader = opened(role)
        for path in (path for who, path in OF_ROOMS if who == role):
            open_page(reader, address(stage[0], role, path))
            reader.page.set_viewport_size({"width": 320, "height": 800})
            over = reader.page.evaluate(LONG)
            wider[path] = (over, too_wide(reader.page))
    assert wider == dict.fromkeys(wider, (0, 0))

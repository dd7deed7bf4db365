"""How a test looks at a page: what stands in a reader's way, what is too wide, what it costs."""

import json
import urllib.parse
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.support.browser import Reader
from tests.support.waiting import wait_for

SECONDS = 30
HERE = Path(__file__).parent.parent
BUDGETS = json.loads((HERE / "support" / "budgets.json").read_text())
AXE = (HERE / "vendor" / "axe.min.js").read_text()
# Of what is fine it says no more than that: to say where it stands takes it longer than to look.
RUN_AXE = """async ([tags, ofColour]) => (await axe.run(document, {resultTypes: ['violations'],
  runOnly: {type: 'rule', values: axe.getRules(tags)
  .filter(rule => !ofColour || rule.tags.includes('cat.color')).map(rule => rule.ruleId)}})).violations
  .map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).slice(0, 3).join(' | '))"""
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# The words of the house's name, at the top, that begin on one line and end on another.
BROKEN = """() => {
  const name = document.querySelector('.brand [lang]').firstChild, range = document.createRange()
  return [...name.data.matchAll(/\\S+/g)].filter(word => {
    range.setStart(name, word.index)
    range.setEnd(name, word.index + word[0].length)
    return range.getClientRects().length > 1
  }).map(word => word[0])
}"""
# The console says of a page that it is an answer too: nothing is there, or a room was taken just before.
REFUSED = {"/nowhere": 404, "/claim": 409}
# What follows a club loads the live line, once the rest has come.
LIVE = "[role=log], [data-live-region][data-club]:not([data-club=''])"
LINE_HAS_COME = "() => performance.getEntriesByType('resource').some(each => each.name.includes('socket.io.esm'))"


# A reading is a page of its own; its colours are then changed on the spot, as the server would say them: by attributes
# of the page's root.
SET = "([theme, contrast]) => Object.assign(document.documentElement.dataset, {theme, contrast})"


def bring_axe(page: Page) -> None:
    """The policy of the pages allows no script of others: it is evaluated, not loaded."""
    page.evaluate(AXE)


def obstacles(page: Page, *, of_colour: bool = False) -> list[str]:
    """What axe finds on a page that it was brought to. of_colour: by its rules of colour alone."""
    found: list[str] = page.evaluate(RUN_AXE, [BUDGETS["axe"]["tags"], of_colour])
    return found


def too_wide(page: Page) -> int:
    """By how many pixels the page scrolls sideways."""
    return int(page.evaluate(WIDER))


def broken_name(page: Page) -> list[str]:
    """The words of the house's name that do not stand whole at the top of the page."""
    found: list[str] = page.evaluate(BROKEN)
    return found


def is_live(page: Page) -> bool:
    """Does the page follow a club?"""
    return page.locator(LIVE).count() > 0


def set_colours(page: Page, theme: str, contrast: str) -> None:
    page.evaluate(SET, [theme, contrast])


def wait_for_rest(page: Page) -> None:
    """Everything has come: the files, the fonts, and the live line where there is one."""
    page.locator("h1").wait_for()
    page.wait_for_load_state("load")
    page.evaluate("() => document.fonts.ready.then(() => true)")
    wait_for(
        lambda: not is_live(page) or page.evaluate(LINE_HAS_COME),
        "the live line has come",
        SECONDS,
        lambda: page.wait_for_timeout(20),
    )
    if page.locator("[role=log]").count():
        expect(page.locator("[role=log]")).to_have_attribute("data-line", "live")


def open_page(reader: Reader, path: str, reading: str = "") -> None:
    """Go there, reading in that way, and wait until everything has come."""
    if reading:
        reader.context.add_cookies([{"name": "reading", "value": reading, "url": reader.base_url}])
    for ending, status in REFUSED.items():
        if path.endswith(ending):
            reader.allow(f"status of {status}")
    reader.page.goto(path)
    wait_for_rest(reader.page)


class Weight:
    """What a page costs: compressed bytes by kind, as they came over the wire. What the cache gives costs nothing."""

    def __init__(self, page: Page) -> None:
        self._came_from: dict[str, tuple[str, urllib.parse.SplitResult]] = {}
        self._bytes: dict[str, int] = {}
        # The browser asks for the icon on its own, beside the session of the page.
        self._asked: list[str] = []
        page.on("request", lambda request: self._asked.append(request.url))
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on("Network.responseReceived", self._came)
        wire.on("Network.loadingFinished", self._ended)

    def _came(self, told: dict[str, Any]) -> None:
        answer = told["response"]
        if answer.get("fromDiskCache") or answer.get("fromPrefetchCache"):
            return
        url = urllib.parse.urlsplit(answer["url"])
        if url.scheme == "data":
            # The browser's own picture in a field for dates or hours; our pages hold none (see the policy for pages).
            return
        self._came_from[told["requestId"]] = "svg" if url.path.endswith(".svg") else told["type"], url

    def _ended(self, told: dict[str, Any]) -> None:
        if told["requestId"] in self._came_from:
            self._bytes[told["requestId"]] = int(told["encodedDataLength"])

    @property
    def paths(self) -> list[str]:
        return sorted(url.path for _kind, url in self._came_from.values())

    @property
    def total(self) -> int:
        return sum(self._bytes.values())

    def of(self, kind: str) -> int:
        return sum(size for each, size in self._bytes.items() if self._came_from[each][0] == kind)

    def measured(self, live: bool) -> dict[str, int]:
        """By the names of the budgets."""
        return {
            "html": self.of("Document"),
            "css": self.of("Stylesheet"),
            "svg": self.of("svg"),
            "fonts_latin": self.of("Font"),
            "js_live_page" if live else "js_ordinary_page": self.of("Script"),
            "total_live_page" if live else "total_ordinary_page": self.total,
            "requests_live_page" if live else "requests_ordinary_page": len(self._asked),
            "third_party_requests": len({url.netloc for _kind, url in self._came_from.values()}) - 1,
        }

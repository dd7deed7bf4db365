"""Every page as readers set it: accessible (axe finds nothing), light enough, and never wider than the screen."""

import json
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.rules.stage import Stage
from tests.support import databases
from tests.support.browser import DESKTOP, PHONE, Reader
from tests.support.process import Server

HERE = Path(__file__).parent.parent
BUDGETS = json.loads((HERE / "support" / "budgets.json").read_text())
AXE = (HERE / "vendor" / "axe.min.js").read_text()
RUN_AXE = """async tags => (await axe.run(document, {runOnly: {type: 'tag', values: tags}})).violations
  .map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).slice(0, 3).join(' | '))"""
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"

PAGES = [
    ("visitor", "/"),
    ("visitor", "/clubs"),
    ("visitor", "/clubs/tilleul"),
    ("visitor", "/clubs/glycine"),
    ("visitor", "/help"),
    ("visitor", "/sign-in"),
    ("visitor", "/houses/canal/slots"),
    ("visitor", "/houses/port/slots"),
    ("visitor", "/meetings/{open_claim}"),
    ("visitor", "/nowhere"),
    ("member", "/"),
    ("member", "/clubs"),
    ("member", "/clubs/tilleul"),
    ("member", "/clubs/tilleul/members"),
    ("member", "/clubs/tilleul/name"),
    ("member", "/clubs/tilleul/leave"),
    ("member", "/clubs/glycine/join"),
    ("member", "/threads/{thread}"),
    ("member", "/threads/{thread}/messages/{mine}/edit"),
    ("member", "/threads/{thread}/messages/{mine}/withdraw"),
    ("member", "/clubs/tilleul/threads/new"),
    ("member", "/agenda"),
    ("member", "/meetings/{claim}"),
    ("member", "/account"),
    ("member", "/account/password"),
    ("member", "/account/address"),
    ("lead", "/clubs/tilleul"),
    ("lead", "/clubs/tilleul/requests"),
    ("lead", "/houses/canal/slots"),
    ("lead", "/slots/{slot}/claim"),
    ("lead", "/claims/{claim}"),
    ("lead", "/claims/{claim}/release"),
    ("facilitator", "/"),
    ("manager", "/houses/canal/slots"),
]
LOOKS = [
    ("m.light..fr", PHONE),
    ("m.dark..fr", DESKTOP),
    ("m.light.more.fr", PHONE),
    ("m.light..ar", PHONE),
    ("m.light..ar", DESKTOP),
]
REFLOW = [("xl.light..fr", 320), ("xl.dark.more.fr", 390), ("xl.light..ar", 320)]


@pytest.fixture(scope="module")
def stage() -> Iterator[tuple[Stage, Server]]:
    server = Server(databases.new_database("sqlite")).start()
    yield Stage(server.app, keep="revocation"), server
    server.stop()
    databases.close(server.app)


Open = Callable[..., Reader]


@pytest.fixture
def opened(stage: tuple[Stage, Server], browser: Any) -> Iterator[Open]:
    """A reader of that role, with their way of reading in the cookie."""
    play, server = stage
    readers: list[Reader] = []

    def sit(role: str, reading: str = "m.light..fr", **options: Any) -> Reader:
        person = play.people[role]
        reader = Reader(browser, server.url, **options)
        reader.allow("404")
        readers.append(reader.sign_in(server.app, person) if person else reader)
        reader.context.add_cookies([{"name": "reading", "value": reading, "url": server.url}])
        return reader

    yield sit
    for each in readers:
        each.close()


def address(stage: tuple[Stage, Server], role: str, path: str) -> str:
    return path.format(**stage[0].known, mine=stage[0].written.get(role, ""))


def wait_for_rest(page: Page) -> None:
    page.locator("h1").wait_for()
    page.evaluate("() => document.fonts.ready.then(() => true)")


pages = pytest.mark.parametrize(("role", "path"), PAGES, ids=lambda each: each)


@pages
def test_a_page_has_no_obstacle_however_it_is_read(
    stage: tuple[Stage, Server], opened: Open, role: str, path: str
) -> None:
    reader = opened(role)
    found = {}
    for reading, size in LOOKS:
        reader.context.add_cookies([{"name": "reading", "value": reading, "url": reader.base_url}])
        reader.page.set_viewport_size(size)
        reader.page.goto(address(stage, role, path))
        wait_for_rest(reader.page)
        reader.page.evaluate(AXE)
        found[reading, size["width"]] = reader.page.evaluate(RUN_AXE, BUDGETS["axe"]["tags"])
    assert {look: violations for look, violations in found.items() if violations} == {}


@pages
def test_a_page_is_never_wider_than_the_screen(stage: tuple[Stage, Server], opened: Open, role: str, path: str) -> None:
    reader = opened(role)
    wider = {}
    for reading, width in REFLOW:
        reader.context.add_cookies([{"name": "reading", "value": reading, "url": reader.base_url}])
        reader.page.set_viewport_size({"width": width, "height": 800})
        reader.page.goto(address(stage, role, path))
        wait_for_rest(reader.page)
        wider[reading, width] = reader.page.evaluate(WIDER)
    assert wider == dict.fromkeys(wider, 0)


class Weight:
    """What a page costs: compressed bytes by kind, as they came over the wire."""

    def __init__(self, page: Page) -> None:
        self.kinds: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.bytes: dict[str, int] = {}
        self.hosts: set[str] = set()
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on("Network.responseReceived", self._came)
        wire.on("Network.loadingFinished", self._ended)

    def _came(self, told: dict[str, Any]) -> None:
        url = urllib.parse.urlsplit(told["response"]["url"])
        kind = "svg" if url.path.endswith(".svg") else told["type"]
        self.kinds[told["requestId"]] = kind
        self.hosts.add(url.netloc)
        self.names[told["requestId"]] = url.path

    def _ended(self, told: dict[str, Any]) -> None:
        kind = self.kinds.get(told["requestId"], "Other")
        self.bytes[kind] = self.bytes.get(kind, 0) + int(told["encodedDataLength"])

    def measured(self, live: bool) -> dict[str, int]:
        given = {
            "html": self.bytes.get("Document", 0),
            "css": self.bytes.get("Stylesheet", 0),
            "svg": self.bytes.get("svg", 0),
            "fonts_latin": self.bytes.get("Font", 0),
            "js_live_page" if live else "js_ordinary_page": self.bytes.get("Script", 0),
            "total_live_page" if live else "total_ordinary_page": sum(self.bytes.values()),
            # A file used twice (the logo is the icon of the page too) is loaded once.
            "requests_live_page" if live else "requests_ordinary_page": len(set(self.names.values())),
        }
        return given | {"third_party_requests": len(self.hosts) - 1}


@pages
def test_a_page_stays_within_its_budget(stage: tuple[Stage, Server], opened: Open, role: str, path: str) -> None:
    reader = opened(role)
    weight = Weight(reader.page)
    reader.page.goto(address(stage, role, path))
    wait_for_rest(reader.page)
    reader.page.wait_for_load_state("load")
    live = reader.page.evaluate(
        "() => performance.getEntriesByType('resource').some(r => r.name.includes('socket.io'))"
    )
    limits = BUDGETS["per_page"]
    found = weight.measured(live) | {"dom_nodes": reader.page.evaluate("() => document.querySelectorAll('*').length")}
    over = {name: (value, limits[name]["max"]) for name, value in found.items() if value > limits[name]["max"]}
    assert over == {}, "\n".join(sorted(weight.names.values()))


def test_a_second_page_costs_little(opened: Open) -> None:
    reader = opened("visitor")
    reader.page.goto("/")
    wait_for_rest(reader.page)
    weight = Weight(reader.page)
    reader.page.goto("/clubs")
    wait_for_rest(reader.page)
    assert sum(weight.bytes.values()) <= BUDGETS["per_page"]["total_repeat_visit"]["max"]


def test_an_arabic_page_loads_no_font(opened: Open) -> None:
    reader = opened("visitor", "m.light..ar")
    weight = Weight(reader.page)
    reader.page.goto("/clubs")
    wait_for_rest(reader.page)
    assert weight.bytes.get("Font", 0) == BUDGETS["per_page"]["fonts_arabic"]["max"]


def test_every_page_of_the_house_stands_here(stage: tuple[Stage, Server]) -> None:
    """Pages that a GET opens; those of the way in are walked through by the journeys."""
    app: Flask = stage[1].app
    adapter = app.url_map.bind("localhost")
    walked = {adapter.match(urllib.parse.urlsplit(address(stage, r, p)).path)[0] for r, p in PAGES if p != "/nowhere"}
    elsewhere = {
        "accounts.confirm_address", "accounts.enter_code", "accounts.leave", "accounts.sign_up", "health.show_health",
        "health.show_readiness", "openapi.spec", "reading.choose_language", "static_files.serve",
    }  # fmt: skip
    known = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if ("GET" in rule.methods and not rule.rule.startswith("/api/v1/")) or rule.endpoint == "openapi.spec"
    }
    assert walked | elsewhere == known

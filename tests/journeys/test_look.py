"""Every page as readers set it: accessible (axe finds nothing), light enough, and never wider than the screen."""

import urllib.parse
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from app.config import LOCALES
from tests.journeys.eyes import BUDGETS, Weight, is_live, obstacles, too_wide, wait_for_rest
from tests.journeys.pages import PAGES, address
from tests.rules.stage import Stage
from tests.support import databases
from tests.support.browser import DESKTOP, PHONE, Reader
from tests.support.process import Server

LOOKS = [
    ("m.light..fr", PHONE),
    ("m.light..fr", DESKTOP),
    ("m.dark..fr", PHONE),
    ("m.light.more.fr", PHONE),
    ("m.light..ar", PHONE),
]
# The longest words of every language, as large as they go, on the narrowest phone.
REFLOW = [("xl.dark.more.fr", 390), *((f"xl.light..{language}", 320) for language in LOCALES)]


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
        readers.append(reader.sign_in(server.app, person) if person else reader)
        reader.context.add_cookies([{"name": "reading", "value": reading, "url": server.url}])
        return reader

    yield sit
    for each in readers:
        each.close()


def open_page(reader: Reader, path: str) -> None:
    if path == "/nowhere":
        reader.allow("404")
    reader.page.goto(path)
    wait_for_rest(reader.page)


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
        open_page(reader, address(stage[0], role, path))
        found[reading, size["width"]] = obstacles(reader.page)
    assert {look: violations for look, violations in found.items() if violations} == {}


@pages
def test_a_page_is_never_wider_than_the_screen(stage: tuple[Stage, Server], opened: Open, role: str, path: str) -> None:
    reader = opened(role)
    wider = {}
    for reading, width in REFLOW:
        reader.context.add_cookies([{"name": "reading", "value": reading, "url": reader.base_url}])
        reader.page.set_viewport_size({"width": width, "height": 800})
        open_page(reader, address(stage[0], role, path))
        wider[reading, width] = too_wide(reader.page)
    assert wider == dict.fromkeys(wider, 0)


@pages
def test_a_page_stays_within_its_budget(stage: tuple[Stage, Server], opened: Open, role: str, path: str) -> None:
    reader = opened(role)
    weight = Weight(reader.page)
    open_page(reader, address(stage[0], role, path))
    limits = BUDGETS["per_page"]
    found = weight.measured(is_live(reader.page)) | {"dom_nodes": reader.page.locator("*").count()}
    over = {name: (value, limits[name]["max"]) for name, value in found.items() if value > limits[name]["max"]}
    assert over == {}, "\n".join(weight.paths)
    assert found["html"] > 0
    again = Weight(reader.page)
    open_page(reader, address(stage[0], role, path))
    assert again.total <= limits["total_repeat_visit"]["max"], "\n".join(again.paths)


def test_an_arabic_page_loads_no_font(opened: Open) -> None:
    reader = opened("visitor", "m.light..ar")
    weight = Weight(reader.page)
    open_page(reader, "/clubs")
    assert weight.of("Font") == BUDGETS["per_page"]["fonts_arabic"]["max"]


def test_every_page_of_the_house_stands_here(stage: tuple[Stage, Server]) -> None:
    """Pages that a GET opens; those of the way in are walked through by the journeys."""
    app: Flask = stage[1].app
    adapter = app.url_map.bind("localhost")
    walked = {
        adapter.match(urllib.parse.urlsplit(address(stage[0], r, p)).path)[0] for r, p in PAGES if p != "/nowhere"
    }
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

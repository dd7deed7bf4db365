"""Where the journeys take place: straight on the server, and once more behind a proxy with https."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.rooms.places import make_places
from tests.rules.stage import AT_A_KIOSK, Stage
from tests.support import databases
from tests.support.browser import Reader
from tests.support.cast import Person
from tests.support.process import Server, free_port
from tests.support.tls_proxy import tls_proxy


@pytest.fixture(scope="module", params=["plain", "https"])
def road(request: pytest.FixtureRequest, kept_server: Server) -> Iterator[Server]:
    """Straight to the server kept for the worker, or a server with a proxy before it, kept for the module."""
    if request.param == "plain":
        yield kept_server
        return
    outer, inner = free_port(), free_port()
    behind = {"BASE_URL": f"https://localhost:{outer}", "TRUSTED_PROXIES": 1}
    server = Server(databases.new_database("sqlite"), PORT=inner, **behind).start()
    try:
        with tls_proxy(outer, inner, server.instance):
            yield server
    finally:
        server.stop()
        databases.close(server.app)


@pytest.fixture
def place(road: Server) -> Server:
    """That server, its house made anew: the cast, and rooms with slots."""
    road.renew()
    with road.app.app_context():
        make_places()
    return road


@pytest.fixture
def sit(place: Server, browser: Any) -> Iterator[Callable[..., Reader]]:
    """``sit(cast.bruno)``: somebody at a browser of their own, at that place."""
    opened: list[Reader] = []

    def sit_down(person: Person | None = None, **options: Any) -> Reader:
        opened.append(Reader(browser, place.public_url, **options))
        return opened[-1].sign_in(place.app, person) if person else opened[-1]

    yield sit_down
    for each in opened:
        each.close()


@pytest.fixture(scope="module")
def stage() -> Iterator[tuple[Stage, Server]]:
    server = Server(databases.new_database("sqlite")).start()
    yield Stage(server.app, keep="revocation"), server
    server.stop()
    databases.close(server.app)


@pytest.fixture
def opened(stage: tuple[Stage, Server], browser: Any) -> Iterator[Callable[..., Reader]]:
    """A reader of that role, with their way of reading in the cookie, at a browser that has never been here."""
    readers: list[Reader] = []

    def sit(role: str, reading: str = "m.light..fr") -> Reader:
        readers.append(_at_a_browser(browser, stage[1]))
        return _let_in(readers[-1], stage, role, reading)

    yield sit
    for each in readers:
        each.close()


@pytest.fixture(scope="module")
def _known_browsers(stage: tuple[Stage, Server], browser: Any) -> Iterator[dict[str, Reader]]:
    readers: dict[str, Reader] = {}
    yield readers
    for each in readers.values():
        each.close()


@pytest.fixture
def back_again(
    stage: tuple[Stage, Server], browser: Any, _known_browsers: dict[str, Reader]
) -> Iterator[Callable[..., Reader]]:
    """The same, at a browser which has the files of the house already: each role keeps one for the module."""
    readers: list[Reader] = []

    def sit(role: str, reading: str = "m.light..fr") -> Reader:
        if role not in _known_browsers:
            _known_browsers[role] = _at_a_browser(browser, stage[1])
        reader = _known_browsers[role]
        readers.append(reader)
        reader.begin_anew()
        return _let_in(reader, stage, role, reading)

    yield sit
    for each in readers:
        each.judge()


def _at_a_browser(browser: Any, server: Server) -> Reader:
    # Colours are judged where they end, not on their way.
    return Reader(browser, server.url, reduced_motion="reduce")


def _let_in(reader: Reader, stage: tuple[Stage, Server], role: str, reading: str) -> Reader:
    play, server = stage
    person = play.people[role]
    if person:
        reader.sign_in(server.app, person, shared=role in AT_A_KIOSK)
    if role in AT_A_KIOSK:
        reader.context.add_cookies([{"name": "device", "value": play.device_secrets[role], "url": server.url}])
    reader.context.add_cookies([{"name": "reading", "value": reading, "url": server.url}])
    return reader

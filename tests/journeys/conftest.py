"""Where the journeys take place: straight on the server, and once more behind a proxy with https."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.rooms.places import make_places
from tests.support import databases
from tests.support.browser import Reader
from tests.support.cast import Person
from tests.support.process import Server, free_port
from tests.support.tls_proxy import tls_proxy


@pytest.fixture(scope="module", params=["plain", "https"])
def road(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server kept for the module; ``https`` puts a proxy before it."""
    outer, inner = free_port(), free_port()
    behind = {"BASE_URL": f"https://localhost:{outer}", "TRUSTED_PROXIES": 1} if request.param == "https" else {}
    server = Server(databases.new_database("sqlite"), PORT=inner, **behind).start()
    try:
        if behind:
            with tls_proxy(outer, inner, server.instance):
                yield server
        else:
            yield server
    finally:
        server.stop()
        databases.close(server.app)


@pytest.fixture
def place(road: Server) -> Server:
    """That server, its house made anew: the cast, and rooms with slots."""
    # Numbers of revocations must not begin again under a server that remembers them.
    databases.empty(road.app, keep="revocation")
    road.mailbox.empty()
    road.fill()
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

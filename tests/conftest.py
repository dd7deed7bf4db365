"""Fixtures of every test. How they work stands in ``tests/support``."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from tests.support import application, clients, databases, order, postgres, ran, run
from tests.support import browser as browsers
from tests.support.cast import Cast, Person, make_cast
from tests.support.mailbox import Mailbox
from tests.support.process import Server
from tests.support.queries import counted
from tests.support.sockets import Socket


def pytest_configure(config: pytest.Config) -> None:
    config.stash[OWNER] = run.begin()
    ran.watch(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    if config.stash.get(OWNER, False):
        postgres.stop()
        run.end()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    order.longest_first(items)


OWNER = pytest.StashKey[bool]()
_apps: dict[str, Flask] = {}


@pytest.fixture(params=databases.ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """``sqlite`` and ``postgresql``: a test that uses the database runs on both."""
    return str(request.param)


@pytest.fixture
def app(engine: str) -> Iterator[Flask]:
    """The application on a migrated database without rows."""
    if engine not in _apps:
        _apps[engine] = application.make_app(databases.new_database(engine))
    app = _apps[engine]
    config = dict(app.config)
    databases.empty(app)
    application.forget(app)
    Mailbox(app.extensions["settings"].instance).empty()
    yield app
    app.config.update(config)
    databases.rest(app)


@pytest.fixture
def cast(app: Flask) -> Cast:
    """Amina, Bruno, Chloé, Dario, Denis and Élise in their clubs."""
    with app.app_context():
        return make_cast()


@pytest.fixture
def context(app: Flask) -> Iterator[None]:
    """An application context, for tests that call actions and queries and open no page."""
    with app.app_context():
        yield


@pytest.fixture
def visitor(app: Flask) -> clients.PageClient:
    """A browser nobody is signed in with."""
    return clients.visitor(app)


@pytest.fixture
def client_of(app: Flask) -> Callable[..., clients.PageClient]:
    """``client_of(cast.amina)``: a browser that she is signed in with; every page is reviewed."""
    return lambda person, **how: clients.client_of(app, person, **how)


@pytest.fixture
def api_of(app: Flask) -> Callable[[Person], clients.ApiClient]:
    """``api_of(cast.amina).get("/clubs")``: the JSON door with her token."""
    return lambda person: clients.api_of(app, person)


@pytest.fixture
def queries(app: Flask) -> Callable[[], Any]:
    """``with queries() as asked: …; assert len(asked) == 3``"""
    return lambda: counted(app)


@pytest.fixture
def mailbox(app: Flask) -> Mailbox:
    """What the application wrote into its outbox (mails are jobs: run them first with ``run_jobs``)."""
    return Mailbox(app.extensions["settings"].instance)


@pytest.fixture
def run_jobs(app: Flask) -> Callable[[], int]:
    """Run what is due now, and the mails that wait for the end of the night; returns how many jobs ended well."""
    from app.core import jobs
    from tests.support.mailbox import end_the_night

    def run_due() -> int:
        with app.app_context():
            end_the_night()
            return jobs.run_due(100)

    return run_due


@pytest.fixture
def start_server() -> Iterator[Callable[..., Server]]:
    """``start_server("sqlite", LIMIT_FACTOR=1)``: a server process with the cast in its house, stopped afterwards.

    Instead of an engine, the address of a database that is the test's own.
    """
    started: list[Server] = []

    def start(engine: str = "sqlite", *, filled: bool = True, **settings: Any) -> Server:
        server = Server(databases.new_database(engine) if engine in databases.ENGINES else engine, **settings)
        started.append(server)
        if filled:
            server.fill()
        return server.start()

    yield start
    for server in started:
        server.stop()
        databases.close(server.app)


@pytest.fixture(scope="session")
def kept_server() -> Iterator[Server]:
    server = Server(databases.new_database("sqlite")).start()
    yield server
    server.stop()
    databases.close(server.app)


@pytest.fixture
def server(kept_server: Server) -> Server:
    """A server process on SQLite with budgets × 1000, kept for the worker; the house is made anew for each test."""
    kept_server.renew()
    return kept_server


@pytest.fixture
def socket_of(server: Server) -> Iterator[Callable[..., Socket]]:
    """``socket_of(server.cast.amina)``: a live connection to ``server``, or to the server given."""
    opened: list[Socket] = []

    def connect(person: Person, to: Server | None = None) -> Socket:
        target = to or server
        opened.append(Socket(target.url, clients.api_of(target.app, person).secret))
        return opened[-1]

    yield connect
    for each in opened:
        each.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for each worker."""
    with browsers.chromium() as started:
        yield started


@pytest.fixture
def reader(browser: Any, server: Server) -> Iterator[Callable[..., browsers.Reader]]:
    """``reader(cast.amina)``: somebody at a browser of their own; nobody is signed in without a person."""
    opened: list[browsers.Reader] = []

    def sit_down(person: Person | None = None, to: Server | None = None, **options: Any) -> browsers.Reader:
        target = to or server
        opened.append(browsers.Reader(browser, target.public_url, **options))
        return opened[-1].sign_in(target.app, person) if person else opened[-1]

    yield sit_down
    for each in opened:
        each.close()


@pytest.fixture
def page(reader: Callable[..., browsers.Reader]) -> Any:
    """A visitor's page on a phone, in a real browser."""
    return reader().page

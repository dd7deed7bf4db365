"""The demo house as ``flask seed demo`` makes it, once for each engine and module."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.support import application, databases


@pytest.fixture(scope="module", params=databases.ENGINES)
def demo(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application on a database that holds the demo house; tests only read it."""
    made = application.make_app(databases.new_database(request.param), LIMIT_FACTOR=1000)
    told = made.test_cli_runner().invoke(args=["seed", "demo"])
    assert told.output == "The demo house is ready: 2 houses, 12 clubs, 6 accounts with a password.\n"
    yield made
    databases.close(made)


@pytest.fixture
def inside(demo: Flask) -> Iterator[None]:
    """An application context, for what reads the database and opens no page."""
    with demo.app_context():
        yield

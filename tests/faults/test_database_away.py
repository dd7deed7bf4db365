"""The database is away: a page that says so and asks again, and everything works once it is back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
import requests
from psycopg import sql

from tests.support import clients, postgres
from tests.support.browser import Reader
from tests.support.page import Page, review
from tests.support.process import Server
from tests.support.sockets import Socket


@pytest.fixture
def away(start_server: Callable[..., Server]) -> Server:
    return start_server("postgresql")


@contextmanager
def gone(server: Server) -> Iterator[None]:
    """Nobody can reach the database; who was there is sent away."""
    name = urlsplit(server.database_url).path.lstrip("/")
    allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    with psycopg.connect(postgres.server_url(), autocommit=True) as connection:
        connection.execute(allow.format(sql.Identifier(name), sql.SQL("false")))
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        try:
            yield
        finally:
            connection.execute(allow.format(sql.Identifier(name), sql.SQL("true")))


def statuses(server: Server, headers: dict[str, str]) -> dict[str, int]:
    paths = ("/healthz", "/readyz", "/", "/clubs", "/clubs/tilleul", "/help", "/api/v1/clubs", "/api/v1/me", "/leave")
    return {
        path: requests.get(f"{server.url}{path}", headers=headers, allow_redirects=False).status_code for path in paths
    }


def test_everything_says_so_and_comes_back(away: Server) -> None:
    cookie = clients.client_of(away.app, away.cast.bruno).get_cookie("session")
    headers = {"Cookie": f"session={cookie.value}"}
    socket = Socket(away.url, clients.api_of(away.app, away.cast.bruno).secret)
    well = statuses(away, {})
    with gone(away):
        found = statuses(away, headers)
        answer = socket.call("club:watch", {"club": "tilleul"})
    assert found == {path: {"/healthz": 200, "/leave": 303}.get(path, 503) for path in found}
    assert (answer["ok"], answer["problem"]["code"]) == (False, "unavailable")
    assert statuses(away, {}) == well
    assert socket.call("club:watch", {"club": "tilleul"})["ok"] is True


def test_the_page_is_plain_and_reviewed(away: Server) -> None:
    with gone(away):
        answer = requests.get(f"{away.url}/clubs")
    page = Page(answer.text)
    review(page)
    assert (answer.headers["Retry-After"], page.all(".//body")[0].get("data-retry")) == ("20", "20")
    assert page.h1 == "Un instant, s’il vous plaît"


def test_the_log_names_the_kind_of_trouble_only(away: Server) -> None:
    with gone(away):
        requests.get(f"{away.url}/clubs/tilleul?q=secret")
    told = away.said()
    assert ("database_away" in told, "tilleul" in told, "secret" in told, "Traceback" in told) == (True, *[False] * 3)


def test_the_page_asks_again_by_itself(away: Server, browser: Any) -> None:
    reader = Reader(browser, away.url)
    reader.allow("503")
    reader.page.clock.install()
    with gone(away):
        reader.page.goto("/clubs")
        assert reader.page.locator("h1").inner_text() == "Un instant, s’il vous plaît"
    reader.page.clock.fast_forward(21_000)
    reader.page.locator("h1", has_text="Clubs").wait_for()
    reader.close()

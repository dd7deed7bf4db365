"""PostgreSQL dies and comes back: a page that says so and asks again, and everything works once it is back."""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import requests
import websocket

from app.accounts.addresses import Address
from app.accounts.notices import send_mail
from app.core.clock import now
from app.core.db import db, transaction
from tests.support import clients, databases
from tests.support.browser import Reader
from tests.support.database_gone import down
from tests.support.page import Page, review
from tests.support.postgres import Cluster
from tests.support.process import Server
from tests.support.sockets import Socket
from tests.support.waiting import wait_for


class House(Server):
    """With a PostgreSQL that is its own."""

    cluster: Cluster


@pytest.fixture(scope="module")
def away() -> Iterator[House]:
    with databases.own_cluster() as cluster:
        house = House(cluster.url)
        house.cluster = cluster
        house.fill()
        house.start()
        yield house
        house.stop()
        databases.close(house.app)


@contextmanager
def gone(house: House) -> Iterator[None]:
    with down(house.cluster):
        yield
    # The connections of the test itself ended too; those of the server are its own matter.
    with house.app.app_context():
        db.engine.dispose()


def statuses(server: Server, headers: dict[str, str]) -> dict[str, int]:
    paths = ("/healthz", "/readyz", "/", "/clubs", "/clubs/tilleul", "/help", "/api/v1/clubs", "/api/v1/me", "/leave")
    return {
        path: requests.get(f"{server.url}{path}", headers=headers, allow_redirects=False).status_code for path in paths
    }


def test_everything_says_so_and_comes_back(away: House) -> None:
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


def test_who_connects_meanwhile_is_sent_away_and_comes_again(away: House) -> None:
    """Not left on a line that nobody opened: a client would wait there for ever."""
    secret = clients.api_of(away.app, away.cast.bruno).secret
    with gone(away):
        line = websocket.create_connection(f"ws{away.url[4:]}/socket.io/?EIO=4&transport=websocket", timeout=30)
        line.recv()
        line.send("40" + json.dumps({"token": secret}))
        heard = list(iter(line.recv, ""))
    assert heard == ['44{"message":"Connection rejected by server"}', "1"]
    again = Socket(away.url, secret)
    assert again.call("club:watch", {"club": "tilleul"})["ok"] is True
    again.close()


def test_jobs_and_pushes_go_on_after(away: House) -> None:
    headers = {"Authorization": f"Bearer {clients.api_of(away.app, away.cast.bruno).secret}"}
    listening = Socket(away.url, clients.api_of(away.app, away.cast.amina).secret)
    listening.call("club:watch", {"club": "tilleul"})
    with away.app.app_context(), transaction():
        send_mail(Address("zoe@exemple.fr"), "Votre code", "Bonjour.", run_at=now() + timedelta(seconds=3))
    with gone(away):
        assert requests.get(f"{away.url}/readyz").status_code == 503
    said = {"title": "Après la coupure", "body": "On continue.", "client_id": str(uuid.uuid4())}
    posted = requests.post(f"{away.url}/api/v1/clubs/tilleul/threads", json=said, headers=headers)
    assert (posted.status_code, listening.next()["kind"]) == (201, "thread:opened")
    wait_for(lambda: away.mailbox.to("zoe@exemple.fr"), "jobs go on", 60)
    listening.close()


def test_the_page_is_plain_and_reviewed(away: House) -> None:
    with gone(away):
        answer = requests.get(f"{away.url}/clubs")
    page = Page(answer.text)
    review(page)
    assert (answer.headers["Retry-After"], page.all(".//body")[0].get("data-retry")) == ("20", "20")
    assert page.h1 == "Un instant, s’il vous plaît"


def test_the_log_names_the_kind_of_trouble_only(away: House) -> None:
    with gone(away):
        requests.get(f"{away.url}/clubs/tilleul?q=secret")
    told = away.said()
    assert ("database_away" in told, "tilleul" in told, "secret" in told, "Traceback" in told) == (True, *[False] * 3)


def test_the_page_asks_again_by_itself(away: House, browser: Any) -> None:
    reader = Reader(browser, away.url)
    reader.allow("503")
    reader.page.clock.install()
    with gone(away):
        reader.page.goto("/clubs")
        assert reader.page.locator("h1").inner_text() == "Un instant, s’il vous plaît"
    reader.page.clock.fast_forward(21_000)
    reader.page.locator("h1", has_text="Clubs").wait_for()
    reader.close()

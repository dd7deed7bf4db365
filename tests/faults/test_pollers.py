"""Forty people wait for news on a pool of five: waiting holds no connection, and everybody hears."""

import threading
import time
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
import requests

from tests.support import clients, postgres
from tests.support.process import Server

POLLERS = 40


def test_forty_wait_and_the_house_still_works(start_server: Callable[..., Server], engine: str) -> None:
    server = start_server(engine)
    headers = {"Authorization": f"Bearer {clients.api_of(server.app, server.cast.bruno).secret}"}
    changes = f"{server.url}/api/v1/clubs/tilleul/changes"
    head = requests.get(changes, params={"since": 0}, headers=headers).json()["seq"]
    answers: list[Any] = []

    def wait() -> None:
        asked = {"since": head, "wait": 25}
        answers.append(requests.get(changes, params=asked, headers=headers, timeout=40).json())

    waiting = [threading.Thread(target=wait) for _ in range(POLLERS)]
    for each in waiting:
        each.start()
    assert [requests.get(f"{server.url}/api/v1/me", headers=headers).status_code for _ in range(20)] == [200] * 20
    if engine == "postgresql":
        assert busy_connections(server) == 0
    assert answers == []
    post = {"title": "Du nouveau", "body": "Bonjour à tous.", "client_id": str(uuid.uuid4())}
    made = requests.post(f"{server.url}/api/v1/clubs/tilleul/threads", json=post, headers=headers).json()
    for each in waiting:
        each.join(40)
    assert len(answers) == POLLERS
    heard = {tuple((change["kind"], change["data"]["id"]) for change in answer["changes"]) for answer in answers}
    assert heard == {(("thread:opened", made["thread"]["id"]), ("message:posted", made["message"]["id"]))}


def busy_connections(server: Server) -> int:
    """Connections that are in a transaction; those of the clock last a moment, so the least of several looks counts."""
    name = urlsplit(server.database_url).path.lstrip("/")
    asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND state <> 'idle'"
    with psycopg.connect(postgres.server_url(), autocommit=True) as connection:
        looks = []
        for _ in range(20):
            looks.append(connection.execute(asked, (name,)).fetchone()[0])
            time.sleep(0.05)
    return min(looks)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_rights_are_asked_again_when_the_poll_answers(start_server: Callable[..., Server], engine: str) -> None:
    server = start_server(engine)
    amina = clients.api_of(server.app, server.cast.amina)
    answers: list[int] = []

    def wait() -> None:
        headers = {"Authorization": f"Bearer {amina.secret}"}
        url = f"{server.url}/api/v1/clubs/tilleul/changes?since=0&wait=25"
        answers.append(requests.get(url, headers=headers, timeout=40).status_code)

    waiting = threading.Thread(target=wait)
    waiting.start()
    time.sleep(0.5)  # the poll should be waiting; if it comes later it is refused all the same
    amina.post("/clubs/tilleul/leave")
    waiting.join(40)
    assert answers == [404]

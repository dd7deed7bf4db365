"""``seed load``: crowds for load tests, told in JSON, in the log like everybody, beside a live server if need be."""

import json
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import requests
from flask import Flask
from sqlalchemy import event, func, select

from app.accounts.models import Account
from app.clubs.models import Club
from app.config import ROOT
from app.core.db import db
from app.demo.crowd import load_crowd
from tests.demo import facts
from tests.support import clients
from tests.support.process import Server

KEYS = ["account", "token", "club", "thread", "membership", "role"]
CROWD = ["seed", "load", "--clubs", "2", "--members", "3", "--messages", "130"]


def lines_of(output: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in output.splitlines()]


@pytest.fixture
def crowd(app: Flask) -> list[dict[str, str]]:
    told = app.test_cli_runner().invoke(args=CROWD)
    assert (told.exit_code, told.stderr) == (0, "")
    return lines_of(told.stdout)


def client(app: Flask, line: dict[str, str]) -> clients.ApiClient:
    found = clients.ApiClient(app, app.response_class)
    found.secret = line["token"]
    return found


def test_one_line_for_each_membership_the_lead_first(crowd: list[dict[str, str]]) -> None:
    assert [list(line) for line in crowd] == [KEYS] * 6
    assert [line["role"] for line in crowd] == ["lead", "member", "member"] * 2
    assert [len({line[key] for line in crowd}) for key in KEYS] == [6, 6, 2, 2, 6, 2]


def test_the_keys_work(app: Flask, crowd: list[dict[str, str]]) -> None:
    for line in crowd:
        me = client(app, line).get("/me").json
        (own,) = me["memberships"]
        assert {key: own[key] for key in ("id", "club", "role")} == {
            "id": line["membership"],
            "club": line["club"],
            "role": line["role"],
        }
        assert me["has_password"] is False


def test_every_message_is_there_and_the_log_has_no_hole(app: Flask, crowd: list[dict[str, str]]) -> None:
    for line in crowd[::3]:
        api = client(app, line)
        read = list(pages(api, f"/threads/{line['thread']}/messages?limit=100"))
        assert (len(read), len({message["id"] for message in read})) == (130, 130)
        log = api.get(f"/clubs/{line['club']}/changes?since=0&limit=200").json
        assert ([row["seq"] for row in log["changes"]], log["seq"]) == (list(range(1, 135)), 134)
        assert (log["more"], log["gap"]) == (False, False)
        assert [row for row in log["changes"] if row["data"] is None] == []
    with app.app_context():
        assert (facts.holes_in_logs(), facts.out_of_order(), facts.moments_to_come()) == ([], [], [])
        assert db.session.scalar(select(func.count()).where(Account.password_hash.is_not(None))) == 0


def pages(api: clients.ApiClient, path: str) -> Any:
    cursor: str | None = ""
    while cursor is not None:
        page = api.get(path + cursor).json
        yield from page["items"]
        cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_server_beside_gets_its_turn_between_batches(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.demo.crowd.BATCH", 50)
    with app.app_context():
        commits: list[object] = []
        note = commits.append
        event.listen(db.engine, "commit", note)
        lines = list(load_crowd(2, 3, 130))
        event.remove(db.engine, "commit", note)
        assert (len(lines), len(commits)) == (6, 1 + 2 * (1 + 3))  # the house; for each club its people, then 130 by 50
        assert facts.holes_in_logs() == []


def test_a_second_crowd_comes_beside_the_first(app: Flask, crowd: list[dict[str, str]]) -> None:
    again = lines_of(app.test_cli_runner().invoke(args=CROWD).stdout)
    assert {line["club"] for line in again} & {line["club"] for line in crowd} == set()
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Club)) == 4


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("wrong", [["--clubs", "0"], ["--members", "0"], ["--messages", "-1"], ["--messages", "x"]])
def test_a_crowd_that_cannot_be(app: Flask, wrong: list[str]) -> None:
    told = app.test_cli_runner().invoke(args=[*CROWD, *wrong])
    assert (told.exit_code, told.stdout) == (2, "")


def test_beside_a_live_server(start_server: Callable[..., Server]) -> None:
    """On SQLite, where the two processes share one write lock."""
    server = start_server()
    bruno = {"Authorization": f"Bearer {clients.api_of(server.app, server.cast.bruno).secret}"}
    opened, over = [], threading.Event()

    def talk() -> None:
        while not over.wait(0.1):
            said = {"title": "Bonjour", "body": "Un message.", "client_id": str(uuid.uuid4())}
            url = f"{server.url}/api/v1/clubs/tilleul/threads"
            opened.append(requests.post(url, json=said, headers=bruno, timeout=30).status_code)

    talking = threading.Thread(target=talk)
    talking.start()
    told = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", *CROWD],
        cwd=ROOT, env=server.environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    over.set()
    talking.join(30)
    assert (told.returncode, told.stderr, set(opened)) == (0, "", {201})
    crowd = lines_of(told.stdout)
    assert len(crowd) == 6
    post_in_the_crowd(server, crowd[1])


def post_in_the_crowd(server: Server, line: dict[str, str]) -> None:
    """The server that ran all along knows the newcomers, and goes on with the numbers."""
    headers = {"Authorization": f"Bearer {line['token']}"}
    said = {"body": "Bonjour.", "client_id": str(uuid.uuid4())}
    url = f"{server.url}/api/v1/threads/{line['thread']}/messages"
    answer = requests.post(url, json=said, headers=headers, timeout=30)
    assert (answer.status_code, answer.json()["seq"]) == (201, 135)

"""The disk is full: an honest answer at every door, nothing half-written, and all is well once there is room."""

import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from sqlalchemy import text

from app.core.db import db
from tests.support import clients, databases
from tests.support.mailbox import Mailbox
from tests.support.page import Page
from tests.support.process import Server
from tests.support.run import cannot_run, folder
from tests.support.sockets import Socket

MEGABYTES = 12
# What fits into the pages that the journal has already is still written; this is far more.
MOST = 300
FULL = "La maison n’a plus de place pour garder ce qui s’écrit."


@pytest.fixture
def small() -> Iterator[Path]:
    """A disk of a few megabytes."""
    path = folder() / f"small-{os.getpid()}"
    path.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(path)], capture_output=True, check=False
    )
    if mounted.returncode:
        cannot_run("a full disk: mounting a small one takes root")
    yield path
    subprocess.run(["umount", "--lazy", str(path)], check=True)


@pytest.fixture
def server(small: Path) -> Iterator[Server]:
    file = databases.new_database("sqlite").removeprefix("sqlite:///")
    shutil.move(file, small / "house.sqlite3")
    started = Server(f"sqlite:///{small / 'house.sqlite3'}", INSTANCE_DIR=small)
    started.fill()
    # The last connection to leave folds the journal into the file: it will have to grow again.
    databases.close(started.app)
    yield started.start()
    started.stop()
    databases.close(started.app)


def fill_up(small: Path) -> Path:
    filler = small / "filler"
    with open(filler, "wb", buffering=0) as file:
        for size in (65536, 4096):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
    return filler


class Writer:
    """Bruno writes by the JSON door; ``kept``: what he was told is written."""

    def __init__(self, server: Server) -> None:
        self.url = f"{server.url}/api/v1"
        self.secret = clients.api_of(server.app, server.cast.bruno).secret
        self.headers = {"Authorization": f"Bearer {self.secret}"}
        self.kept: list[str] = []
        said = {"title": "La place", "body": "On commence.", "client_id": str(uuid.uuid4())}
        made = requests.post(f"{self.url}/clubs/tilleul/threads", json=said, headers=self.headers).json()
        self.thread = made["thread"]["id"]

    def write(self) -> requests.Response:
        said = {"body": f"{len(self.kept)} " + "mot " * 400, "client_id": str(uuid.uuid4())}
        answer = requests.post(f"{self.url}/threads/{self.thread}/messages", json=said, headers=self.headers)
        if answer.status_code == 201:
            self.kept.append(answer.json()["id"])
        return answer

    def until_refused(self) -> requests.Response:
        for _ in range(MOST):
            answer = self.write()
            if answer.status_code != 201:
                return answer
        raise AssertionError("the disk is not full")

    def stored(self) -> list[str]:
        found: list[str] = []
        after = 0
        while True:
            query = f"after={after}&limit=100"
            page = requests.get(f"{self.url}/threads/{self.thread}/messages?{query}", headers=self.headers).json()
            if not page["items"]:
                return found[1:]
            found += [message["id"] for message in page["items"]]
            after = page["items"][-1]["seq"]


def test_full_disk(server: Server, small: Path) -> None:
    cookie = clients.client_of(server.app, server.cast.amina).get_cookie("session")
    writer = Writer(server)
    socket = Socket(server.url, writer.secret)
    databases.close(server.app)
    filler = fill_up(small)

    refused = writer.until_refused()
    assert (refused.status_code, refused.json()["code"], refused.headers["Retry-After"]) == (503, "unavailable", "20")
    assert refused.json()["detail"].startswith(FULL)

    with requests.Session() as browser:
        browser.cookies.set("session", cookie.value, domain="127.0.0.1")
        page = Page(browser.get(f"{server.url}/threads/{writer.thread}").text)
        form = {"csrf_token": page.csrf_token, "body": "mot " * 400, "client_id": str(uuid.uuid4())}
        answer = browser.post(f"{server.url}/threads/{writer.thread}", data=form)
        assert (answer.status_code, FULL in answer.text.replace("\u00a0", " ")) == (503, True)
        # What was written comes back with the page.
        assert "mot mot mot" in answer.text
        asked = browser.post(
            f"{server.url}/sign-in", data={"csrf_token": page.csrf_token, "email": "zoe@exemple.fr", "way": "code"}
        )
        assert (asked.status_code, Page(asked.text).h1) == (503, "Un instant, s’il vous plaît")

    post = {"thread": writer.thread, "client_id": str(uuid.uuid4()), "body": "mot " * 400}
    ack = socket.call("message:post", post)
    assert (ack["ok"], ack["problem"]["code"]) == (False, "unavailable")

    read = {path: requests.get(f"{server.url}{path}").status_code for path in ("/healthz", "/", "/clubs/tilleul")}
    assert (set(read.values()), writer.stored()) == ({200}, writer.kept)

    filler.unlink()
    assert (writer.write().status_code, writer.stored()) == (201, writer.kept)
    assert socket.call("message:post", post)["ok"] is True
    socket.close()
    assert "Traceback" not in server.said()
    assert [path.name for path in Mailbox(small).folder.glob(".*.part")] == []
    with server.app.app_context():
        assert db.session.scalar(text("PRAGMA integrity_check")) == "ok"
        db.session.remove()

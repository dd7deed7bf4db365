"""The pages of a club's archive, and the file."""

import io
import json
import uuid
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import LoginSession
from app.core.clock import now
from app.core.db import db, transaction
from app.houses.models import JournalEntry
from app.messaging import actions as talk
from app.messaging.archives.actions import ask_archive
from app.messaging.archives.models import ClubArchive
from tests.support import clients
from tests.support.cast import Cast

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def ready(app: Flask, cast: Cast) -> str:
    """Tilleul's archive, eight days after it was asked for."""
    with app.test_request_context():
        opened = talk.open_thread(cast.bruno.actor, "tilleul", "Mardi", talk.Draft(str(uuid.uuid4()), "Bonjour Ama."))
        answer = talk.Draft(str(uuid.uuid4()), "Merci.", opened.message.id)
        talk.post_message(cast.amina.actor, opened.thread.id, answer)
        archive_id = ask_archive(cast.bruno.actor, "tilleul").id
        with transaction():
            archive = db.session.get_one(ClubArchive, archive_id)
            archive.opens_at = now() - timedelta(days=1)
    return archive_id


def fetch(client: clients.PageClient, archive_id: str) -> Any:
    return client.send(f"/archives/{archive_id}/file", {}, on=f"/archives/{archive_id}")


def acts(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(JournalEntry.act).order_by(JournalEntry.number)))


def test_the_file_is_a_page_and_data(app: Flask, cast: Cast, ready: str) -> None:
    answer = fetch(clients.client_of(app, cast.bruno), ready)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="archive.zip"'
    assert answer.headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as bundle:
        told, page = json.loads(bundle.read("archive.json")), bundle.read("archive.html").decode()
    assert [said["answers"] for said in told["threads"][0]["messages"]] == [None, 1]
    found = [word in page for word in ("membre 1", "membre 2", "Mardi", "Ama", "Bruno", "http")]
    assert found == [True, True, True, False, False, False]
    assert acts(app) == ["archive:asked", "archive:fetched"]


def test_it_asks_for_a_fresh_proof_and_for_a_device_of_one_s_own(app: Flask, cast: Cast, ready: str) -> None:
    assert fetch(clients.client_of(app, cast.bruno, shared=True), ready).status_code == 403
    client = clients.client_of(app, cast.bruno)
    with app.app_context(), transaction():
        for each in db.session.scalars(select(LoginSession)):
            each.proved_at = now() - timedelta(hours=1)
    answer = fetch(client, ready)
    assert (answer.status_code, answer.mimetype) != (200, "application/zip")
    assert acts(app) == ["archive:asked"]


def test_taking_it_back_is_asked_twice_and_the_page_says_what_is_not_hidden(app: Flask, cast: Cast) -> None:
    with app.test_request_context():
        archive = ask_archive(cast.bruno.actor, "tilleul").id
    page = clients.client_of(app, cast.bruno).get(f"/archives/{archive}").page
    (form,) = page.all(f".//form[@action='/archives/{archive}/cancel']")
    assert page.inside(form, "details")
    assert "le nom de quelqu’un qui est parti peuvent rester dans les textes" in page.main


def test_a_member_keeps_out_and_comes_back_on_the_page(app: Flask, cast: Cast) -> None:
    with app.test_request_context():
        archive = ask_archive(cast.bruno.actor, "tilleul").id
    client, path = clients.client_of(app, cast.amina), f"/archives/{archive}"
    assert path in client.get("/clubs/tilleul").page.links
    seen = []
    for mine in ("out", "in"):
        client.send(f"{path}/mine", {"mine": mine}, on=path)
        seen.append("Ils restent en dehors" in client.get(path).page.main)
    assert seen == [True, False]
    assert client.send(f"{path}/mine", {"mine": "else"}, on=path).status_code == 404

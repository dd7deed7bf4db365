"""Sent again under its ``client_id``, a message is the same one: by each door, whatever became of it meanwhile."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from app.clubs.actions import join_club, leave_club
from app.clubs.consent import CONSENT_VERSION
from app.clubs.models import Change
from app.core.db import db, transaction
from app.messaging import actions
from app.messaging.models import Message, Thread
from tests.messaging.conftest import draft
from tests.support.cast import Person
from tests.support.clients import api_of, client_of
from tests.support.process import Server
from tests.support.sockets import Socket

Send = Callable[[dict[str, str]], tuple[int, str]]
FIRST, OTHER = "On amène quoi ?", "Autre chose."


@pytest.fixture
def thread(server: Server) -> str:
    with server.app.app_context():
        return actions.open_thread(server.cast.bruno.actor, "tilleul", "Mardi", draft()).thread.id


def by_socket(server: Server, person: Person, thread: str) -> Iterator[Send]:
    socket = Socket(server.url, api_of(server.app, person).secret)

    def send(sent: dict[str, str]) -> tuple[int, str]:
        answer = socket.call("message:post", {"thread": thread, **sent})
        return (200, answer["message"]["id"]) if answer["ok"] else (answer["problem"]["status"], "")

    yield send
    socket.close()


def by_json(server: Server, person: Person, thread: str) -> Iterator[Send]:
    api = api_of(server.app, person)

    def send(sent: dict[str, str]) -> tuple[int, str]:
        answer = api.post(f"/threads/{thread}/messages", json=sent)
        return answer.status_code, answer.json.get("id", "")

    yield send


def by_form(server: Server, person: Person, thread: str) -> Iterator[Send]:
    client, path = client_of(server.app, person), f"/threads/{thread}"

    def send(sent: dict[str, str]) -> tuple[int, str]:
        answer = client.send(path, sent)
        return answer.status_code, urlsplit(answer.location or "").fragment.removeprefix("m-")

    yield send


# What each door answers to what is new, and to what it knows.
DOORS = {"socket": (by_socket, 200, 200), "json": (by_json, 201, 200), "form": (by_form, 303, 303)}


def nothing(_server: Server, _message: str) -> None: ...


def changed(server: Server, message: str) -> None:
    actions.edit_message(server.cast.amina.actor, message, "Changé.")


def withdrawn(server: Server, message: str) -> None:
    actions.withdraw_message(server.cast.amina.actor, message)


def hidden(_server: Server, message: str) -> None:
    with transaction():
        actions.hide_message(db.session.get_one(Message, message), "lead", "1")


def changed_and_withdrawn(server: Server, message: str) -> None:
    changed(server, message)
    withdrawn(server, message)


def said_again_elsewhere(server: Server, _message: str) -> None:
    """A second discussion, and the same words in it."""
    actions.open_thread(server.cast.amina.actor, "tilleul", "Jeudi", draft(FIRST))


MEANWHILE = (nothing, changed, withdrawn, hidden, changed_and_withdrawn, said_again_elsewhere)


def posts(server: Server, thread: str) -> int:
    """Rows of the log that say that somebody posted in this discussion."""
    with server.app.app_context():
        said = select(func.count()).select_from(Change).join(Message, Message.id == Change.subject_id)
        return db.session.scalar(said.where(Change.kind == "message:posted", Message.thread_id == thread)) or 0


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("meanwhile", MEANWHILE)
def test_sent_again_it_is_the_same(server: Server, thread: str, door: str, meanwhile: Any) -> None:
    opened, new, known = DOORS[door]
    for send in opened(server, server.cast.amina, thread):
        sent = {"client_id": str(uuid.uuid4()), "body": FIRST}
        first = send(sent)
        with server.app.app_context():
            meanwhile(server, first[1])
        assert first[0] == new
        assert [send(sent), send({**sent, "client_id": sent["client_id"].upper(), "body": f" {FIRST}\n"})] == [
            (known, first[1])
        ] * 2
        assert send({**sent, "body": OTHER})[0] == 409
        assert posts(server, thread) == 2


@pytest.mark.parametrize("door", DOORS)
def test_what_a_door_stored_each_other_knows(server: Server, thread: str, door: str) -> None:
    sent = {"client_id": str(uuid.uuid4()), "body": FIRST}
    answered = [
        send(sent)[1]
        for name in (door, *DOORS)
        for send in DOORS[name][0](server, server.cast.amina, thread)
    ]  # fmt: skip
    assert len(set(answered)) == 1
    assert posts(server, thread) == 2


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("meanwhile", MEANWHILE[:5])
def test_a_discussion_opened_again_is_the_same(app: Any, cast: Any, api_of: Any, meanwhile: Any) -> None:
    api, path = api_of(cast.amina), "/clubs/tilleul/threads"
    sent = {"client_id": str(uuid.uuid4()), "title": "Mardi", "body": FIRST}
    first = api.post(path, json=sent)
    with app.app_context():
        meanwhile(type("", (), {"cast": cast}), first.json["message"]["id"])
    again = api.post(path, json=sent)

    assert (first.status_code, again.status_code) == (201, 200)
    assert [again.json[part]["id"] for part in ("thread", "message")] == [
        first.json[part]["id"] for part in ("thread", "message")
    ]
    for other in ({"body": OTHER}, {"title": "Jeudi"}):
        assert api.post(path, json={**sent, **other}).json["code"] == "client_id_reused"
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Thread)) == 1


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_one_wrote_before_leaving_is_not_said_after_coming_back(app: Any, cast: Any, api_of: Any) -> None:
    """Coming back is another membership, under another name: what waited for the first is nothing to it."""
    api, before = api_of(cast.amina), cast.amina.memberships["tilleul"]
    with app.app_context():
        thread = actions.open_thread(cast.bruno.actor, "tilleul", "Mardi", draft()).thread.id
    path, sent = f"/threads/{thread}/messages", {"client_id": str(uuid.uuid4()), "body": FIRST, "membership": before}
    assert api.post(path, json=sent).status_code == 201
    with app.app_context():
        leave_club(cast.amina.actor, "tilleul")
    assert api.post(path, json=sent).status_code == 404
    with app.app_context():
        join_club(cast.amina.actor, "tilleul", "Une autre", consent_version=CONSENT_VERSION)
    for again in (sent, {**sent, "client_id": str(uuid.uuid4())}):
        assert api.post(path, json=again).status_code == 404
        assert api.post("/clubs/tilleul/threads", json={**again, "title": "Jeudi"}).status_code == 404
    # Who says it anew says something new: nothing may tell the club that both are one person.
    assert api.post(path, json={k: v for k, v in sent.items() if k != "membership"}).status_code == 201


def test_nobody_else_says_what_waited(server: Server, thread: str) -> None:
    """The browser is signed in by another member of the club by now."""
    sent = {"client_id": str(uuid.uuid4()), "body": FIRST, "membership": server.cast.amina.memberships["tilleul"]}
    for opened in (by_socket, by_json):
        for send in opened(server, server.cast.bruno, thread):
            assert send(sent)[0] == 404
    for opened in (by_socket, by_json):
        for send in opened(server, server.cast.amina, thread):
            assert send(sent)[1]
    assert posts(server, thread) == 2

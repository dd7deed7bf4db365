"""Four hours of a real conversation, through real clients: stored once, in order, and heard in order."""

import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.core.db import transaction
from app.web.forms import clean_text
from tests.support import clients
from tests.support import factories as make
from tests.support.cast import Person, make_person
from tests.support.process import Server
from tests.support.sockets import Socket
from tests.support.talk import all_messages

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "chat-real.jsonl"
LISTENERS = 3


def lines() -> list[dict[str, Any]]:
    return [json.loads(line) for line in DATA.read_text().splitlines()]


def seat(server: Server, names: list[str]) -> dict[str, str]:
    """A member for each name of the conversation; returns their keys."""
    with server.app.app_context(), transaction():
        secrets = {}
        for number, name in enumerate(names):
            person = make_person(f"voice{number}", tilleul=f"Voix {number}")
            secrets[name] = make.make_token(person.account_id)[1]
    return secrets


@pytest.mark.skipif(not DATA.exists(), reason="replay of real talk: ../shared/data/chat-real.jsonl is not here")
def test_replay_of_real_talk(start_server: Callable[..., Server]) -> None:
    server, told = start_server(LIMIT_FACTOR=1000), lines()
    assert len(told) == 1211
    bruno = server.cast.bruno
    names = list(dict.fromkeys(line["name"] for line in told))
    sockets = {name: Socket(server.url, secret) for name, secret in seat(server, names).items()}
    assert len(sockets) == 166
    thread = open_thread(server, bruno)
    listeners = [Socket(server.url, clients.api_of(server.app, bruno).secret) for _ in range(LISTENERS)]
    heads = [listener.call("club:watch", {"club": "tilleul"})["seq"] for listener in listeners]
    said = [say(sockets[line["name"]], thread, line["body"], twice=n % 10 == 0) for n, line in enumerate(told)]
    expected = [clean_text(line["body"]) for line in told]
    stored = all_messages(server, bruno, thread)[1:]
    assert [message["id"] for message in stored] == said
    assert [message["body"] for message in stored] == expected
    for listener, head in zip(listeners, heads, strict=True):
        heard = [listener.next("change") for _ in told]
        assert [change["seq"] for change in heard] == list(range(head + 1, head + 1 + len(told)))
        assert [change["data"]["id"] for change in heard] == said
        assert listener.so_far("change") == []
    for socket in [*sockets.values(), *listeners]:
        socket.close()


def open_thread(server: Server, person: Person) -> str:
    first = {"title": "Quatre heures", "body": "On commence.", "client_id": str(uuid.uuid4())}
    return clients.api_of(server.app, person).post("/clubs/tilleul/threads", json=first).json["thread"]["id"]


def say(socket: Socket, thread: str, body: str, *, twice: bool) -> str:
    """Post, and now and then once more, as after an acknowledgement that got lost. Returns the message's id."""
    post = {"thread": thread, "client_id": str(uuid.uuid4()), "body": body}
    answers = [socket.call("message:post", post) for _ in range(1 + twice)]
    (message_id,) = {answer["message"]["id"] for answer in answers}
    return message_id

"""A hidden message keeps its place and shows nothing: by no door, at no moment, to nobody; restored, it is whole."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.core.db import db, transaction
from app.messaging import actions
from app.messaging.models import Message
from app.messaging.queries import place_for
from app.messaging.unread import mark_of, threads_for, unread_in, unread_total
from tests.support.cast import Cast, Person
from tests.support.sockets import Socket

MARKER = "Zinnia-caché"
Opened = dict[str, str]


@pytest.fixture
def hide(app: Flask) -> Callable[..., None]:
    """``hide(id)``: as the decision of a lead does; ``hide(id, back=True)`` brings it back."""

    def decide(message_id: str, *, back: bool = False) -> None:
        with app.app_context(), transaction():
            message = db.session.get_one(Message, message_id, populate_existing=True)
            actions.restore_message(message) if back else actions.hide_message(message, "lead", "1")

    return decide


def doors(client_of: Any, api_of: Any, person: Person, thread: str, message: str, answer: str) -> dict[str, str]:
    """What one member finds at each door where a body, or a part of one, could stand."""
    page, api = client_of(person), api_of(person)
    paths = {
        "thread": f"/threads/{thread}",
        "reply": f"/threads/{thread}?reply={message}",
        "edit": f"/threads/{thread}/messages/{message}/edit",
        "withdraw": f"/threads/{thread}/messages/{message}/withdraw",
        "club": "/clubs/tilleul",
        "home": "/",
    }
    calls = {
        "list": f"/threads/{thread}/messages",
        "back": f"/threads/{thread}/messages?before=9999",
        "changes": "/clubs/tilleul/changes?since=0",
        "poll": "/clubs/tilleul/changes?since=1&wait=1",
        "threads": "/clubs/tilleul/threads",
    }
    found = {name: page.get(path).get_data(as_text=True) for name, path in paths.items()}
    found |= {name: json.dumps(api.get(path).json, ensure_ascii=False) for name, path in calls.items()}
    edited = api.patch(f"/messages/{message}", json={"body": "Autre chose"})
    found["change"] = json.dumps(edited.json, ensure_ascii=False)
    return found | {"log": page.get(f"/threads/{thread}", headers={"X-Fragment": "log"}).get_data(as_text=True)}


def test_no_door_shows_a_hidden_body(app, cast, opened, say, hide, client_of, api_of):
    """First where it may be read, so that the doors are known to show; then, hidden, nowhere."""
    message = say(cast.amina, f"{MARKER} ici.")
    answer = say(cast.bruno, "Je réponds.", reply_to=message)
    before = {
        person.key: doors(client_of, api_of, person, opened["thread"], message, answer)
        for person in (cast.bruno, cast.amina)
    }
    showing = {"thread", "reply", "list", "back", "changes", "poll", "log"}
    assert {name for name, text in before["bruno"].items() if MARKER in text} == showing
    assert MARKER in before["amina"]["edit"]
    with app.app_context(), transaction():
        db.session.get_one(Message, message).body = f"{MARKER} ici."
    hide(message)
    for person in (cast.amina, cast.bruno):
        after = doors(client_of, api_of, person, opened["thread"], message, answer)
        assert {name: text for name, text in after.items() if MARKER in text} == {}
        assert "Message caché par une personne responsable. Règle 1\xa0: respecter chacun." in after["thread"]


def test_a_hidden_message_says_the_rule_and_who(cast, opened, say, hide, api_of):
    message = say(cast.amina, MARKER)
    hide(message)
    api = api_of(cast.bruno)
    shown = api.get(f"/threads/{opened['thread']}/messages").json["items"][-1]
    rows = api.get("/clubs/tilleul/changes?since=0").json["changes"]

    assert shown["hidden"] == {"rule": "1", "by": "lead"}
    assert {"body", "html"} & set(shown) == set()
    assert [row["kind"] for row in rows if row["data"].get("id") == message] == ["message:posted", "message:hidden"]
    assert [row["data"] for row in rows if row["data"].get("id") == message] == [shown, shown]
    assert shown["changed_seq"] == rows[-1]["seq"]


def test_what_is_restored_is_whole_again(cast, opened, say, hide, api_of):
    message = say(cast.amina, MARKER)
    api = api_of(cast.bruno)
    whole = api.get(f"/threads/{opened['thread']}/messages").json["items"][-1]
    hide(message)
    hide(message, back=True)
    rows = api.get("/clubs/tilleul/changes?since=0").json["changes"]

    assert [row["kind"] for row in rows][-2:] == ["message:hidden", "message:restored"]
    assert rows[-1]["data"] == {**whole, "changed_seq": rows[-1]["seq"]}


def test_nothing_is_done_to_a_hidden_message_but_to_take_it_back(cast, opened, say, hide, api_of, client_of):
    message = say(cast.amina, MARKER)
    hide(message)
    path = f"/messages/{message}"
    refused = [
        api_of(cast.amina).patch(path, json={"body": "Autre chose"}),
        api_of(cast.bruno).put(f"{path}/reactions/🙏"),
    ]

    assert [(answer.status_code, answer.json["code"]) for answer in refused] == [(410, "message_hidden")] * 2
    assert client_of(cast.amina).get(f"/threads/{opened['thread']}{path}/edit").status_code == 410
    assert client_of(cast.amina).get(f"/threads/{opened['thread']}{path}/withdraw").status_code == 200
    assert api_of(cast.amina).delete(path).status_code == 204
    shown = api_of(cast.bruno).get(f"/threads/{opened['thread']}/messages").json["items"][-1]
    assert {"body", "html", "hidden"} & set(shown) == set()


def test_sent_again_it_is_the_same_and_still_hidden(app, cast, opened, hide, api_of):
    sent = {"client_id": "6e0f3c1e-3d3c-4f0e-9d59-0c7f1a2b3c4d", "body": MARKER}
    path = f"/threads/{opened['thread']}/messages"
    message = api_of(cast.amina).post(path, json=sent).json["id"]
    hide(message)
    again = api_of(cast.amina).post(path, json=sent)

    assert (again.status_code, again.json["id"], "body" in again.json) == (200, message, False)


def test_what_is_hidden_waits_for_nobody(app: Flask, cast: Cast, opened: Opened, say: Any, hide: Any) -> None:
    message = say(cast.amina, MARKER)
    with app.app_context():
        assert unread_total(cast.bruno.actor) == 1
    hide(message)
    with app.app_context():
        place = place_for(cast.bruno.actor, opened["thread"])
        mark = mark_of(place.membership, place.thread)
        assert (unread_total(cast.bruno.actor), unread_in(place, mark)[0]) == (0, 0)
        assert MARKER not in str(threads_for(cast.bruno.actor, place.club))


def test_it_goes_from_a_live_screen_and_comes_back(server, socket_of):
    """By the socket: the push says it without the body, and the catch-up after it."""
    cast, app = server.cast, server.app
    socket: Socket = socket_of(cast.bruno)
    with app.app_context():
        posted = actions.open_thread(cast.amina.actor, "tilleul", "Mardi", actions.Draft(CLIENT, MARKER))
    socket.call("club:watch", {"club": "tilleul", "since": 0})
    with app.app_context(), transaction():
        actions.hide_message(db.session.get_one(Message, posted.message.id), "staff", "Une règle de la charte")
    # Written by another process: the pulse, or asking, brings it.
    caught = socket.call("club:watch", {"club": "tilleul", "since": 1})

    assert [row["kind"] for row in caught["changes"]] == ["message:posted", "message:hidden"]
    assert {json.dumps(row["data"].get("hidden")) for row in caught["changes"]} == {
        json.dumps({"rule": "Une règle de la charte", "by": "staff"})
    }
    assert MARKER not in json.dumps(caught, ensure_ascii=False)


CLIENT = "0d9c2f3e-8a0b-4b7e-9a51-0f1e2d3c4b5a"

"""The socket door of discussions, against a real server."""

import queue
import uuid

import pytest
import requests

from app.clubs.models import Club, Membership
from app.core.db import db, transaction
from tests.support import clients
from tests.support.cast import make_person


def post(socket, thread, body="Bonjour.", **told):
    return socket.call("message:post", {"thread": thread, "client_id": str(uuid.uuid4()), "body": body, **told})


@pytest.fixture
def thread(server):
    sent = {"client_id": str(uuid.uuid4()), "body": "On amène quoi ?", "title": "Mardi"}
    return clients.api_of(server.app, server.cast.bruno).post("/clubs/tilleul/threads", json=sent).json["thread"]["id"]


@pytest.fixture
def newcomer(server, thread):
    """Zoé reads what follows the first message only."""
    with server.app.app_context():
        person = make_person("zoe", tilleul="Zoé")
        with transaction():
            head = db.session.scalar(db.select(Club.seq).where(Club.slug == "tilleul"))
            db.session.get_one(Membership, person.memberships["tilleul"]).first_seq = head + 1
        return person


def test_message_post(server, socket_of, thread):
    amina, bruno = socket_of(server.cast.amina), socket_of(server.cast.bruno)
    for each in (amina, bruno):
        assert each.call("club:watch", {"club": "tilleul"})["seq"] == 2

    sent = {"thread": thread, "client_id": str(uuid.uuid4()), "body": "Un **gâteau**."}
    answer = amina.call("message:post", sent)
    assert (answer["ok"], set(answer)) == (True, {"ok", "message"})
    assert amina.call("message:post", sent) == answer

    change = bruno.next()
    assert change == {
        "club": "tilleul",
        "seq": 3,
        "kind": "message:posted",
        "at": answer["message"]["posted_at"],
        "data": answer["message"],
    }
    assert amina.next() == change
    post(bruno, thread, "Ensuite.", reply_to=answer["message"]["id"])
    assert [amina.next()["data"]["body"], bruno.next()["seq"]] == ["Ensuite.", 4]


def test_message_post_refused(server, socket_of, thread):
    amina, chloe, denis = (socket_of(p) for p in (server.cast.amina, server.cast.chloe, server.cast.denis))

    def code(answer):
        assert answer["ok"] is False
        return answer["problem"]["status"], answer["problem"]["code"]

    assert code(post(chloe, thread)) == (404, "not_found")
    assert code(post(denis, thread)) == (404, "not_found")
    assert code(post(amina, "a" * 26)) == (404, "not_found")
    assert code(post(amina, "\x00")) == (404, "not_found")
    assert code(amina.call("club:watch", {"club": "\x00"})) == (404, "not_found")
    assert code(post(amina, thread, "")) == (422, "body_empty")
    assert code(post(amina, thread, ["a"])) == (422, "body_empty")
    assert code(post(amina, thread, "x" * 4001)) == (422, "body_too_long")
    assert code(post(amina, thread, client_id="x")) == (422, "client_id_invalid")
    assert code(post(amina, thread, client_id=str(uuid.uuid1()))) == (422, "client_id_invalid")
    assert code(post(amina, thread, reply_to="x")) == (404, "not_found")
    assert code(post(amina, thread, reply_to=7)) == (422, "bad_frame")
    assert code(amina.call("message:post", {"body": "a"})) == (422, "bad_frame")


def test_typing_is_told_to_the_others_who_may_read(server, socket_of, thread, newcomer):
    amina, again, bruno = (socket_of(p) for p in (server.cast.amina, server.cast.amina, server.cast.bruno))
    zoe, chloe = socket_of(newcomer), socket_of(server.cast.chloe)
    for each in (amina, again, bruno, zoe):
        each.call("club:watch", {"club": "tilleul"})

    amina.emit("thread:typing", {"thread": thread})
    amina.emit("thread:typing", {"thread": thread})
    assert bruno.next("thread:typing") == {"thread": thread, "name": "Ama"}
    for stranger in (chloe, zoe):
        assert stranger.call("thread:typing", {"thread": thread})["problem"]["status"] == 404

    # A message after them: what came before it has come.
    post(bruno, thread)
    for each in (amina, again, bruno, zoe):
        each.next()
        assert each.so_far("thread:typing") == []

    zoe.emit("thread:typing", {"thread": thread})
    assert amina.next("thread:typing") == {"thread": thread, "name": "Zoé"}


def test_what_a_newcomer_hears(server, socket_of, thread, newcomer):
    bruno, zoe = socket_of(server.cast.bruno), socket_of(newcomer)
    for each in (bruno, zoe):
        each.call("club:watch", {"club": "tilleul"})
    key = {"Authorization": f"Bearer {clients.api_of(server.app, server.cast.bruno).secret}"}
    door = f"{server.url}/api/v1"
    old = requests.get(f"{door}/threads/{thread}/messages", headers=key, timeout=10).json()["items"][0]
    requests.patch(f"{door}/messages/{old['id']}", headers=key, json={"body": "Autre chose."}, timeout=10)
    assert bruno.next()["data"]["body"] == "Autre chose."
    told = zoe.next()
    assert (told["kind"], told["data"]) == ("message:edited", None)
    with pytest.raises(queue.Empty):
        zoe.next(seconds=0.2)

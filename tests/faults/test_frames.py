"""Sockets that misbehave, and people who are shown out: always answered, cut where they must be."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import requests
import websocket

from app.clubs.doors import actions as doors
from app.clubs.founding.plants import held_for
from app.core import wire
from tests.support import clients
from tests.support.cast import Person
from tests.support.process import Server
from tests.support.sockets import Socket

Connect = Callable[..., Socket]


# Engine.IO says that it closes by its own packet or by the websocket's: the code may be missing.
CLOSED = (1000, 1005)


class RawSocket:
    """The protocol by hand: Engine.IO 4 over a websocket."""

    def __init__(self, server: Server, token: Any = None, **options: Any) -> None:
        url = f"{server.url.replace('http', 'ws', 1)}/socket.io/?EIO=4&transport=websocket"
        self.wire = websocket.create_connection(url, timeout=10, **options)
        assert self.wire.recv().startswith("0")
        self.wire.send("40" + ("" if token is None else json.dumps({"token": token})))
        self.welcome = self.wire.recv()

    def send(self, text: str) -> None:
        self.wire.send(text)

    def answer_to(self, event: str, data: dict[str, Any]) -> Any:
        """What the event numbered 99 is acknowledged with; what comes before is passed over."""
        self.send("4299" + json.dumps([event, data]))
        while not (said := self.wire.recv()).startswith("4399"):
            assert said, "closed"
        return json.loads(said[4:])[0]

    def closed_with(self) -> int:
        """The code with which the server closes; 1005 when it gives none."""
        while True:
            opcode, data = self.wire.recv_data()
            if opcode == websocket.ABNF.OPCODE_CLOSE:
                return int.from_bytes(data[:2], "big") if data else 1005


@pytest.fixture
def token(server: Server) -> str:
    return clients.api_of(server.app, server.cast.bruno).secret


@pytest.mark.parametrize("size", [70_000, 200_000, 3_000_000])
def test_a_huge_frame_closes_the_socket_with_1009(server: Server, token: str, size: int) -> None:
    raw = RawSocket(server, token)
    raw.send('420["message:post",{"body":"' + "x" * size + '"}]')
    assert raw.closed_with() == 1009


def test_a_large_frame_within_the_limit_is_answered(server: Server, socket_of: Connect) -> None:
    answer = socket_of(server.cast.bruno).call("message:post", {"body": "x" * 60_000})
    assert (answer["ok"], answer["problem"]["status"]) == (False, 422)


# Most of these reach no handler, and some no protocol.
NONSENSE = [
    "42[]", "42{}", "42[1,2]", '42["club:watch"', "4zzz", "zzz", "bé", "4", "7", "4" + "[" * 50_000,
    "42" + "[" * 50_000, "44{}", '420["club:watch"]', '420["club:watch",{"club":7}]', '42["nobody:knows",{}]',
]  # fmt: skip


@pytest.mark.parametrize("frame", NONSENSE, ids=lambda frame: frame[:30])
def test_thirty_frames_of_nonsense_cut_the_connection(server: Server, token: str, frame: str) -> None:
    raw = RawSocket(server, token)
    for _ in range(29):
        raw.send(frame)
    assert raw.answer_to("club:watch", {"club": "tilleul"})["ok"] is True
    raw.send(frame)
    assert raw.closed_with() in CLOSED


@pytest.mark.parametrize("frame", NONSENSE, ids=lambda frame: frame[:30])
def test_nonsense_does_not_hurt_the_others(server: Server, socket_of: Connect, token: str, frame: str) -> None:
    good = socket_of(server.cast.bruno)
    RawSocket(server, token).send(frame)
    assert good.call("club:watch", {"club": "tilleul"})["ok"] is True
    assert server.said() == ""


def test_thirty_bad_frames_are_answered_then_the_connection_is_cut(server: Server, socket_of: Connect) -> None:
    socket = socket_of(server.cast.bruno)
    codes = [socket.call("club:watch", {"club": None})["problem"]["code"] for _ in range(29)]
    assert (codes, socket.client.connected) == (["bad_frame"] * 29, True)
    socket.emit("club:watch", {"club": None})
    assert socket.gone()


def test_an_unknown_event_is_answered_never_silence(server: Server, socket_of: Connect) -> None:
    answer = socket_of(server.cast.bruno).call("message:shout", {"body": "?"})
    told = {name: answer["problem"][name] for name in ("status", "code")}
    assert (answer["ok"], told) == (False, {"status": 422, "code": "unknown_event"})


def test_an_event_that_comes_after_the_key_was_revoked_closes_the_socket(server: Server, socket_of: Connect) -> None:
    api = clients.api_of(server.app, server.cast.bruno)
    socket, raw = Socket(server.url, api.secret), RawSocket(server, api.secret)
    (key,) = [row["id"] for row in api.get("/tokens").json["items"]]
    assert api.delete(f"/tokens/{key}").status_code == 204
    assert socket.gone(seconds=3)
    # Not only the protocol: the websocket itself.
    assert raw.closed_with() in CLOSED


def test_a_club_that_turns_discreet_is_watched_under_its_new_name_alone(server: Server, socket_of: Connect) -> None:
    cast = server.cast
    amina = socket_of(cast.amina)
    amina.call("club:watch", {"club": "tilleul"})
    with server.app.app_context():
        doors.prepare_door(cast.bruno.actor, "tilleul", "discreet")
        plant = held_for(club_id=cast.clubs["tilleul"])[0].slug
        doors.change_door(cast.bruno.actor, "tilleul", doors.Change("discreet", "open", plant, "star", "night"))
    assert amina.next("club:closed", seconds=3) == {"club": "tilleul"}
    assert amina.call("club:watch", {"club": "tilleul"})["problem"]["status"] == 404
    row = amina.call("club:watch", {"club": plant, "since": 0})["changes"][-1]
    assert {name: row[name] for name in ("club", "kind", "data")} == {
        "club": plant, "kind": "club:door", "data": {"door": "discreet"}
    }  # fmt: skip


def test_leaving_a_club_ends_the_right_to_watch_it(server: Server, socket_of: Connect) -> None:
    cast = server.cast
    amina, bruno = socket_of(cast.amina), socket_of(cast.bruno)
    for socket in (amina, bruno):
        socket.call("club:watch", {"club": "tilleul"})
    assert clients.api_of(server.app, cast.amina).post("/clubs/tilleul/leave").status_code == 204
    assert amina.next("club:closed", seconds=3) == {"club": "tilleul"}
    say(server, cast.bruno, "Après son départ.")
    while bruno.next("change")["kind"] != "message:posted":
        pass
    # Bruno has heard it, so Amina would have; nor is she told that she has left.
    assert amina.so_far() == []
    assert amina.call("club:watch", {"club": "tilleul"})["problem"]["status"] == 404


def test_a_second_connect_closes_the_socket(server: Server, token: str) -> None:
    raw = RawSocket(server, token)
    raw.send("40" + json.dumps({"token": token}))
    assert raw.closed_with() in CLOSED


def test_an_empty_frame_closes_the_socket_and_prints_no_address(server: Server, token: str) -> None:
    raw = RawSocket(server, token)
    raw.send("")
    assert raw.closed_with() in CLOSED
    assert "REMOTE_ADDR" not in server.log.read_text()


@pytest.mark.parametrize("answers", [True, False], ids=["answers", "is silent"])
def test_after_goodbye_the_connection_itself_ends(start_server: Callable[..., Server], answers: bool) -> None:
    """A client that closes waits for the end of the wire: kept for the next request, it would wait for seconds."""
    server = start_server()
    raw = RawSocket(server, clients.api_of(server.app, server.cast.bruno).secret)
    raw.send("41")
    assert raw.closed_with() in CLOSED
    if answers:
        raw.wire.send_close()
    raw.wire.sock.settimeout(wire.GOODBYE_SECONDS / 2 if answers else wire.GOODBYE_SECONDS * 4)
    assert raw.wire.sock.recv(1) == b""


@pytest.mark.parametrize("connect", ["40", "40/elsewhere,", '40{"token":"wrong"}'])
def test_who_is_refused_keeps_no_socket(server: Server, connect: str) -> None:
    url = f"{server.url.replace('http', 'ws', 1)}/socket.io/?EIO=4&transport=websocket"
    refused = websocket.create_connection(url, timeout=10)
    assert refused.recv().startswith("0")
    refused.send(connect)
    assert refused.recv().startswith("44")
    while refused.recv_data()[0] != websocket.ABNF.OPCODE_CLOSE:
        pass


def test_who_does_not_connect_is_not_waited_for(server: Server) -> None:
    url = f"{server.url.replace('http', 'ws', 1)}/socket.io/?EIO=4&transport=websocket"
    wire_only = websocket.create_connection(url, timeout=wire.CONNECT_SECONDS + 10)
    assert wire_only.recv().startswith("0")
    assert wire_only.recv_data()[0] == websocket.ABNF.OPCODE_CLOSE


def test_many_frames_at_once_leave_the_others_their_turn(start_server: Callable[..., Server]) -> None:
    server = start_server(LIMIT_FACTOR="1")
    raw = RawSocket(server, clients.api_of(server.app, server.cast.bruno).secret)
    watch = "420" + json.dumps(["club:watch", {"club": "tilleul", "since": 0}])
    for _ in range(400):
        raw.send(watch)
    # Far from the 400 that were sent: the flood waits, the house does not.
    assert [requests.get(f"{server.url}/healthz", timeout=5).status_code for _ in range(20)] == [200] * 20
    assert raw.wire.recv().startswith("430")


@pytest.mark.parametrize("event", ["disconnect", "connect", "*", "__disconnect_final"])
def test_an_event_that_bears_a_name_of_the_protocol_frees_nobody(
    server: Server, socket_of: Connect, event: str
) -> None:
    cast = server.cast
    amina, bruno = socket_of(cast.amina), socket_of(cast.bruno)
    for socket in (amina, bruno):
        socket.call("club:watch", {"club": "tilleul"})
    chloe = clients.api_of(server.app, cast.chloe).secret
    assert amina.call(event, {"token": chloe})["problem"]["code"] == "unknown_event"
    assert clients.api_of(server.app, cast.amina).post("/clubs/tilleul/leave").status_code == 204
    assert amina.next("club:closed", seconds=3) == {"club": "tilleul"}
    say(server, cast.bruno, "Entre nous.")
    while bruno.next("change")["kind"] != "message:posted":
        pass
    assert [change["kind"] for change in amina.so_far() if change["kind"].startswith("message")] == []


def say(server: Server, person: Person, body: str) -> dict[str, Any]:
    """Through the server itself: what another process writes is only heard at the next pulse."""
    told = {"title": "Salut", "body": body, "client_id": str(uuid.uuid4())}
    key = {"Authorization": f"Bearer {clients.api_of(server.app, person).secret}"}
    return requests.post(f"{server.url}/api/v1/clubs/tilleul/threads", json=told, headers=key).json()


@pytest.fixture
def cookie(server: Server) -> str:
    kept = clients.client_of(server.app, server.cast.bruno).get_cookie("session")
    return f"session={kept.value}"


def opened(server: Server, **options: Any) -> bool:
    """Was a connection let in?"""
    try:
        return RawSocket(server, **options).welcome.startswith('40{"sid"')
    except websocket.WebSocketBadStatusException:
        return False


@pytest.mark.parametrize("origin", ["https://else.example", "null", "http://127.0.0.1:1", None])
def test_a_cookie_from_elsewhere_opens_no_socket(server: Server, cookie: str, origin: str | None) -> None:
    options = {"origin": origin} if origin else {"suppress_origin": True}
    assert opened(server, cookie=cookie, **options) is False


def test_a_cookie_from_our_own_page_opens_one(server: Server, cookie: str) -> None:
    assert opened(server, cookie=cookie, origin=server.url) is True


@pytest.mark.parametrize("secret", [None, "", "wrong", 7, ["x"], {"a": 1}])
def test_without_a_key_no_socket_opens(server: Server, secret: Any) -> None:
    assert RawSocket(server, secret).welcome == '44{"message":"Connection rejected by server"}'


def test_long_polling_of_the_library_is_switched_off(server: Server) -> None:
    answer = requests.get(f"{server.url}/socket.io/?EIO=4&transport=polling")
    assert answer.status_code == 400

"""Who may open a socket, and how it ends: the real server."""

import queue
from collections.abc import Callable
from typing import Any

import pytest
import requests
import socketio

from tests.support.factories import PASSWORD
from tests.support.process import Server
from tests.support.sockets import Client, Socket


def cookie_of(server: Server, email: str) -> str:
    """Sign in as a browser does; gives the cookie."""
    browser = requests.Session()
    page = browser.get(f"{server.url}/sign-in").text
    token = page.split('name="csrf-token" content="')[1].split('"')[0]
    fields = {"csrf_token": token, "email": email, "password": PASSWORD}
    answer = browser.post(f"{server.url}/sign-in", data=fields, allow_redirects=False)
    assert answer.status_code == 303
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies)


class BrowserSocket(Socket):
    """A connection with a cookie, from a page of some origin; ``None`` sends no Origin at all."""

    def __init__(self, url: str, cookie: str, origin: str | None, token: str | None = None) -> None:
        said = {"origin": origin} if origin else {"suppress_origin": True}
        self.client = Client(reconnection=False, websocket_extra_options=said)
        self.heard: dict[str, queue.Queue[Any]] = {}
        self.ended = queue.Queue[str]()
        self.client.on("disconnect", lambda *reason: self.ended.put(str(reason)))
        auth = {"token": token} if token else None
        self.client.connect(url, headers={"Cookie": cookie}, auth=auth, transports=["websocket"])


def refused(connect: Callable[[], Socket]) -> bool:
    try:
        connect().close()
    except socketio.exceptions.ConnectionError:
        return True
    return False


def test_a_cookie_from_our_own_page(server: Server) -> None:
    socket = BrowserSocket(server.url, cookie_of(server, server.cast.amina.email), server.url)
    assert socket.call("club:watch", {"club": "tilleul"})["ok"] is True
    socket.close()


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None])
def test_a_cookie_from_elsewhere(server: Server, origin: str | None) -> None:
    cookie = cookie_of(server, server.cast.amina.email)
    assert refused(lambda: BrowserSocket(server.url, cookie, origin))
    assert not refused(lambda: BrowserSocket(server.url, cookie, server.url))


def test_nobody_and_nonsense(server: Server) -> None:
    assert refused(lambda: Socket(server.url))
    assert refused(lambda: Socket(server.url, "nothing"))


def test_a_bad_token_is_not_saved_by_a_good_cookie(server: Server) -> None:
    cookie = cookie_of(server, server.cast.amina.email)
    assert refused(lambda: BrowserSocket(server.url, cookie, server.url, "nothing"))


def test_a_token_that_ends_closes_its_socket(server: Server) -> None:
    body = {"email": server.cast.amina.email, "password": PASSWORD, "label": "essai"}
    made = requests.post(f"{server.url}/api/v1/tokens", json=body).json()
    socket = Socket(server.url, made["token"])
    assert socket.call("club:watch", {"club": "tilleul"})["ok"] is True
    headers = {"Authorization": f"Bearer {made['token']}"}
    assert requests.delete(f"{server.url}/api/v1/tokens/{made['id']}", headers=headers).status_code == 204
    assert socket.gone(2)
    assert refused(lambda: Socket(server.url, made["token"]))


@pytest.mark.parametrize("way", ["leave", "other process"])
def test_a_session_that_ends_closes_its_socket(server: Server, way: str) -> None:
    cookie = cookie_of(server, server.cast.amina.email)
    socket = BrowserSocket(server.url, cookie, server.url)
    if way == "leave":
        said = {"Cookie": cookie, "Origin": server.url}
        assert requests.post(f"{server.url}/leave", headers=said).status_code == 204
    else:
        end_all(server)
    assert socket.gone(3)
    assert refused(lambda: BrowserSocket(server.url, cookie, server.url))


def end_all(server: Server) -> Any:
    """As another worker would."""
    from app.accounts.actions import sign_out_everywhere

    with server.app.app_context():
        sign_out_everywhere(server.cast.amina.actor)


def test_the_log_holds_no_address(server: Server) -> None:
    email = "zoe-the-marker@exemple.fr"
    browser = requests.Session()
    page = browser.get(f"{server.url}/sign-in").text
    token = page.split('name="csrf-token" content="')[1].split('"')[0]
    for fields in ({"way": "code"}, {"way": "password", "password": "wrong-the-marker"}):
        browser.post(f"{server.url}/sign-in", data={"csrf_token": token, "email": email, **fields})
    requests.post(f"{server.url}/api/v1/tokens", json={"email": email, "password": "wrong-the-marker", "label": "x"})
    requests.get(f"{server.url}/no-such-page?email={email}")
    assert "z•••@exemple.fr" in browser.get(f"{server.url}/sign-in/code").text
    assert "marker" not in server.said()

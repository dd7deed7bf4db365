"""People who send half a form and wait: the others notice nothing."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import requests

from app.web.patience import BODY_SECONDS
from tests.support.process import Server

SLOW = 40
HALF = (
    "POST /sign-in HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer nobody\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nem"
)


@contextmanager
def half_sent(server: Server) -> Iterator[list[socket.socket]]:
    host = urlsplit(server.url)
    with ExitStack() as stack:
        slow = [stack.enter_context(socket.create_connection((host.hostname, host.port))) for _ in range(SLOW)]
        for each in slow:
            each.sendall(HALF.format(host=host.netloc).encode())
        yield slow


def test_half_sent_forms_keep_nobody_waiting_and_are_given_up(server: Server) -> None:
    with half_sent(server) as slow:
        # They hold no connection to the database.
        answers = [requests.get(f"{server.url}/clubs", timeout=8).status_code for _ in range(10)]
        slow[0].settimeout(BODY_SECONDS + 10)
        assert slow[0].recv(64).split(b"\r\n")[0] == b"HTTP/1.1 408 Request Timeout"
    assert answers == [200] * 10

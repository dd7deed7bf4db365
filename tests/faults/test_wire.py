"""Requests that no browser would send: refused in one line, never an error of ours, and nothing of them is logged."""

import socket
from urllib.parse import urlsplit

import pytest

from tests.support.process import Server

HEAD = b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\n"
GET = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"


def answered(server: Server, request: bytes, *, hang_up: bool = False) -> bytes:
    """What the server says until it closes. hang_up: we say that nothing more will come."""
    host = urlsplit(server.url)
    with socket.create_connection((host.hostname, host.port), timeout=10) as wire:
        wire.sendall(request)
        if hang_up:
            wire.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: wire.recv(65536), b""))


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


# Two readers could take these for requests of different lengths: what is left over would be somebody else's.
AMBIGUOUS = {
    "length and chunks": b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG",
    "two lengths": b"Content-Length: 0\r\nContent-Length: 4\r\n\r\nGET ",
    "a length with a sign": b"Content-Length: +4\r\n\r\nGET ",
    "a length with an underscore": b"Content-Length: 1_0\r\n\r\n0123456789",
    "chunks under another name": b"Transfer-Encoding: xchunked\r\nContent-Length: 4\r\n\r\nGET ",
    "chunks among others": b"Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n",
    "chunks twice": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    "a space after the name": b"Content-Length : 4\r\n\r\nGET ",
    "a form in parts, a space after the name": b"Content-Type: multipart/form-data; boundary=x\r\n"
    b"Content-Length : 4\r\n\r\nGET ",
}


@pytest.mark.parametrize("rest", AMBIGUOUS.values(), ids=AMBIGUOUS.keys())
def test_a_request_whose_end_is_in_doubt_is_refused_and_the_connection_closed(server: Server, rest: bytes) -> None:
    answer = answered(server, HEAD + rest + GET + b"\r\n")
    assert (status(answer), answer.count(b"HTTP/1.1 ")) == (400, 1)


BROKEN = {
    "half a body": b"Content-Length: 50\r\n\r\nemail=",
    "half a chunk": b"Transfer-Encoding: chunked\r\n\r\n5\r\nab",
    "no number of a chunk": b"Transfer-Encoding: chunked\r\n\r\nZinnia\r\n",
    "no length": b"Content-Length: Zinnia\r\n\r\n",
    "hundreds of headers": b"".join(b"X-%d: Zinnia\r\n" % number for number in range(200)) + b"\r\n",
}


@pytest.mark.parametrize("rest", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_request_is_the_mistake_of_who_sent_it(server: Server, rest: bytes) -> None:
    assert status(answered(server, HEAD + rest, hang_up=True)) == 400
    assert server.said() == ""


@pytest.mark.parametrize("kind", [b"multipart/form-data; boundary=x", b"multipart/form-data"])
def test_a_form_in_parts_comes_through(server: Server, kind: bytes) -> None:
    """The way a file is sent: the application answers, not the server before it."""
    head = b"POST /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: " + kind
    body = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n'
    request = head + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    assert status(answered(server, request)) == 405


@pytest.mark.parametrize("name", ["..", "a" * 300])
def test_a_host_that_can_be_none_is_refused_in_words(server: Server, name: str) -> None:
    answer = answered(server, b"GET /help HTTP/1.1\r\nConnection: close\r\nHost: " + name.encode() + b"\r\n\r\n")
    assert (status(answer), "n’a pas été comprise".encode() in answer) == (400, True)
    assert server.said() == ""


@pytest.mark.parametrize("path", ["/healthz", "/nowhere", "/api/v1/nowhere", "/socket.io/?EIO=4&sid=%3Cb%3E"])
def test_every_answer_says_how_it_may_be_read(server: Server, path: str) -> None:
    answer = answered(server, GET.replace(b"/healthz", path.encode()) + b"\r\n").split(b"\r\n\r\n")[0].lower()
    assert (
        answer.count(b"x-content-type-options: nosniff") == answer.count(b"content-security-policy: default-src") == 1
    )

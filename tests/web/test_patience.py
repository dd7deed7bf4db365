"""How long the server waits for who takes no answer; of who sends none, see ``tests/faults/test_slow_bodies.py``."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import gevent
import pytest
from gevent import socket
from gevent.pywsgi import WSGIServer

from app.web import patience

LONG = 8 * 2**20


def answer(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Length", str(LONG))])
    return [bytes(LONG)]


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Asks a server that waits for half a second, over a network that holds little."""
    monkeypatch.setattr(patience, "TAKE_SECONDS", 0.5)
    server = WSGIServer(("127.0.0.1", 0), answer, handler_class=patience.Handler, log=None, error_log=None)
    server.start()
    with socket.socket() as wire:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        wire.connect(server.address)
        wire.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        yield wire
    server.stop()


def test_who_takes_no_answer_is_not_waited_for(client: Any, capfd: pytest.CaptureFixture[str]) -> None:
    with gevent.Timeout(20):
        while not patience.Handler.here:
            gevent.sleep(0.01)
        while patience.Handler.here:
            gevent.sleep(0.01)
        with pytest.raises(ConnectionResetError):
            while client.recv(2**20):
                pass
    assert capfd.readouterr() == ("", "")


def test_who_takes_it_slowly_has_all_of_it(client: Any) -> None:
    taken = 0
    with gevent.Timeout(60):
        while taken < LONG:
            taken += len(client.recv(2**20))
            gevent.sleep(0)
    assert taken > LONG - 1


def test_a_file_keeps_its_place_only_until_it_is_read() -> None:
    kept = []

    def application(environ: dict[str, Any], _start: Any) -> list[bytes]:
        kept.append(dict(whole.files))
        return [environ["wsgi.input"].read()]

    def sender(_environ: dict[str, Any]) -> str:
        kept.append(dict(whole.files))
        return "home"

    class Wire(BytesIO):
        def read(self, most: int | None = -1) -> bytes:
            kept.append(dict(whole.files))
            return super().read(most)

    whole = patience.WholeBody(application, 1, lambda _method, _path: 3, sender)
    asked = {"REQUEST_METHOD": "POST", "PATH_INFO": "/", "CONTENT_LENGTH": "3", "wsgi.input": Wire(b"abc")}
    assert list(whole(asked, lambda *_args: None)) == [b"abc"]
    assert kept == [{}, {"home": 1}, {}]

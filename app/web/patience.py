"""How long the server waits for a client that sends slowly.

A request is read whole before the application is entered: a body that trickles in would otherwise hold a database
connection while it does, and sixteen of them would stop the house.
"""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

import gevent
from gevent.pywsgi import WSGIHandler

BODY_SECONDS = 15
HEADERS_SECONDS = 15
IDLE_SECONDS = 75

BODILESS = frozenset({"GET", "HEAD", "OPTIONS"})

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class WholeBody:
    """Reads the body, up to ``most`` bytes and ``BODY_SECONDS``, before it calls the application.

    One byte more than ``most`` is kept, so that the application sees that it is too large and says so.
    """

    def __init__(self, application: Wsgi, most: int) -> None:
        self.application = application
        self.most = most

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or ""
        # A GET may become a websocket, which needs the connection behind wsgi.input as it is.
        if environ["REQUEST_METHOD"] in BODILESS or (length.isdigit() and int(length) > self.most):
            return self.application(environ, start_response)
        try:
            with gevent.Timeout(BODY_SECONDS):
                body = environ["wsgi.input"].read(self.most + 1)
        except gevent.Timeout:
            start_response("408 Request Timeout", [("Content-Length", "0"), ("Connection", "close")])
            return []
        environ["wsgi.input"] = BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        return self.application(environ, start_response)


class Handler(WSGIHandler):
    """Gives up on a client that is slow to say what it wants. Writes no access log, and no address when it breaks."""

    def read_requestline(self) -> str:
        with gevent.Timeout(IDLE_SECONDS, False):
            return str(super().read_requestline())
        return ""

    def read_request(self, raw_requestline: str) -> Any:
        with gevent.Timeout(HEADERS_SECONDS, False):
            return super().read_request(raw_requestline)
        return False

    def log_request(self) -> None:
        pass

    def log_error(self, msg: str, *args: object) -> None:
        pass

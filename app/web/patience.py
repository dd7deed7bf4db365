"""How long the server waits for a client that sends slowly or takes nothing, and what it takes for a request.

A request is read whole before the application is entered: a body that trickles in would otherwise hold a database
connection while it does, and sixteen of them would stop the house.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from email import errors
from email.message import Message
from errno import EPIPE
from http.client import HTTPException
from io import BytesIO
from typing import Any, ClassVar

import gevent
from gevent.pywsgi import WSGIHandler

from app.core.wire import forget_unsent, send_all

BODY_SECONDS = 15
# A file comes slowly from a phone. Each is held in memory while it does, so there are few at a time.
FILE_SECONDS = 60
MOST_FILES = 12
# Of one place: who sends slowly keeps only its own waiting.
MOST_OF_PLACE = 3
HEADERS_SECONDS = 15
IDLE_SECONDS = 75
# So long not one byte more of an answer was taken. A download may pause for a while; a websocket has less.
TAKE_SECONDS = 60

# What Python finds wrong with the body of a form in parts: there is none among the headers.
OF_THE_BODY = (
    errors.StartBoundaryNotFoundDefect,
    errors.MultipartInvariantViolationDefect,
    errors.NoBoundaryInMultipartDefect,
)
BODILESS = frozenset({"GET", "HEAD", "OPTIONS"})
# For what answers without the application: the socket door's refusals, and our own below.
LEAST_HEADERS = (
    (b"Content-Security-Policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"X-Content-Type-Options", b"nosniff"),
)

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class WholeBody:
    """Reads the body, up to ``most`` bytes and ``BODY_SECONDS``, before it calls the application.

    One byte more than ``most`` is kept, so that the application sees that it is too large and says so. A request that
    says beforehand that it brings more is asked about (``most_at``): some addresses take a file, from who has come in
    (``sender``: the place that they send from, None for anybody else). Of others nothing is read: the application gets
    the request without its body, and says what it says to a visitor.
    """

    def __init__(
        self,
        application: Wsgi,
        most: int,
        most_at: Callable[[str, str], int],
        sender: Callable[[Environ], str | None],
    ) -> None:
        self.application = application
        self.most = most
        self.most_at = most_at
        self.sender = sender
        # Those that are on their way now, by the place that they come from.
        self.files: Counter[str] = Counter()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or ""
        told = int(length) if length.isdigit() else 0
        # A GET may become a websocket, which needs the connection behind wsgi.input as it is.
        if environ["REQUEST_METHOD"] in BODILESS:
            return self.application(environ, start_response)
        if told <= self.most:
            refused = _read(environ, self.most + 1, BODY_SECONDS)
            return _give_up(start_response, refused) if refused else self.application(environ, start_response)
        if told > self.most_at(environ["REQUEST_METHOD"], environ["PATH_INFO"]):
            return self.application(environ, start_response)
        place = self.sender(environ)
        if place is None:
            _put_in(environ, b"")
            return self.application(environ, start_response)
        refused = self._read_file(environ, place, told)
        return _give_up(start_response, refused) if refused else self.application(environ, start_response)

    def _read_file(self, environ: Environ, place: str, length: int) -> str:
        """As ``_read``, while there is room for one more; what comes after has the body, and keeps nobody waiting."""
        if self.files.total() >= MOST_FILES or self.files[place] >= MOST_OF_PLACE:
            return "503 Service Unavailable"
        self.files[place] += 1
        try:
            return _read(environ, length, FILE_SECONDS)
        finally:
            self.files -= Counter((place,))


def _read(environ: Environ, most: int, seconds: int) -> str:
    """Read the body, for who reads it next. Returns the status to give up with, or nothing."""
    try:
        with gevent.Timeout(seconds):
            body = environ["wsgi.input"].read(most)
    except gevent.Timeout:
        return "408 Request Timeout"
    except OSError:  # broken off in the middle, or not made of chunks
        return "400 Bad Request"
    _put_in(environ, body)
    return ""


def _put_in(environ: Environ, body: bytes) -> None:
    environ["wsgi.input"] = BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)


def _give_up(start_response: Callable[..., Any], status: str) -> list[bytes]:
    start_response(status, [("Content-Type", "text/plain"), ("Connection", "close")])
    return [status.encode()]


class Handler(WSGIHandler):
    """Gives up on a client that is slow to say what it wants. Writes no access log, and no address when it breaks.

    ``here``: the connections that are open. ``leaving``: this process ends, each connection with its next answer.
    """

    here: ClassVar[set["Handler"]] = set()
    leaving: ClassVar[bool] = False
    busy = False
    code: int

    def handle(self) -> None:
        Handler.here.add(self)
        try:
            super().handle()
        finally:
            Handler.here.discard(self)

    def handle_one_request(self) -> Any:
        try:
            return super().handle_one_request()
        finally:
            self.busy = False

    def MessageClass(self, *args: Any) -> Message:
        """The headers of a request. Raises ValueError, which gevent answers with 400 and the end of the connection."""
        try:
            headers: Message = super().MessageClass(*args)
        except HTTPException as error:  # gevent would print it
            raise ValueError("too many headers") from error
        if _ends_in_doubt(headers):
            raise ValueError("two readers would not agree on its length")
        return headers

    def read_requestline(self) -> str:
        line = ""
        with gevent.Timeout(IDLE_SECONDS, False):
            line = str(super().read_requestline())
        self.busy = bool(line)
        return line

    def read_request(self, raw_requestline: str) -> Any:
        with gevent.Timeout(HEADERS_SECONDS, False):
            return super().read_request(raw_requestline)
        return False

    def run_application(self) -> None:
        super().run_application()
        if "HTTP_UPGRADE" in self.environ:
            # What was a websocket carries no other request: kept, the other side would wait for its end.
            self.close_connection = True

    def finalize_headers(self) -> None:
        told = {name.lower() for name, _value in self.response_headers}
        self.response_headers += [each for each in LEAST_HEADERS if each[0].lower() not in told]
        if Handler.leaving and self.code != 101:
            self.response_headers.append((b"Connection", b"close"))
            self.close_connection = True
        super().finalize_headers()

    def _sendall(self, data: bytes) -> None:
        """As gevent's, but for who takes nothing any more: they are gone."""
        try:
            send_all(self.socket, data, TAKE_SECONDS)
        except OSError as error:
            self.status, self.code = f"socket error: {type(error).__name__}", -abs(self.code)
            if isinstance(error, TimeoutError):
                forget_unsent(self.socket)
                raise BrokenPipeError(EPIPE, "not taken") from None
            raise
        self.response_length += len(data)

    def log_request(self) -> None:
        pass

    def log_error(self, msg: str, *args: object) -> None:
        pass


def _ends_in_doubt(headers: Message) -> bool:
    """Could a proxy before us take this request for a longer or a shorter one? The rest would be somebody else's."""
    lengths = [length.strip() for length in headers.get_all("Content-Length", [])]
    codings = [coding.strip().lower() for coding in headers.get_all("Transfer-Encoding", [])]
    plain = all(length.isascii() and length.isdigit() for length in lengths) and set(codings) <= {"chunked"}
    # A line that is no header ends them for Python, for others it does not. That a form in parts has none of them yet,
    # where only its headers were read, is no doubt.
    defects = [defect for defect in headers.defects if not isinstance(defect, OF_THE_BODY)]
    return bool(defects) or not plain or len(lengths) + len(codings) > 1

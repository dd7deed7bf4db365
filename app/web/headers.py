"""Headers of every answer: the policy of pages, no cache for signed-in people, no referrer to others."""

from flask import Flask, current_app, g, request
from werkzeug.wrappers import Response

from app.web.guard import claims_an_identity

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; "
    "connect-src 'self' {sockets}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "manifest-src 'self'; worker-src 'self'; require-trusted-types-for 'script'; trusted-types fragment"
)


RECORDING = "; media-src blob:"
NO_SENSORS = "camera=(), microphone=(), geolocation=()"


def allow_recording() -> None:
    """On this page one may hear one's own voice: what the browser itself recorded, and nothing that is sent."""
    g.may_record = True


def websocket_twins(origins: list[str]) -> str:
    """The websocket addresses of our own origins: Safari before 16 does not count them as 'self'."""
    return " ".join("ws" + origin.removeprefix("http") for origin in origins)


def init_headers(app: Flask) -> None:
    policy = POLICY.format(sockets=websocket_twins(app.config["ORIGINS"]))

    @app.after_request
    def add_headers(answer: Response) -> Response:
        # No page of others may draw what is ours, not even to measure it.
        answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if request.endpoint == "static_files.serve":
            # Not a page: the whole policy on each of twenty small files would weigh more than some of them.
            answer.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
            answer.headers["X-Content-Type-Options"] = "nosniff"
            return answer
        records = g.get("may_record", False)
        answer.headers.setdefault("Content-Security-Policy", policy + RECORDING if records else policy)
        answer.headers.setdefault("Referrer-Policy", "same-origin")
        answer.headers.setdefault("X-Content-Type-Options", "nosniff")
        sensors = NO_SENSORS.replace("microphone=()", "microphone=(self)") if records else NO_SENSORS
        answer.headers.setdefault("Permissions-Policy", sensors)
        answer.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if current_app.config["SESSION_COOKIE_SECURE"]:
            answer.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        _forbid_keeping(answer)
        return answer


def _forbid_keeping(answer: Response) -> None:
    """A page of a signed-in person is never stored; a public one may be kept but is asked for again."""
    private = claims_an_identity() or answer.status_code >= 400 or request.path.startswith("/api/")
    answer.headers.setdefault("Cache-Control", "no-store" if private else "no-cache, private")
    answer.headers.add("Vary", "Cookie")

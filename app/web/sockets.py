"""The socket door: an event is asked again each time who sends it, and is always answered.

A handler takes ``(actor, data)`` and returns the fields of its acknowledgement; a refusal becomes
``{ok: false, problem}``. Thirty frames that make no sense cut the connection.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

import structlog
from flask import request

from app.core import realtime
from app.core.actor import Actor
from app.core.db import AWAY, db
from app.core.errors import DomainError, Invalid, NotFound, NotSignedIn, Unavailable
from app.web.errors import NO_SUCH_TEXT, problem

Ack = dict[str, Any]
Handler = Callable[[Actor, dict[str, Any]], dict[str, Any]]

log = structlog.get_logger()


@dataclass
class Doorman:
    """Set by the accounts package: who may connect, and who a connection speaks for now."""

    admit: Callable[[Any], Actor | None] = lambda auth: None
    actor_of: Callable[[str], Actor | None] = lambda credential: None


doorman = Doorman()


def sid() -> str:
    """The connection that speaks."""
    return str(request.sid)  # type: ignore[attr-defined]


def on(event: str) -> Callable[[Handler], Handler]:
    """Declare the handler of an event of the contract."""

    def declare(handler: Handler) -> Handler:
        realtime.socketio.on(event)(_answered(handler))
        return handler

    return declare


def _answered(handler: Handler) -> Callable[..., Ack]:
    @wraps(handler)
    def receive(*args: Any) -> Ack:
        try:
            data = args[0] if len(args) == 1 else None
            if not isinstance(data, dict):
                raise BadFrame()
            return {"ok": True, **handler(_speaker(), data)}
        except Exception as error:
            return _refused(error)
        finally:
            db.session.remove()

    return receive


class BadFrame(Invalid):
    """A frame that no client of ours would send."""

    code = "bad_frame"


def text_of(data: dict[str, Any], name: str, most: int = 200) -> str:
    """A required text of the frame. Raises BadFrame."""
    value = data.get(name)
    if not isinstance(value, str) or not value or len(value) > most:
        raise BadFrame(field=name)
    return value


def whole_of(data: dict[str, Any], name: str) -> int | None:
    """An optional whole number ≥ 0 of the frame. Raises BadFrame."""
    value = data.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**53:
        raise BadFrame(field=name)
    return value


def _speaker() -> Actor:
    held = realtime.connection(sid())
    found = doorman.actor_of(held.credential) if held else None
    if found is None:
        raise NotSignedIn()
    return found


def _refused(error: Exception) -> Ack:
    if isinstance(error, BadFrame):
        realtime.bad_frame(sid())
    if isinstance(error, AWAY):
        error = Unavailable()
    if isinstance(error, NO_SUCH_TEXT):
        error = NotFound()
    if not isinstance(error, DomainError):
        log.error("unforeseen", error=type(error).__name__, door="socket")
        error = DomainError("internal", status=500)
    return {"ok": False, "problem": problem(error)}


def _unknown(_event: str, *_args: Any) -> Ack:
    return _refused(BadFrame("unknown_event"))


def _connect(auth: Any = None) -> bool:
    try:
        found = doorman.admit(auth)
    finally:
        db.session.remove()
    if found is None or not realtime.may_open(f"account:{found.account_id}"):
        return False
    realtime.opened(sid(), found.credential, f"account:{found.account_id}", found.until)
    return True


def sweep() -> None:
    """What the clock does about sockets: see ``realtime.sweep``."""

    def still_in(credential: str) -> datetime | None:
        found = doorman.actor_of(credential)
        return found.until if found else None

    realtime.sweep(still_in)


def _disconnect(*_args: Any) -> None:
    realtime.closed(sid())


realtime.socketio.on("connect")(_connect)
realtime.socketio.on("disconnect")(_disconnect)
realtime.socketio.on("*")(_unknown)

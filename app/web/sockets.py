"""The socket door: an event is asked again each time who sends it, and is always answered.

A handler takes ``(actor, data)`` and returns the fields of its acknowledgement; a refusal becomes
``{ok: false, problem}``. Thirty frames that make no sense cut the connection.
"""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

import structlog

from app.core import metrics, realtime
from app.core.actor import Actor
from app.core.db import AWAY, MOST_CONNECTIONS, ask_inside, db
from app.core.errors import DomainError, Invalid, NotFound, NotSignedIn, Unavailable
from app.core.turns import Turns
from app.web.errors import NO_SUCH_TEXT, problem

Ack = dict[str, Any]
Handler = Callable[[Actor, dict[str, Any]], dict[str, Any]]

log = structlog.get_logger()
# Who else wants to know that an event went well: called with the speaker and its name.
heard: list[Callable[[Actor, str], None]] = []


# Half of the pool, for those who come back.
returning = Turns(MOST_CONNECTIONS // 2)
# Seconds in that line. A client that was let in waits ten for an answer, and takes our silence for a dead line.
FOR_CONNECT, FOR_ANSWER = 20, 6
# The connections whose event is being handled.
being_answered: set[str] = set()


@dataclass
class Doorman:
    """Set by the accounts package: who may connect, and who a connection speaks for now."""

    admit: Callable[[Any], Actor | None] = lambda auth: None
    actor_of: Callable[[str], Actor | None] = lambda credential: None


doorman = Doorman()


def sid() -> str:
    """The connection that speaks."""
    return realtime.speaking()


def on(event: str, *, writes: bool = False, in_turn: bool = False) -> Callable[[Handler], Handler]:
    """Declare the handler of an event of the contract.

    writes: it does nothing outside ``transaction()``. Whether the speaker still may speak is then asked in there, in
    the moment of what they do, and who they are is what the connection remembers.
    in_turn: what a crowd that comes back asks all at once; a few at a time, so that who posts finds a connection.
    """

    def declare(handler: Handler) -> Handler:
        receive = _answered(event, handler, _remembered if writes else _speaker, _in_turn if in_turn else nullcontext)
        realtime.socketio.on(event)(receive)
        return handler

    return declare


def _in_turn() -> AbstractContextManager[None]:
    return returning.one(FOR_ANSWER)


def _answered(
    event: str,
    handler: Handler,
    speaker_now: Callable[[], Actor],
    turn: Callable[[], AbstractContextManager[None]],
) -> Callable[..., Ack]:
    @wraps(handler)
    def receive(*args: Any) -> Ack:
        here = sid()
        being_answered.add(here)
        try:
            data = args[0] if len(args) == 1 else None
            if not isinstance(data, dict):
                raise BadFrame()
            with turn():
                speaker = speaker_now()
                said = handler(speaker, data)
            for hear in heard:
                hear(speaker, event)
            return {"ok": True, **said}
        except Exception as error:
            return _refused(error)
        finally:
            being_answered.discard(here)
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
    if held is None or found is None:
        raise NotSignedIn()
    held.speaker = found
    return found


def _remembered() -> Actor:
    """Who a connection speaks for, as it was told last; each transaction of the event begins by asking again."""
    held = realtime.connection(sid())
    if held is None or held.speaker is None:
        return _speaker()
    known = held.speaker

    def ask() -> None:
        held.speaker = doorman.actor_of(held.credential)
        if held.speaker is None or held.speaker.role != known.role:
            raise NotSignedIn()

    ask_inside(ask)
    return known


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
    metrics.REFUSALS.labels(error.code, "socket").inc()
    return {"ok": False, "problem": problem(error)}


def _unknown(_event: str, *_args: Any) -> Ack:
    return _refused(BadFrame("unknown_event"))


def _connect(auth: Any = None) -> bool:
    try:
        with returning.one(FOR_CONNECT):
            begun = time.monotonic()
            found = doorman.admit(auth)
    except Exception as error:
        # Without a no, the line would stay open for nobody: who waits there would never come again.
        _refused(error)
        return False
    finally:
        db.session.remove()
    if found is None:
        return False
    account = f"account:{found.account_id}"
    if not realtime.may_open(account) or realtime.ended_since(begun, found.credential, account):
        return False
    # Gone while they waited: no goodbye would ever come of them.
    if not realtime.is_there(sid()):
        return False
    realtime.opened(sid(), found.credential, account, found.until)
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

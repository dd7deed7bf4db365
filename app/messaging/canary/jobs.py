"""The clock's door: each minute the canary writes by one socket of this house and hears itself by another."""

import uuid

from flask import current_app

from app.core import jobs, metrics
from app.core.clock import now
from app.core.clockwork import CANARY
from app.messaging.canary.actions import Perch, forget_old, settle
from app.messaging.canary.line import Line

ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # where to find who listens everywhere
_perch: list[Perch] = []


def begin() -> None:
    """From now on, in a process of a house that serves."""
    jobs.every(CANARY, minutes=1)(sing)


def sing() -> None:
    """Write, hear it, forget what is old. Raises Silent or OSError."""
    if not _perch:
        _perch[:] = [perch for perch in [settle()] if perch]
    if not _perch:
        return
    try:
        _sing(_perch[0])
    except Exception:
        _perch.clear()  # the next time with new keys: these may be no more
        raise
    metrics.CANARY_HEARD.set(now().timestamp())
    forget_old(_perch[0])


def _sing(perch: Perch) -> None:
    settings = current_app.extensions["settings"]
    where = ANYWHERE.get(settings.host, settings.host), settings.port
    writes, listens = perch.secrets
    with Line(*where, listens) as ear, Line(*where, writes) as beak:
        ear.ask("club:watch", {"club": perch.slug})
        said = {"thread": perch.thread, "client_id": str(uuid.uuid4()), "body": "."}
        message = beak.ask("message:post", said)["message"]["id"]
        while not _tells(ear, message):
            pass


def _tells(ear: Line, message: str) -> bool:
    event, told = ear.hear()
    return event == "change" and bool(told["data"]) and told["data"]["id"] == message

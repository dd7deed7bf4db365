"""The clock's door of help at the desk: thirty minutes are over, a receipt has waited an hour."""

from typing import Any

from sqlalchemy import delete

from app.core import jobs
from app.core.clock import now
from app.core.db import db, transaction
from app.houses.assisted.actions import close
from app.houses.assisted.models import Assistance


@jobs.handler("assisted:end")
def end_in_time(payload: dict[str, Any]) -> None:
    """At the end that was set when it began. Every door judged so by the clock already."""
    with transaction():
        row = db.session.get(Assistance, payload["assistance"])
        if row is not None and row.expires_at <= now():
            close(row)


@jobs.handler("assisted:forget")
def forget_in_time(payload: dict[str, Any]) -> None:
    """What was done is forgotten with its receipt."""
    with transaction():
        db.session.execute(delete(Assistance).where(Assistance.id == payload["assistance"]))

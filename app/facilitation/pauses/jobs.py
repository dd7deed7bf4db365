"""The clock's door of pauses: what is over leaves no trace. Whether one is over is judged by the clock, not by this."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.clubs.models import Membership, Pause
from app.core import jobs
from app.core.clock import now
from app.core.db import db, transaction
from app.facilitation.models import Decision, Objection

LOOK_AGAIN = timedelta(days=7)


@jobs.handler("pauses:end")
def forget_pause(payload: dict[str, Any]) -> None:
    """A pause or a bar whose time is over goes, and with it the hash of who it was about."""
    with transaction():
        pause = db.session.get(Pause, payload["pause"])
        if pause is None or pause.until > now():
            return
        about = db.session.scalars(select(Decision.membership_id).where(Decision.pause_id == pause.id)).first()
        target = db.session.get(Membership, about) if about else None
        if target is not None and not target.paused:
            target.paused_until = None
        db.session.delete(pause)


@jobs.handler("pauses:forget_name")
def forget_name(payload: dict[str, Any]) -> None:
    """Once nobody can object any more, the name of who was removed goes; an objection that waits keeps it."""
    with transaction():
        pause = db.session.get(Pause, payload["pause"])
        if pause is None:
            return
        waiting = (
            select(Objection.id)
            .join(Decision, Decision.id == Objection.decision_id)
            .where(Decision.pause_id == pause.id, Objection.answered_at.is_(None))
        )
        if db.session.scalar(waiting) is not None:
            jobs.enqueue("pauses:forget_name", payload, now() + LOOK_AGAIN)
            return
        pause.name_sealed = None

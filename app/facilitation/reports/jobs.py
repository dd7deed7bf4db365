"""The clock's door: what was hidden for a time comes back by itself."""

from typing import Any

from app.core import jobs
from app.core.db import db, transaction
from app.facilitation.models import Decision
from app.facilitation.reports.actions import restore_in_time


@jobs.handler("reports:restore")
def restore(payload: dict[str, Any]) -> None:
    """The end of a hiding; running it twice, or early, changes nothing."""
    with transaction():
        decision = db.session.get(Decision, payload["decision"], with_for_update=True)
        if decision is not None:
            restore_in_time(decision)

"""The clock's door of clubs."""

from datetime import timedelta
from typing import Any

from app.clubs.actions import FORMER_NAME_DAYS
from app.clubs.models import Membership
from app.core import jobs
from app.core.clock import now
from app.core.db import db, transaction


@jobs.handler("clubs:forget_former_name")
def forget_former_name(payload: dict[str, Any]) -> None:
    """A former name goes once its seven days are over; a newer one has its own job."""
    with transaction():
        membership = db.session.get(Membership, payload["membership"])
        if membership is None or membership.renamed_at is None:
            return
        if membership.renamed_at <= now() - timedelta(days=FORMER_NAME_DAYS):
            membership.former_name = membership.renamed_at = None

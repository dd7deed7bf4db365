"""The clock's door of clubs."""

from typing import Any

from app.clubs.models import Membership
from app.core import jobs
from app.core.db import db, transaction


@jobs.handler("clubs:forget_former_name")
def forget_former_name(payload: dict[str, Any]) -> None:
    """A former name goes once its seven days are over; a newer one has its own job."""
    with transaction():
        membership = db.session.get(Membership, payload["membership"])
        if membership is not None and membership.shown_former_name is None:
            membership.former_name = membership.renamed_at = None

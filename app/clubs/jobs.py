"""The clock's door of clubs."""

from typing import Any

from sqlalchemy import select

from app.clubs import leaving as leaving
from app.clubs import partings as partings
from app.clubs.models import Membership, Pause
from app.clubs.queries import ASKED
from app.core import jobs
from app.core.db import db, transaction
from app.core.retention import Lasting, by_key, stays

# Nobody answered for a whole season: the sentence that they wrote goes with the request.
UNANSWERED = Lasting(months=3)
OVER = Lasting(days=2)


@jobs.handler("clubs:forget_former_name")
def forget_former_name(payload: dict[str, Any]) -> None:
    """A former name goes once its seven days are over; a newer one has its own job."""
    with transaction():
        membership = db.session.get(Membership, payload["membership"])
        if membership is not None and membership.shown_former_name is None:
            membership.former_name = membership.renamed_at = None


by_key(
    "clubs:requests", ("membership",), UNANSWERED, Membership.id,
    lambda moment: select(Membership.id).where(ASKED, Membership.asked_at < UNANSWERED.before(moment)),
)  # fmt: skip
# Each has a job that ends it; this finds what a lost job left.
by_key(
    "clubs:pauses", ("pause",), OVER, Pause.id,
    lambda moment: select(Pause.id).where(Pause.until < OVER.before(moment)),
)  # fmt: skip
stays("club", "a club lasts as long as its members want")

"""The clock's door of rehearsals: a number is forgotten at the end, the rest some days later."""

from typing import Any

from sqlalchemy import select

from app.core import jobs
from app.core.clock import now
from app.core.db import db, transaction
from app.core.retention import Lasting, by_key, stays
from app.practice import leaving as leaving
from app.practice.models import PracticeOffer, Rehearsal

# Long enough to say "not with this person again".
KEPT = Lasting(days=7)


@jobs.handler("practice:forget_phone")
def forget_phone(payload: dict[str, Any]) -> None:
    """At the end of a rehearsal its number goes."""
    with transaction():
        row = db.session.get(Rehearsal, payload["rehearsal"], with_for_update=True)
        if row is not None and row.ends_at <= now():
            row.phone_sealed = None


by_key(
    "practice:rehearsals", ("rehearsal",), KEPT, Rehearsal.id,
    lambda moment: select(Rehearsal.id).where(Rehearsal.ends_at < KEPT.before(moment)),
)  # fmt: skip
by_key(
    "practice:offers", ("practice_offer",), KEPT, PracticeOffer.id,
    lambda moment: select(PracticeOffer.id).where(PracticeOffer.ends_at < KEPT.before(moment)),
)  # fmt: skip
stays("practice_refusal", "somebody would rather not meet somebody again: until one of the two leaves for good")

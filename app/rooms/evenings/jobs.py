"""The clock's door of evenings: what is decided, and how long a condition and a name are kept."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.core import jobs
from app.core.retention import Lasting, by_key
from app.rooms.evenings import leaving as leaving
from app.rooms.evenings.bounds import BEFORE
from app.rooms.evenings.deciding import decide
from app.rooms.evenings.models import EveningRule, KeyHolder
from app.rooms.models import Claim

AFTERWARDS = Lasting(days=3)


@jobs.handler("evenings:decide")
def decide_evening(payload: dict[str, Any]) -> None:
    """Seven days before; running twice does nothing more."""
    decide(payload["rule"])


by_key(
    "rooms:keys", ("key_holder",), AFTERWARDS, KeyHolder.claim_id,
    lambda moment: select(KeyHolder.claim_id).join(Claim, Claim.id == KeyHolder.claim_id).where(
        Claim.ends_at < AFTERWARDS.before(moment)
    ),
)  # fmt: skip
by_key(
    "rooms:evenings", ("evening_rule",), AFTERWARDS, EveningRule.id,
    lambda moment: select(EveningRule.id).where(
        EveningRule.decides_at < AFTERWARDS.before(moment) - BEFORE - timedelta(days=1)
    ),
)  # fmt: skip

"""What happens to a person in all their clubs shows in each at a moment of its own.

Two clubs that see something at the same time could be joined up by who is in both.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

from app.core import jobs
from app.core.clock import now
from app.core.sealed import keyed_hash

WITHIN = timedelta(hours=24)
# So late only after the house was switched off: what waited meanwhile must not come all at once.
LATE = timedelta(minutes=5)


def own_moment(within: timedelta = WITHIN) -> datetime:
    """A moment between now and then, each as likely as the other, that no other draw tells anything of."""
    return now() + timedelta(seconds=secrets.randbelow(int(within.total_seconds())))


def moment_after(since: datetime, about: str) -> datetime:
    """As ``own_moment``, where no row keeps it: the same each time for the same thing, from the key of the house."""
    drawn = int(keyed_hash("own-moment", f"{about} {since.isoformat()}"), 16)
    return since + timedelta(seconds=drawn % int(WITHIN.total_seconds()))


def plan_parting(kind: str, facts: dict[str, Any], done_by: datetime, moment: datetime) -> None:
    """A job of that kind, at that moment, in the present transaction. done_by: what was promised to who leaves."""
    jobs.enqueue(kind, {**facts, "by": done_by.isoformat(), "at": moment.isoformat()}, moment)


def draw_again(kind: str, payload: dict[str, Any]) -> bool:
    """Was the moment of a planned parting missed? Then another is drawn, as long as the promise can be kept."""
    moment, done_by = (datetime.fromisoformat(payload[each]) for each in ("at", "by"))
    left = done_by - now()
    if now() - moment <= LATE or left <= LATE:
        return False
    plan_parting(kind, payload, done_by, own_moment(left))
    return True

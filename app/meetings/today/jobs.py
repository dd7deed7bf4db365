"""The clock's door of the day: what was said of it goes with the end of the meeting."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select

from app.core import jobs
from app.core.clock import now
from app.core.retention import Lasting, by_key, rule_named
from app.meetings.models import Meeting
from app.meetings.queries import ENDS, OFF
from app.meetings.today import leaving as leaving
from app.meetings.today import parts as parts
from app.meetings.today.keeping import forget_moves, forget_ways
from app.meetings.today.models import Arrival
from app.rooms.models import Claim

AT_ITS_END = Lasting()
RULES = ("today:ways", "today:moves")


def _over(moment: datetime) -> Select[str]:
    wanted = select(Meeting.id).outerjoin(Claim, Claim.id == Meeting.claim_id)
    return wanted.where(or_(moment >= ENDS, OFF.is_not(None)))


def _ways(moment: datetime) -> Select[Any]:
    return _over(moment).where(select(Arrival.meeting_id).where(Arrival.meeting_id == Meeting.id).exists())


def _moves(moment: datetime) -> Select[Any]:
    return _over(moment).where(Meeting.moved_to != "")


by_key("today:ways", ("arrival",), AT_ITS_END, Meeting.id, _ways, lambda found: forget_ways(_ids(found)))
by_key("today:moves", ("meeting",), AT_ITS_END, Meeting.id, _moves, lambda found: forget_moves(_ids(found)))


def _ids(found: Sequence[Any]) -> list[str]:
    return [str(each) for each in found]


@jobs.every("today:forget", minutes=10)
def forget_days() -> None:
    """Not only at night: what ends with the meeting does."""
    for name in RULES:
        while rule_named(name).purge(now()):
            pass

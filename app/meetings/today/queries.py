"""What is said on the day of a meeting, for who may know it."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select

from app.clubs.models import Membership
from app.clubs.queries import ACTIVE
from app.core.clock import now
from app.core.db import db
from app.meetings.models import Rsvp
from app.meetings.queries import MeetingView
from app.meetings.today.models import Arrival
from app.meetings.today.policy import is_the_day


@dataclass(frozen=True)
class Day:
    """How many are on their way, and how many of them late; what the reader said: ``way``, ``late`` or nothing."""

    on_way: int
    late: int
    mine: str


def is_today(meeting: MeetingView) -> bool:
    """Is it the day of a meeting that takes place and is not over?"""
    start, end = meeting.span
    return not meeting.off and is_the_day(start, end, ZoneInfo(meeting.house.timezone), now())


def day_of(meeting: MeetingView) -> Day | None:
    """For who comes, and for nobody else; only of those who still come."""
    if meeting.me is None or meeting.answer != "yes":
        return None
    comes = and_(Rsvp.meeting_id == Arrival.meeting_id, Rsvp.membership_id == Arrival.membership_id)
    rows = db.session.execute(
        select(Arrival.membership_id, Arrival.late)
        .join(Rsvp, comes)
        .join(Membership, Membership.id == Arrival.membership_id)
        .where(Arrival.meeting_id == meeting.id, Rsvp.answer == "yes", ACTIVE)
    ).all()
    said = {membership_id: "late" if late else "way" for membership_id, late in rows}
    return Day(len(said), sum(each == "late" for each in said.values()), said.get(meeting.me.id, ""))

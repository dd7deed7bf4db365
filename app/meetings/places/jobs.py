"""The clock's door of places: a day after the meeting nobody can read where it was."""

from datetime import datetime

from sqlalchemy import Select, or_, select

from app.core import jobs
from app.core.clock import now
from app.core.retention import Lasting, by_key, rule_named, stays
from app.meetings.models import Meeting
from app.meetings.places.models import MeetingPlace
from app.meetings.queries import ENDS, OFF
from app.rooms.models import Claim

AFTER = Lasting(days=1)


def _over(moment: datetime) -> Select[str]:
    return (
        select(MeetingPlace.meeting_id)
        .join(Meeting, Meeting.id == MeetingPlace.meeting_id)
        .outerjoin(Claim, Claim.id == Meeting.claim_id)
        .where(or_(AFTER.before(moment) > ENDS, OFF.is_not(None)))
    )


by_key("places:secrets", ("meeting_place",), AFTER, MeetingPlace.meeting_id, _over)
stays("house_link", "it is the house itself, which its team describes")


@jobs.every("places:forget", minutes=10)
def forget_places() -> None:
    """Not only at night: what was said to be gone after a day is."""
    while rule_named("places:secrets").purge(now()):
        pass

"""Who may read where a meeting is, and say what links look like. Pure."""

from datetime import datetime, timedelta

from app.core.actor import Actor
from app.meetings.queries import MeetingView

BEFORE, AFTER = timedelta(hours=24), timedelta(hours=24)


def can_read_place(meeting: MeetingView, moment: datetime) -> bool:
    """Who said yes, from a day before the meeting until a day after; a lead who does not come reads nothing either."""
    if meeting.me is None or not meeting.me.active or meeting.me.visit_until is not None or meeting.off:
        return False
    start, end = meeting.span
    return meeting.answer == "yes" and start - BEFORE <= moment <= end + AFTER


def can_set_link(actor: Actor) -> bool:
    """The managers of the house."""
    return actor.role == "manager"

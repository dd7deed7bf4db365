"""The programme on the meeting's page."""

from app.core.actor import Actor
from app.meetings.parts import on_meeting
from app.meetings.programme.queries import points_of, things_of
from app.meetings.queries import MeetingView
from app.web.parts import Part


def points_part(_actor: Actor, meeting: MeetingView) -> Part | None:
    """What it is about."""
    if meeting.me is None:
        return None
    shown = {"points": points_of(meeting, meeting.me), "may_change": _may_change(meeting)}
    return Part("programme/_on_meeting.html", shown)


def things_part(_actor: Actor, meeting: MeetingView) -> Part | None:
    """Who brings what."""
    if meeting.me is None:
        return None
    shown = {"things": things_of(meeting, meeting.me), "may_change": _may_change(meeting)}
    return Part("programme/_brought.html", shown, beside=True)


def _may_change(meeting: MeetingView) -> bool:
    return meeting.me is not None and meeting.me.visit_until is None and not meeting.past and not meeting.off


on_meeting.extend((points_part, things_part))

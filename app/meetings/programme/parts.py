"""The programme on the meeting's page."""

from app.core.actor import Actor
from app.meetings.parts import on_meeting
from app.meetings.programme.queries import points_of, things_of
from app.meetings.queries import MeetingView
from app.web.parts import Part


def programme_part(_actor: Actor, meeting: MeetingView) -> Part | None:
    """Its points, and who brings what."""
    me = meeting.me
    if me is None:
        return None
    may_change = me.visit_until is None and not meeting.past and not meeting.off
    shown = {"points": points_of(meeting, me), "things": things_of(meeting, me), "may_change": may_change}
    return Part("programme/_on_meeting.html", shown)


on_meeting.append(programme_part)

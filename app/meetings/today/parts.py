"""The day on the page of a meeting: first of all that stands there, as long as it lasts."""

from app.core.actor import Actor
from app.meetings.parts import on_meeting
from app.meetings.policy import can_plan_meeting
from app.meetings.queries import MeetingView
from app.meetings.today.queries import day_of, is_today
from app.web.parts import Part


def today_part(_actor: Actor, meeting: MeetingView) -> Part | None:
    """That it moved; for who comes, how many are on their way and their own tap; for a lead, that it moves."""
    me = meeting.me
    if me is None or not is_today(meeting):
        return None
    shown = {"day": day_of(meeting), "leads": can_plan_meeting(me), "visits": me.visit_until is not None}
    return Part("today/_on_meeting.html", shown)


on_meeting.append(today_part)

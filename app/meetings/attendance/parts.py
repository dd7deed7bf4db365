"""Attendance on the page of a meeting that has begun, and what a club notes on its own page."""

from datetime import timedelta

from app.clubs import parts
from app.clubs.models import Club, Membership
from app.core.actor import Actor
from app.core.clock import now
from app.meetings.attendance.policy import can_note_attendance, can_read_attendance
from app.meetings.attendance.queries import attendance_of, names_since, own_names
from app.meetings.parts import on_meeting
from app.meetings.queries import MeetingView
from app.web.parts import Part

ANNOUNCED = timedelta(days=7)


def attendance_part(_actor: Actor, meeting: MeetingView) -> Part | None:
    """How many were there; for a lead the way to note it."""
    me = meeting.me
    if me is None or me.visit_until is not None or meeting.off or meeting.span[0] > now():
        return None
    leads = can_note_attendance(me) and can_read_attendance(me, meeting.span[1])
    return Part("attendance/_on_meeting.html", {"seen": attendance_of(meeting), "leads": leads})


def kept_part(_actor: Actor, club: Club, _me: Membership) -> Part:
    """What the club notes of who comes: every member reads it, a lead changes it."""
    return Part("attendance/_on_club.html", {"named": names_since(club) is not None})


def announced_part(_actor: Actor, club: Club, _me: Membership) -> Part | None:
    """That names are noted stands under the meetings for a week: who does not wish it takes theirs off."""
    since = names_since(club)
    if since is None or now() - since > ANNOUNCED:
        return None
    return Part("attendance/_announced.html", {"since": since})


def own_part(_actor: Actor, _club: Club, me: Membership) -> Part | None:
    """For who is on pause, and reads no meeting: where their name is noted, to take it off."""
    noted = own_names(me)
    return Part("attendance/_on_pause.html", {"noted": noted}) if noted else None


on_meeting.append(attendance_part)
parts.kept.append(kept_part)
parts.ahead.append(announced_part)
parts.paused.append(own_part)

"""Minutes on the page of their meeting, and what was decided on that of the club."""

from app.clubs import parts
from app.clubs.models import Club, Membership
from app.core.actor import Actor
from app.core.clock import now
from app.meetings.minutes.queries import decided_in, history_of, is_readable, last_before
from app.meetings.parts import on_meeting
from app.meetings.queries import MeetingView
from app.web.parts import Part

SHOWN = 5


def minutes_part(actor: Actor, meeting: MeetingView) -> Part | None:
    """The way to them, and what was decided there."""
    me = meeting.me
    if me is None:
        return None
    readable = is_readable(meeting.id, me)
    shown = {
        "readable": readable,
        "history": history_of(meeting.id, 1) if readable else [],
        "before": last_before(actor, meeting, me),
        "decided": decided_in(meeting.club, me, meeting_id=meeting.id),
        "may_write": readable and meeting.start <= now() and me.visit_until is None and not meeting.off,
    }
    return Part("minutes/_on_meeting.html", shown)


def decisions_part(_actor: Actor, club: Club, me: Membership) -> Part | None:
    """The last of what the club decided; nothing as long as it has decided nothing."""
    decided = decided_in(club, me, SHOWN + 1)
    return Part("minutes/_on_club.html", {"decided": decided[:SHOWN], "more": len(decided) > SHOWN})


on_meeting.append(minutes_part)
parts.ahead.append(decisions_part)

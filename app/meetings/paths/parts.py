"""The session on the page of a club, when it has ended, and on the page of each of its meetings."""

from app.clubs.models import Club, Membership
from app.clubs.parts import ahead
from app.core.actor import Actor
from app.meetings.parts import on_meeting
from app.meetings.paths.queries import ended_for_club, review_in, steps_of, today_of
from app.meetings.queries import MeetingView
from app.web.parts import Part


def session_part(_actor: Actor, club: Club, membership: Membership) -> Part | None:
    """For a month after the last meeting, and as long as the club rests."""
    found = ended_for_club(club)
    if found is None:
        return None
    line, said = found
    rests = said.rest_until is not None and said.rest_until > today_of(line)
    written = any(each.seq >= membership.first_seq for each in review_in(line.id))
    return Part("paths/_ended.html", {"path": line, "said": said, "rests": rests, "written": written})


def step_part(_actor: Actor, meeting: MeetingView) -> Part | None:
    """Which step of its session a meeting is: the start circle, the closing review, or one between."""
    if meeting.claim is None or meeting.claim.session_id is None:
        return None
    line = steps_of(meeting.claim.session_id)
    role = next((step.role for step in line.steps if step.id == meeting.id), "")
    return Part("paths/_of_meeting.html", {"path": line, "role": role})


ahead.append(session_part)
on_meeting.append(step_part)

"""Where a meeting is, on its page; what a lead may do there with what stands outside the rooms."""

from app.clubs.models import Club
from app.clubs.queries import house_of
from app.core.actor import Actor
from app.meetings.parts import on_meeting
from app.meetings.places.queries import pattern_of, place_for
from app.meetings.policy import can_plan_meeting
from app.meetings.queries import MeetingView
from app.rooms.refusals import elsewhere
from app.web.parts import Part


def place_part(_actor: Actor, meeting: MeetingView) -> Part | None:
    """The address and the link for those who come, in their span; for the others that they are shown then."""
    if meeting.me is None or meeting.off:
        return None
    leads, place = can_plan_meeting(meeting.me) and not meeting.past, place_for(meeting)
    offers = leads and meeting.room is not None and bool(pattern_of(meeting.house))
    if meeting.room is not None and not place.online and not offers:
        return None
    return Part("places/_place.html", {"one": meeting, "place": place, "leads": leads, "offers": offers})


def gives_links(club: Club) -> bool:
    """May a club meet online? Its house says what links look like."""
    return bool(pattern_of(house_of(club)))


on_meeting.append(place_part)
elsewhere.online = gives_links

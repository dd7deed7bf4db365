"""What the floors above discussions show beside one: the club's next meeting."""

from flask import url_for

from app.clubs.models import Club
from app.core.actor import Actor
from app.meetings.queries import upcoming_for_club
from app.messaging.beside import NextMeeting


def next_meeting(actor: Actor, club: Club) -> NextMeeting | None:
    """The first that is ahead, for one of the club's members."""
    ahead = upcoming_for_club(actor, club, limit=1)
    if not ahead:
        return None
    one = ahead[0]
    where = url_for("meetings.show_meeting", meeting_id=one.id)
    return NextMeeting(one.title, one.start, one.spot, one.door_word, one.evening, where)

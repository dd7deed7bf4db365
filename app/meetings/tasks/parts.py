"""What there is to do, on the club's page."""

from datetime import timedelta

from app.clubs import parts
from app.clubs.models import Club, Membership
from app.core.actor import Actor
from app.meetings.tasks.queries import done_of, number_of, tasks_of
from app.web.parts import Part

SHOWN = 5
JUST_DONE = timedelta(hours=1)


def tasks_part(_actor: Actor, club: Club, me: Membership) -> Part:
    """The first of them, and what was just done, to be undone."""
    shown = {"tasks": tasks_of(club, me, SHOWN), "done": done_of(club, me, JUST_DONE), "number": number_of(club, me)}
    return Part("tasks/_on_club.html", shown)


parts.ahead.append(tasks_part)

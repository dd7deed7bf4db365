"""What a club's own pages say of what it decides: to its members what runs and what came out, to its leads what comes
up again.
"""

from zoneinfo import ZoneInfo

from app.clubs import parts
from app.clubs.models import Club, Membership
from app.clubs.queries import house_of
from app.core.actor import Actor
from app.core.clock import now
from app.meetings.ballots.queries import answered_by, closed_ballots, open_ballots, to_review
from app.meetings.ballots.results import told
from app.web.parts import Part

SHOWN = 3


def deciding(actor: Actor, club: Club, me: Membership) -> Part | None:
    """Under the meetings of a club: what it decides now, and the last things that it decided."""
    if me.visit_until is not None:
        return None
    running = open_ballots(me)
    closed = told(closed_ballots(me, SHOWN))
    values = {"club": club, "running": running, "answered": answered_by(actor, me, running), "closed": closed}
    return Part("ballots/_ahead.html", values)


def reviewing(_actor: Actor, club: Club, me: Membership) -> Part | None:
    """Below the requests of a club's leads: what was to be looked at again by now."""
    due = to_review(me, now().astimezone(ZoneInfo(house_of(club).timezone)).date())
    if not due:
        return None
    return Part("ballots/_review.html", {"due": told(due)}, waiting=len(due))


parts.ahead.append(deciding)
parts.below.append(reviewing)

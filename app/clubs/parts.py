"""What the floors above put on the pages of a club: nothing, when empty.

On the page for its members: ahead (under the meetings), kept (beside them, what the club keeps). On that of its leads:
below the requests, and beside them. On the one from outside, for a member on pause: paused.
"""

from collections.abc import Callable

from app.clubs.models import Club, Membership
from app.core.actor import Actor
from app.web.parts import Part

Compose = Callable[[Actor, Club, Membership], Part | None]
ahead: list[Compose] = []
kept: list[Compose] = []
below: list[Compose] = []
beside: list[Compose] = []
paused: list[Compose] = []


def parts_for(actor: Actor, club: Club, membership: Membership, where: list[Compose]) -> list[Part]:
    """The parts that have something to say to one member."""
    found = [compose(actor, club, membership) for compose in where]
    return [part for part in found if part is not None]

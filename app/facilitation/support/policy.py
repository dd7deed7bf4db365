"""Who may ask the team for a hand. Pure. Who may read and answer is in ``queries``: nobody else finds it."""

from app.clubs.models import Membership
from app.core.actor import Actor


def can_ask_help(membership: Membership) -> bool:
    return membership.leads


def can_stop_lead(actor: Actor) -> bool:
    """Between leads the team decides, when one of them has asked it to."""
    return actor.is_staff


def can_take_help(actor: Actor) -> bool:
    """The team takes care of what leads ask."""
    return actor.is_staff

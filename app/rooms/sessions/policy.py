"""Who may do what with sessions. Pure."""

from app.clubs.models import Membership
from app.core.actor import Actor


def can_ask_session(membership: Membership) -> bool:
    """Leads ask for a session, take it back, and read the answer."""
    return membership.leads


def can_answer_session(actor: Actor) -> bool:
    """The team of the house grants a session, or says why not."""
    return actor.is_staff

"""Who proposes something for the shelf in the name of no club. Pure."""

from app.clubs.models import Membership


def can_propose_item(membership: Membership) -> bool:
    """Leads: what a club found useful, everybody may read."""
    return membership.leads

"""Who may do what with draws. Pure."""

from app.clubs.models import Membership


def can_rank_wishes(membership: Membership) -> bool:
    """Leads hold slots for their club, so they wish for them too."""
    return membership.leads

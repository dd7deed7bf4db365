"""Who may do what with rooms. Pure."""

from app.clubs.models import Membership


def can_claim_slot(membership: Membership) -> bool:
    """Leads hold slots for their club."""
    return membership.leads


def can_release_claim(membership: Membership) -> bool:
    """Any lead of the club gives a slot back, whoever took it."""
    return membership.leads

"""Who may do what with rooms. Pure."""

from app.clubs.models import Membership


def can_claim_slot(membership: Membership) -> bool:
    """Leads hold slots for their club."""
    return membership.leads


def can_release_claim(membership: Membership) -> bool:
    """Any lead of the club gives a slot back, whoever took it."""
    return membership.leads


def can_change_claim(membership: Membership) -> bool:
    """Leads say otherwise what a meeting is."""
    return membership.leads


def can_move_claim(membership: Membership) -> bool:
    """Leads move a meeting to another slot."""
    return membership.leads


def can_swap_claims(membership: Membership) -> bool:
    """Leads propose an exchange with another club, and answer one."""
    return membership.leads

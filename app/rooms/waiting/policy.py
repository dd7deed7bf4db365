"""Who may do what with the waiting list. Pure."""

from app.clubs.models import Membership


def can_wait(membership: Membership) -> bool:
    """Leads put their club on the list, answer an offer and leave the list."""
    return membership.leads


def can_hold_slot(membership: Membership) -> bool:
    """Leads have a slot kept while they fill the page of a claim."""
    return membership.leads

"""Who may say that a club is there. Pure."""

from app.clubs.models import Membership


def can_check_in(membership: Membership) -> bool:
    """Any member who comes; who is only on a visit does not speak for the club."""
    return membership.active and membership.visit_until is None

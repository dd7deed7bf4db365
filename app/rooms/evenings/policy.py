"""Who says whom the team may know for an evening. Pure."""

from app.clubs.models import Membership


def can_say_holder(membership: Membership) -> bool:
    """Any lead of the club, whoever booked."""
    return membership.leads

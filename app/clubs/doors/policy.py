"""Who may change the door of a club. Pure: what is asked is given."""

from app.clubs.models import Membership


def can_change_door(membership: Membership) -> bool:
    return membership.leads

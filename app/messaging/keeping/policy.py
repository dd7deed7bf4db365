"""Who may choose how long a club keeps what it says. Pure: what is asked is given."""

from app.clubs.models import Membership


def can_choose_keeping(membership: Membership) -> bool:
    return membership.leads

"""Who may invite and end a visit. Pure. Who may begin one is in ``queries``: nobody else finds it."""

from app.clubs.models import Membership


def can_invite_visitor(membership: Membership) -> bool:
    return membership.leads


def can_end_visit(membership: Membership) -> bool:
    """Any lead of the club; who is invited ends their own."""
    return membership.leads

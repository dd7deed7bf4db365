"""Who may do what with points and things. Pure. Any member adds, orders and takes: see ``queries``."""

from app.clubs.models import Membership
from app.meetings.programme.models import AgendaPoint, Thing


def can_drop_point(membership: Membership, point: AgendaPoint) -> bool:
    """Who added it, or a lead."""
    return membership.leads or point.added_by_id == membership.id


def can_leave_thing(membership: Membership, thing: Thing) -> bool:
    """Who brings it gives it back; a lead does for who answers no more."""
    return membership.leads or thing.taker_id == membership.id


def can_drop_thing(membership: Membership, thing: Thing) -> bool:
    """Who asked for it, or a lead."""
    return membership.leads or thing.asked_by_id == membership.id

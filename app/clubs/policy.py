"""Who may do what in a club. Pure: what is asked is given."""

from app.clubs.models import Membership
from app.core.actor import Actor


def can_join_club(actor: Actor) -> bool:
    """Staff belong to no club: a person who is both has two accounts."""
    return not actor.is_staff


def can_read_requests(membership: Membership) -> bool:
    return membership.leads


def can_accept_request(membership: Membership) -> bool:
    return membership.leads


def can_refuse_request(membership: Membership) -> bool:
    return membership.leads


def can_set_role(membership: Membership) -> bool:
    return membership.leads


def can_step_down(other_leads: int) -> bool:
    """A club is never left without a lead."""
    return other_leads > 0


def can_leave_club(membership: Membership, other_leads: int, others: int) -> bool:
    """The last lead hands over first, as long as there is somebody to hand over to."""
    return not membership.leads or other_leads > 0 or others == 0

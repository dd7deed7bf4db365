"""Who may do what with dates to choose. Pure."""

from app.clubs.models import Membership
from app.meetings.polls.models import Poll


def can_open_poll(membership: Membership) -> bool:
    """Any member proposes dates; who is on a visit does not."""
    return membership.active and membership.visit_until is None


def can_answer_poll(membership: Membership) -> bool:
    """Any member says which dates suit them."""
    return membership.active and membership.visit_until is None


def can_add_date(membership: Membership, poll: Poll) -> bool:
    """Who proposed the dates, and the leads."""
    return membership.leads or poll.opened_by_id == membership.id


def can_cancel_poll(membership: Membership, poll: Poll) -> bool:
    """Who proposed the dates, and the leads."""
    return membership.leads or poll.opened_by_id == membership.id


def can_type_answers(membership: Membership) -> bool:
    """A lead copies the sheet that somebody filled in by hand."""
    return membership.leads


def can_choose_date(membership: Membership) -> bool:
    """Leads turn a date into a meeting: a room is theirs to book."""
    return membership.leads

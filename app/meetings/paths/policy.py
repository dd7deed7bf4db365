"""Who may do what with the path of a session. Pure."""

from app.clubs.models import Membership
from app.meetings.paths.models import SessionGoal


def can_take_part(membership: Membership) -> bool:
    """Any member of the club, who writes goals and the closing review too; who is only on a visit is not counted."""
    return membership.active and membership.visit_until is None


def can_remove_goal(membership: Membership, goal: SessionGoal) -> bool:
    """Who wrote it, and the leads."""
    return can_take_part(membership) and (membership.leads or goal.by_id == membership.id)


def can_lead_session(membership: Membership) -> bool:
    """Leads say how many places there are, and whether the club goes on or rests."""
    return membership.leads

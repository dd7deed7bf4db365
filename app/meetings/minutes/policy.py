"""Who may do what with minutes. Pure. Who may read and write them is in ``queries``."""

from app.clubs.models import Membership
from app.meetings.minutes.models import NotedDecision


def can_drop_decision(membership: Membership, decision: NotedDecision) -> bool:
    """Who wrote the line, or a lead."""
    return membership.leads or decision.written_by_id == membership.id

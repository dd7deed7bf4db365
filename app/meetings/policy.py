"""Who may do what with meetings. Pure."""

from app.clubs.models import Club, Membership
from app.rooms.models import Claim


def can_answer_meeting(membership: Membership) -> bool:
    """Any member of the club says whether they come; who is only on a visit is not counted."""
    return membership.active and membership.visit_until is None


def can_plan_meeting(membership: Membership) -> bool:
    """Leads plan a meeting outside the rooms, change it and call it off, as they claim a room."""
    return membership.leads


def can_see_from_outside(club: Club, claim: Claim | None) -> bool:
    """A meeting in a room that a listed club opened to all, as long as it stands."""
    return claim is not None and club.listed and claim.public and claim.released_at is None

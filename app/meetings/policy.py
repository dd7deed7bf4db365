"""Who may do what with meetings. Pure."""

from app.clubs.models import Club, Membership
from app.rooms.models import Claim


def can_answer_meeting(membership: Membership) -> bool:
    """Any member of the club says whether they come."""
    return membership.active


def can_see_from_outside(club: Club, claim: Claim) -> bool:
    """A meeting that a listed club opened to all, as long as it stands."""
    return club.listed and claim.public and claim.released_at is None

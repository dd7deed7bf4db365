"""Who may note who was there, and who reads it. Pure."""

from datetime import datetime

from app.clubs.models import Membership


def can_note_attendance(membership: Membership) -> bool:
    """Leads note it, and choose for their club whether names are noted."""
    return membership.leads


def can_read_attendance(membership: Membership, end: datetime) -> bool:
    """Who was in the club by the end of the meeting: who comes after does not see the past; nor does a visit."""
    began = membership.began_at
    return membership.active and membership.visit_until is None and began is not None and began < end

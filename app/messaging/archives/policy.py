"""Who may do what with a club's archive. Pure: what is asked is given."""

from app.clubs.models import Membership


def can_ask_archive(membership: Membership) -> bool:
    return membership.leads


def can_confirm_archive(membership: Membership, asked_by_id: str | None) -> bool:
    """Two leads, not one twice."""
    return membership.leads and membership.id != asked_by_id


def can_cancel_archive(membership: Membership) -> bool:
    return membership.leads


def can_fetch_archive(membership: Membership) -> bool:
    return membership.leads

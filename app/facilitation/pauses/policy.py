"""Who may stop whom. Pure."""

from app.clubs.models import Membership


def can_pause_member(membership: Membership) -> bool:
    return membership.leads


def can_remove_member(membership: Membership) -> bool:
    return membership.leads


def can_end_pause(membership: Membership) -> bool:
    """Any lead of the club, whoever began it."""
    return membership.leads


def can_be_kept_out(target: Membership, *, led: bool) -> bool:
    """Neither who leads nor who led lately: between leads, the team decides. So nobody stops themselves either."""
    return target.role != "lead" and not led

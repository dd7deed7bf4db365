"""Who may do what in a discussion. Pure: what is asked is given. Who may read it is in ``queries``."""

from app.clubs.models import Membership
from app.messaging.models import Message


def can_post_message(membership: Membership) -> bool:
    return membership.active


def can_edit_message(membership: Membership, message: Message) -> bool:
    """One's own words only, whoever leads."""
    return membership.active and message.membership_id == membership.id


def can_withdraw_message(membership: Membership, message: Message) -> bool:
    """One's own words only: hiding what another wrote is an act of its own, with a reason."""
    return membership.active and message.membership_id == membership.id


def can_react(membership: Membership) -> bool:
    return membership.active

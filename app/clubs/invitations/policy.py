"""Who invites. Pure. Leads alone: a lead answers for who comes in, as at the door on request.

Of the team no question is asked here: for anybody else what the desk asked does not exist (see ``queries``).
"""

from app.clubs.models import Membership


def can_make_invitation(membership: Membership) -> bool:
    return membership.leads


def can_withdraw_invitation(membership: Membership) -> bool:
    """Any lead of the club takes back what another one made."""
    return membership.leads


def can_answer_desk(membership: Membership) -> bool:
    return membership.leads

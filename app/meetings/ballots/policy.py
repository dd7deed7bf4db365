"""Who may do what when a club decides. Pure."""

from app.clubs.models import Membership
from app.meetings.ballots.models import Ballot


def can_open_ballot(membership: Membership) -> bool:
    """Any member of the club; who is only on a visit decides nothing in it."""
    return membership.active and membership.visit_until is None


def can_vote(membership: Membership) -> bool:
    """Each member once."""
    return membership.active and membership.visit_until is None


def can_amend_ballot(membership: Membership, ballot: Ballot) -> bool:
    """Who put it changes the proposal; of one that was put anew, any lead too."""
    return _answers_for(membership, ballot)


def can_withdraw_ballot(membership: Membership, ballot: Ballot) -> bool:
    """Who put the question takes it back; one that was put anew, any lead too."""
    return _answers_for(membership, ballot)


def _answers_for(membership: Membership, ballot: Ballot) -> bool:
    return ballot.put_by_id == membership.id or (membership.leads and ballot.again_of_id is not None)


def can_close_ballot(membership: Membership) -> bool:
    """Leads end it before its time."""
    return membership.leads


def can_review_ballot(membership: Membership) -> bool:
    """What comes up again comes up to the leads."""
    return membership.leads

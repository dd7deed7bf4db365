"""The verb of looking at a decision again with the whole club: the same question, open once more."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from app.clubs import live
from app.clubs.actions import not_a_lead
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import transaction
from app.core.errors import Gone
from app.meetings.ballots.actions import DAY, LONGEST, SHORTEST, Wish, held, put
from app.meetings.ballots.models import Ballot
from app.meetings.ballots.policy import can_review_ballot
from app.meetings.ballots.queries import is_to_review

HOUR = timedelta(hours=1)


def ask_again(actor: Actor, ballot_id: str) -> Ballot:
    """A lead puts a question anew that was to be looked at again; the old one is so, and stays as it came out.

    Of two leads at once, one. Its words are still those of who wrote them: they go with them. Any lead may change, or
    take back, what was put so.
    """
    with transaction():
        ballot, club, me = held(actor, ballot_id)
        if not can_review_ballot(me):
            raise not_a_lead()
        if not is_to_review(ballot) or ballot.erased:
            raise Gone("nothing_to_review", _l("Il n’y a rien à revoir."))
        fresh = put(club, me, _same(ballot), ballot)
        ballot.reviewed_at = now()
        live.record(club.id, "ballot:changed", ballot.id)
        return fresh


def _same(ballot: Ballot) -> Wish:
    """For as long as it was first open, and to be looked at again after as long."""
    hours = (ballot.ends_at - ballot.opened_at) // HOUR
    moment = now().date()
    wait = ballot.review_on - ballot.opened_at.date() if ballot.review_on else DAY
    return Wish(
        way=ballot.way, question=ballot.question, body=ballot.body, options=ballot.options, secret=ballot.secret,
        several=ballot.several, wanted=ballot.wanted, hours=min(max(hours, SHORTEST), LONGEST),
        review_on=moment + max(wait, DAY),
    )  # fmt: skip

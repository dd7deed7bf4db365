"""The end of a ballot: what was said is counted or drawn, by the rule; what served only to count goes."""

from sqlalchemy import delete, select

from app.clubs import live
from app.clubs.models import Membership
from app.clubs.queries import IN_CLUB
from app.core.clock import now
from app.core.db import db, transaction
from app.core.sealed import unseal
from app.meetings.ballots import box
from app.meetings.ballots.models import Ballot, BallotVoice
from app.meetings.ballots.queries import label_of, voices_of
from app.meetings.ballots.rule import keys_of, outcome_of, summed
from app.rooms.draw.record import record_of
from app.rooms.draw.rule import Bid
from app.web.api import stamp


def close_due(ballot_id: str) -> None:
    """Close a ballot whose end has come. Run again it finds that it is done."""
    with transaction():
        club_id = db.session.scalar(select(Ballot.club_id).where(Ballot.id == ballot_id))
        if club_id is None:
            return
        live.hold(club_id)
        ballot = db.session.get(Ballot, ballot_id, with_for_update=True, populate_existing=True)
        if ballot is not None and ballot.closed_at is None and ballot.ends_at <= now():
            end_ballot(ballot)


def end_ballot(ballot: Ballot) -> None:
    """In the present transaction, which holds the club and the ballot."""
    if ballot.secret:
        _count_box(ballot)
    else:
        _count_voices(ballot)
    ballot.closed_at = now()
    live.record(ballot.club_id, "ballot:closed", ballot.id)


def take_back(ballot: Ballot) -> None:
    """In the present transaction, which holds the club and the ballot: it is no more, and decides nothing.

    What it put anew is to be looked at again, if its words are still there.
    """
    ballot_id, club_id, again_of_id = ballot.id, ballot.club_id, ballot.again_of_id
    db.session.delete(ballot)
    db.session.flush()
    live.record(club_id, "ballot:closed", ballot_id)
    if again_of_id is None:
        return
    old = db.session.get(Ballot, again_of_id, with_for_update=True, populate_existing=True)
    if old is not None and not old.erased:
        old.reviewed_at = None
        live.record(club_id, "ballot:changed", old.id)


def _count_box(ballot: Ballot) -> None:
    found = box.empty_out(ballot)
    if found is None:
        ballot.outcome = "lost"
        return
    voters, counts = found
    ballot.outcome = outcome_of(ballot.way, counts, voters, secret=True)
    # Too few for nobody to be known: what they said is thrown away.
    ballot.counts = {} if ballot.outcome == "few" else counts


def _count_voices(ballot: Ballot) -> None:
    gone = select(Membership.id).where(Membership.club_id == ballot.club_id, ~IN_CLUB)
    db.session.execute(
        delete(BallotVoice).where(BallotVoice.ballot_id == ballot.id, BallotVoice.membership_id.in_(gone))
    )
    voices = [voice for _name, voice in voices_of(ballot)]
    ballot.counts = summed(keys_of(ballot.way, ballot.options), [voice.picks for voice in voices])
    ballot.outcome = outcome_of(ballot.way, ballot.counts, len(voices))
    if ballot.way == "lots" and voices:
        _draw(ballot, voices)


def _draw(ballot: Ballot, voices: list[BallotVoice]) -> None:
    """As a draw of slots in which all are equal and wish for every place: the lot alone decides."""
    seed = unseal(ballot.seed_sealed or "")
    if seed is None:
        ballot.outcome = "lost"
        return
    places = [{"id": f"place-{number}"} for number in range(1, ballot.wanted + 1)]
    wishes = tuple(place["id"] for place in places)
    bids = [Bid(label_of(ballot, voice.membership_id), wishes) for voice in voices]
    ballot.record = record_of({"ballot": ballot.id, "ends_at": stamp(ballot.ends_at)}, seed, places, bids)


def drawn_labels(ballot: Ballot) -> list[str]:
    """Who was drawn, in order; nobody before."""
    results = ballot.record["results"] if ballot.record else []
    return [told["label"] for told in results if told["outcome"] == "won"]

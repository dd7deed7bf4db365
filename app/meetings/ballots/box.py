"""The box of votes without names: a sum is opened, one vote is added, the sum is sealed anew.

What was added is nowhere: neither in a row of its own nor in a log. Each sum is as long as any other and bears no time.
"""

import json
from collections.abc import Sequence

from sqlalchemy import delete

from app.core.db import db, upsert
from app.core.sealed import keyed_hash, seal_undated, unseal
from app.meetings.ballots.models import Ballot, BallotBox, BallotVoter
from app.meetings.ballots.rule import keys_of

# How many voted, beside the keys of what they chose.
VOTERS = "voters"


def voter_key(ballot_id: str, account_id: str) -> str:
    """Under which a ballot knows who has voted; nobody reads from it who it is."""
    return keyed_hash("ballot-voter", f"{ballot_id}:{account_id}")


def set_up(ballot: Ballot) -> None:
    """An empty box, in the present transaction."""
    empty = dict.fromkeys((VOTERS, *keys_of(ballot.way, ballot.options)), 0)
    db.session.add(BallotBox(ballot_id=ballot.id, sum_sealed=_sealed(empty)))


def take_place(ballot: Ballot, account_id: str) -> bool:
    """Write down that somebody votes: False for who has already. The database settles it, whoever else is at it."""
    mark = upsert(BallotVoter).values(ballot_id=ballot.id, person_key=voter_key(ballot.id, account_id))
    taken = db.session.execute(mark.on_conflict_do_nothing().returning(BallotVoter.ballot_id))
    return taken.first() is not None


def add(ballot: Ballot, picks: Sequence[str]) -> bool:
    """Add a vote to the sum; the ballot is locked by the caller. False when the sum cannot be opened any more."""
    box = db.session.get_one(BallotBox, ballot.id, populate_existing=True)
    found = _opened(box)
    if found is None:
        return False
    for key in (VOTERS, *picks):
        found[key] += 1
    box.sum_sealed = _sealed(found)
    return True


def empty_out(ballot: Ballot) -> tuple[int, dict[str, int]] | None:
    """How many voted and what they chose; the box and who has voted go. None when it cannot be opened any more."""
    box = db.session.get_one(BallotBox, ballot.id, populate_existing=True)
    found = _opened(box)
    db.session.delete(box)
    db.session.execute(delete(BallotVoter).where(BallotVoter.ballot_id == ballot.id))
    return (found.pop(VOTERS), found) if found is not None else None


def _sealed(counts: dict[str, int]) -> str:
    return seal_undated(json.dumps({key: f"{count:06}" for key, count in counts.items()}))


def _opened(box: BallotBox) -> dict[str, int] | None:
    told = unseal(box.sum_sealed)
    return {key: int(count) for key, count in json.loads(told).items()} if told is not None else None

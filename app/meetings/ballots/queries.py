"""Reads of ballots, always for someone: who is not in the club finds none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from app.clubs.models import Club, Membership
from app.clubs.queries import ACTIVE, IN_CLUB
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.ids import ID
from app.core.privacy import ERASED
from app.core.sealed import keyed_hash
from app.meetings.ballots.box import voter_key
from app.meetings.ballots.models import Ballot, BallotVoice, BallotVoter
from app.meetings.ballots.rule import CARRIED

SHOWN = 100
# Closed by a decision, in words that are still there.
DECIDED = and_(Ballot.outcome.in_(CARRIED), Ballot.question != ERASED)


@dataclass(frozen=True)
class BallotView:
    """A ballot as one member reads it. voices: with their names, by name · mine: what they said themselves · voted:
    whether they have, with a name or without · opened_by: nobody when they are gone.
    """

    ballot: Ballot
    club: Club
    me: Membership
    opened_by: str | None
    voices: list[tuple[str, BallotVoice]]
    mine: BallotVoice | None
    voted: bool

    @property
    def running(self) -> bool:
        return is_running(self.ballot)


def is_running(ballot: Ballot) -> bool:
    """May it still be answered? Its end counts, also while the clock has not closed it yet."""
    return ballot.closed_at is None and ballot.ends_at > now()


def is_to_review(ballot: Ballot) -> bool:
    """Is it decided, and will it come up again?"""
    return ballot.review_on is not None and ballot.closed_at is not None and ballot.reviewed_at is None


def ballot_for(actor: Actor, ballot_id: str) -> tuple[Ballot, Club, Membership]:
    """A ballot of one of the actor's clubs, opened since they may read it, and who they are there. Raises NotFound."""
    # One question, whatever the answer: a second one would tell by the clock that it is there.
    wanted = (
        select(Ballot, Club, Membership)
        .join(Club, Club.id == Ballot.club_id)
        .join(Membership, Membership.club_id == Club.id)
        .where(Ballot.id == ballot_id, Ballot.seq >= Membership.first_seq)
        .where(Membership.account_id == actor.account_id, ACTIVE, IN_CLUB)
    )
    found = db.session.execute(wanted).first() if ID.fullmatch(ballot_id) else None
    if found is None:
        raise NotFound()
    return found[0], found[1], found[2]


def seen_by(actor: Actor, ballot: Ballot, club: Club, me: Membership) -> BallotView:
    """What the page of a ballot shows to one of the club."""
    voices = voices_of(ballot)
    mine = next((voice for _name, voice in voices if voice.membership_id == me.id), None)
    voted = has_voted(actor, ballot) if ballot.secret else mine is not None
    opener = db.session.get(Membership, ballot.opened_by_id) if ballot.opened_by_id else None
    return BallotView(ballot, club, me, opener.name if opener else None, voices, mine, voted)


def voices_of(*ballots: Ballot) -> list[tuple[str, BallotVoice]]:
    """What was said with a name, by those who are still in the club."""
    said = (
        select(Membership.name, BallotVoice)
        .join(Membership, Membership.id == BallotVoice.membership_id)
        .where(BallotVoice.ballot_id.in_([each.id for each in ballots]), IN_CLUB)
        .order_by(Membership.name, Membership.id)
    )
    return [(name or "", voice) for name, voice in db.session.execute(said)]


def has_voted(actor: Actor, ballot: Ballot) -> bool:
    """Has the actor voted here without a name? Only they are told."""
    return db.session.get(BallotVoter, (ballot.id, voter_key(ballot.id, actor.account_id))) is not None


def anybody_voted(ballot: Ballot) -> bool:
    """Is there a vote, with a name or without?"""
    kind = BallotVoter if ballot.secret else BallotVoice
    return db.session.scalar(select(kind.ballot_id).where(kind.ballot_id == ballot.id).limit(1)) is not None


def open_ballots(me: Membership) -> Sequence[Ballot]:
    """What a member's club decides now, the first to end first."""
    return _ballots(me, Ballot.closed_at.is_(None), Ballot.ends_at, Ballot.id)


def closed_ballots(me: Membership, limit: int = SHOWN) -> Sequence[Ballot]:
    """What a member's club has decided, the newest first."""
    return _ballots(me, Ballot.closed_at.is_not(None), Ballot.closed_at.desc(), Ballot.id, limit=limit)


def decided_ballots(me: Membership, but: Any, limit: int) -> Sequence[Ballot]:
    """What a member's club has decided by a ballot, the newest first. but: a question for the ids to leave out."""
    return _ballots(me, and_(DECIDED, Ballot.id.not_in(but)), Ballot.closed_at.desc(), Ballot.id, limit=limit)


def decided_ballot_for(me: Membership, ballot_id: str) -> Ballot:
    """One of them. Raises NotFound."""
    wanted = select(Ballot).where(Ballot.club_id == me.club_id, Ballot.seq >= me.first_seq, DECIDED)
    found = db.session.scalar(wanted.where(Ballot.id == ballot_id)) if ID.fullmatch(ballot_id) else None
    if found is None:
        raise NotFound()
    return found


def _ballots(me: Membership, which: ColumnElement[bool], *order: Any, limit: int = SHOWN) -> Sequence[Ballot]:
    wanted = select(Ballot).where(Ballot.club_id == me.club_id, Ballot.seq >= me.first_seq, which)
    return db.session.scalars(wanted.order_by(*order).limit(limit)).all()


def answered_by(actor: Actor, me: Membership, ballots: Sequence[Ballot]) -> set[str]:
    """Of some ballots, those that the actor has answered: with a name, or without."""
    if not ballots:
        return set()
    ids = [each.id for each in ballots]
    keys = {voter_key(each.id, actor.account_id): each.id for each in ballots if each.secret}
    named = select(BallotVoice.ballot_id).where(BallotVoice.membership_id == me.id, BallotVoice.ballot_id.in_(ids))
    secret = select(BallotVoter.ballot_id).where(BallotVoter.person_key.in_(keys), BallotVoter.ballot_id.in_(ids))
    return set(db.session.scalars(named.union(secret)))


def to_review(me: Membership, today: date) -> Sequence[Ballot]:
    """What a lead is asked to look at again, the oldest first."""
    due = and_(Ballot.review_on <= today, Ballot.reviewed_at.is_(None), Ballot.closed_at.is_not(None))
    return _ballots(me, due, Ballot.review_on, Ballot.id)


def number_open(club: Club) -> int:
    """How many a club decides now."""
    wanted = select(func.count()).where(Ballot.club_id == club.id, Ballot.closed_at.is_(None))
    return int(db.session.scalar(wanted) or 0)


def label_of(ballot: Ballot, membership_id: str) -> str:
    """What stands for a volunteer in the file of a draw: of no use in another one."""
    return keyed_hash("ballot-label", f"{ballot.id}:{membership_id}")[:10]

"""What a person takes away, and takes along, of what their clubs decided.

A vote without a name cannot be found: not by us either. It stays in the sum, and so it is said before one votes.
"""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from app.clubs import live
from app.clubs.leaving import club_names
from app.clubs.models import Membership
from app.clubs.partings import Messages, parting
from app.core.db import db
from app.core.privacy import ERASED, Rows, keep_back, take_away
from app.meetings.ballots.models import Ballot, BallotVoice
from app.meetings.ballots.words import PICKS


def part_from_ballots(membership_id: str, messages: Messages) -> None:
    """What they said with their name goes; of what is closed the numbers stay. Their questions go with the messages."""
    _take_voices_back(membership_id)
    theirs = select(Ballot).where(Ballot.opened_by_id == membership_id).order_by(Ballot.id)
    if messages == "blank":
        for ballot in db.session.scalars(theirs.with_for_update()).all():
            _blank(ballot)
    db.session.execute(update(Ballot).where(Ballot.opened_by_id == membership_id).values(opened_by_id=None))


def _take_voices_back(membership_id: str) -> None:
    theirs = select(BallotVoice, Ballot).join(Ballot, Ballot.id == BallotVoice.ballot_id)
    rows = db.session.execute(theirs.where(BallotVoice.membership_id == membership_id).order_by(Ballot.id)).all()
    for voice, _ballot in rows:
        db.session.delete(voice)
    db.session.flush()
    for club_id in {ballot.club_id for _voice, ballot in rows}:
        live.record_all(club_id, [("ballot:changed", each.id) for _voice, each in rows if each.club_id == club_id])


def _blank(ballot: Ballot) -> None:
    """Nobody answers a question that is no more; what came out of one keeps its numbers."""
    if ballot.closed_at is None:
        db.session.delete(ballot)
        db.session.flush()
        live.record(ballot.club_id, "ballot:closed", ballot.id)
        return
    ballot.question, ballot.body, ballot.options = ERASED, "", [ERASED for _option in ballot.options]


def question_rows(account_id: str) -> Rows:
    """The questions that a person put to their clubs."""
    names = club_names(account_id)
    asked = (
        select(Ballot)
        .join(Membership, Membership.id == Ballot.opened_by_id)
        .where(Membership.account_id == account_id)
        .order_by(Ballot.opened_at, Ballot.id)
    )
    return [
        {
            "title": each.question,
            "text": "\n".join([each.body, *each.options]).strip(),
            "club": names[each.club_id],
            "at": each.opened_at,
        }
        for each in db.session.scalars(asked)
    ]


def voice_rows(account_id: str) -> Rows:
    """What a person said under their name. The questions, and the choices, are somebody else's words."""
    names = club_names(account_id)
    said = (
        select(BallotVoice, Ballot.club_id)
        .join(Ballot, Ballot.id == BallotVoice.ballot_id)
        .join(Membership, Membership.id == BallotVoice.membership_id)
        .where(Membership.account_id == account_id)
        .order_by(BallotVoice.at, Ballot.id)
    )
    return [
        {
            "word": ", ".join(str(PICKS.get(key) or _("Choix %(number)s", number=key)) for key in voice.picks),
            "reason": voice.reason,
            "proposal": voice.proposal,
            "club": names[club_id],
            "at": voice.at,
        }
        for voice, club_id in db.session.execute(said)
    ]


parting.append(part_from_ballots)
take_away("questions", _l("Les questions que j’ai posées à un club"), question_rows, ("ballot", "opened_by_id"))
take_away("votes", _l("Mes réponses avec mon nom"), voice_rows, ("ballot_voice", "membership_id"))
keep_back(
    "ballot_voter", "person_key", "that one has voted without a name, until the end: what was said leads to nobody"
)

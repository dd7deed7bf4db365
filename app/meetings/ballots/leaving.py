"""What a person takes away, and takes along, of what their clubs decided.

A vote without a name cannot be found: not by us either. It stays in the sum, and so it is said before one votes.
"""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select, update

from app.clubs import live
from app.clubs.leaving import club_names, ends_of, was_there
from app.clubs.models import Membership
from app.clubs.partings import Messages, parting
from app.core.db import db
from app.core.privacy import ERASED, Rows, keep_back, take_away
from app.meetings.ballots.closing import take_back
from app.meetings.ballots.models import Ballot, BallotVoice
from app.meetings.ballots.words import PICKS


def part_from_ballots(membership_id: str, messages: Messages) -> None:
    """What they said with their name goes; of what is closed the numbers stay. Their words go with the messages."""
    _take_voices_back(membership_id)
    theirs = select(Ballot).where(or_(Ballot.opened_by_id == membership_id, Ballot.body_by_id == membership_id))
    if messages == "blank":
        # What was put anew comes after what it puts anew, whose words are gone by then.
        for ballot in db.session.scalars(theirs.order_by(Ballot.opened_at, Ballot.id).with_for_update()).all():
            _blank(ballot, membership_id)
    for column in (Ballot.opened_by_id, Ballot.body_by_id, Ballot.put_by_id):
        db.session.execute(update(Ballot).where(column == membership_id).values({column.key: None}))


def _take_voices_back(membership_id: str) -> None:
    theirs = select(BallotVoice, Ballot).join(Ballot, Ballot.id == BallotVoice.ballot_id)
    rows = db.session.execute(theirs.where(BallotVoice.membership_id == membership_id).order_by(Ballot.id)).all()
    for voice, _ballot in rows:
        db.session.delete(voice)
    db.session.flush()
    for club_id in {ballot.club_id for _voice, ballot in rows}:
        live.record_all(club_id, [("ballot:changed", each.id) for _voice, each in rows if each.club_id == club_id])


def _blank(ballot: Ballot, membership_id: str) -> None:
    """Nobody answers what is no more; what came out of it keeps its numbers, and a question the words of another."""
    if ballot.closed_at is None:
        take_back(ballot)
    elif ballot.opened_by_id == membership_id:
        ballot.question, ballot.body, ballot.options = ERASED, "", [ERASED for _option in ballot.options]
    else:
        ballot.body = ERASED


def question_rows(account_id: str) -> Rows:
    """The questions that a person put to their clubs, and the proposals that they wrote for another's.

    What a club asked anew after they left, in their words, is its own.
    """
    names, ends = club_names(account_id), ends_of(account_id)
    asked = select(Ballot).where(or_(Ballot.opened_by_id.in_(ends), Ballot.body_by_id.in_(ends)))
    return [
        _question_row(each, names, set(ends))
        for each in db.session.scalars(asked.order_by(Ballot.opened_at, Ballot.id))
        if was_there(ends, each.opened_at, each.opened_by_id, each.body_by_id)
    ]


def _question_row(ballot: Ballot, names: dict[str, str], mine: set[str]) -> dict[str, Any]:
    asked = ballot.opened_by_id in mine
    body = ballot.body if ballot.body_by_id in mine else ""
    return {
        "title": ballot.question if asked else None,
        "text": "\n".join([body, *(ballot.options if asked else [])]).strip(),
        "club": names[ballot.club_id],
        "at": ballot.opened_at,
    }


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
take_away(
    "questions",
    _l("Les questions que j’ai posées à un club"),
    question_rows,
    ("ballot", "opened_by_id"),
    ("ballot", "body_by_id"),
)
take_away("votes", _l("Mes réponses avec mon nom"), voice_rows, ("ballot_voice", "membership_id"))
keep_back("ballot", "put_by_id", "that one put a question to the club anew: its words are said with who wrote them")
keep_back(
    "ballot_voter", "person_key", "that one has voted without a name, until the end: what was said leads to nobody"
)

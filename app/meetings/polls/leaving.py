"""What a person takes away, and takes along, of the dates that they proposed and answered."""

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update

from app.clubs.leaving import club_names, memberships_of
from app.clubs.models import Membership
from app.clubs.partings import Messages, parting
from app.core.db import db
from app.core.privacy import Rows, take_away
from app.meetings.polls.models import Poll, PollAnswer, PollDate


def part_from_polls(membership_id: str, messages: Messages) -> None:
    """Their answers go. The question stays the club's; a title and places go with the messages."""
    db.session.execute(delete(PollAnswer).where(PollAnswer.membership_id == membership_id))
    theirs = update(Poll).where(Poll.opened_by_id == membership_id)
    added = update(PollDate).where(PollDate.added_by_id == membership_id)
    if messages == "blank":
        db.session.execute(added.values(place=""))
        with force_locale(str(current_app.config["DEFAULT_LOCALE"])):
            db.session.execute(theirs.values(title=_("Choisir une date")))
    db.session.execute(theirs.values(opened_by_id=None))
    db.session.execute(added.values(added_by_id=None))


def proposed_rows(account_id: str) -> Rows:
    """The dates that a person proposed, in their words; what another asked is called by that one's words."""
    names, mine = club_names(account_id), memberships_of(account_id)
    rows = db.session.execute(
        select(Poll, PollDate)
        .join(PollDate, PollDate.poll_id == Poll.id)
        .where(PollDate.added_by_id.in_(mine))
        .order_by(Poll.opened_at, Poll.id, PollDate.number)
    )
    return [
        {
            "title": poll.title if poll.opened_by_id in mine else None,
            "club": names[poll.club_id],
            "start": date.starts_at,
            "end": date.ends_at,
            "place": date.place,
        }
        for poll, date in rows
    ]


def date_answer_rows(account_id: str) -> Rows:
    """What a person said of which date. How the question is called is somebody else's word."""
    names = club_names(account_id)
    rows = db.session.execute(
        select(Poll.club_id, PollDate.starts_at, PollAnswer.answer)
        .join(PollDate, PollDate.id == PollAnswer.date_id)
        .join(Poll, Poll.id == PollDate.poll_id)
        .join(Membership, Membership.id == PollAnswer.membership_id)
        .where(Membership.account_id == account_id)
        .order_by(PollDate.starts_at, PollDate.id)
    )
    return [{"club": names[club_id], "start": start, "answer": answer} for club_id, start, answer in rows]


parting.append(part_from_polls)
take_away(
    "dates", _l("Les dates que j’ai proposées"), proposed_rows, ("poll", "opened_by_id"), ("poll_date", "added_by_id")
)
take_away("date-answers", _l("Mes réponses aux dates proposées"), date_answer_rows, ("poll_answer", "membership_id"))

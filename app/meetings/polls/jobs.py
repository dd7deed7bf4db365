"""The clock's door of polls: a vote ends at its time, what has not won is given back; how long it is kept."""

from sqlalchemy import select

from app.clubs import live
from app.clubs.models import Club
from app.core import jobs
from app.core.clock import now
from app.core.db import db, transaction
from app.core.retention import Lasting, by_key
from app.houses.models import House
from app.meetings.polls import leaving as leaving
from app.meetings.polls.actions import end_poll
from app.meetings.polls.holds import give_back, holds_of
from app.meetings.polls.models import Poll
from app.meetings.polls.notices import tell_leads_to_choose
from app.meetings.polls.queries import moments_of
from app.meetings.polls.results import standings

OVER = Lasting(days=30)

by_key(
    "polls:over", ("poll", "poll_date", "poll_answer"), OVER, Poll.id,
    lambda moment: select(Poll.id).where(Poll.ends_at < OVER.before(moment)),
)  # fmt: skip


@jobs.every("polls:close", minutes=1)
def close_polls() -> None:
    """End the votes whose time has come."""
    due = db.session.scalars(select(Poll.id).where(Poll.outcome.is_(None), Poll.ends_at <= now())).all()
    db.session.rollback()
    for poll_id in due:
        with transaction():
            _close(poll_id)


def _close(poll_id: str) -> None:
    poll = db.session.get(Poll, poll_id)
    if poll is None:
        return
    live.hold(poll.club_id)
    db.session.refresh(poll)
    if poll.outcome is not None or poll.ends_at > now():
        return
    house = db.session.get_one(House, db.session.get_one(Club, poll.club_id).house_id)
    best = {one.moment.id for one in standings(moments_of(poll, house)) if one.best}
    give_back(one for one in holds_of(poll.id) if one[0].id not in best)
    end_poll(poll, "over")
    if best:
        tell_leads_to_choose(poll)

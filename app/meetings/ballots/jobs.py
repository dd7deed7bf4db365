"""The clock's door: a ballot closes by itself, and what was decided goes when the club keeps it no more."""

from typing import Any

from sqlalchemy import or_, select

from app.clubs.models import Club
from app.core import jobs
from app.core.retention import Lasting, by_key, stays
from app.meetings.ballots import leaving as leaving
from app.meetings.ballots import parts as parts
from app.meetings.ballots.closing import close_due
from app.meetings.ballots.models import Ballot
from app.messaging.keeping.jobs import oldest

# What a club has that chose nothing, as its messages; what is to be looked at again stays until then.
DECISIONS = Lasting(months=12)


@jobs.handler("ballots:close")
def close(payload: dict[str, Any]) -> None:
    """Its end has come, unless it was put off."""
    close_due(payload["ballot"])


def _old(moment: Any) -> Any:
    end = oldest(moment)
    reviewed = or_(Ballot.review_on.is_(None), Ballot.review_on < end)
    return select(Ballot.id).join(Club, Club.id == Ballot.club_id).where(Ballot.closed_at < end, reviewed)


by_key("ballots:past", ("ballot", "ballot_voice"), DECISIONS, Ballot.id, _old)
stays(("ballot_voter", "ballot_box"), "they count a vote without names, and go when it closes, in 30 days at most")

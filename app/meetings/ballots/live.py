"""What the club's log says of ballots: that one opened, changed or closed, and nothing of who said what.

A vote without a name is no row of the log.
"""

from collections.abc import Sequence

from sqlalchemy import select

from app.clubs.live import Shown, renders
from app.clubs.models import Club
from app.core.db import db
from app.meetings.ballots.models import Ballot


@renders("ballot:opened", "ballot:changed", "ballot:closed")
def _ballot(club: Club, ids: Sequence[str]) -> dict[str, Shown]:
    there = db.session.execute(select(Ballot.id, Ballot.seq).where(Ballot.id.in_(ids), Ballot.club_id == club.id))
    return {row.id: Shown({"id": row.id}, row.seq) for row in there}

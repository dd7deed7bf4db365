"""What the club's log says of polls: an id. Who said what is asked from the page, by who may read it."""

from collections.abc import Sequence

from sqlalchemy import select

from app.clubs.live import Shown, renders
from app.clubs.models import Club
from app.core.db import db
from app.meetings.polls.models import Poll


@renders("poll:opened", "poll:changed")
def _poll(club: Club, ids: Sequence[str]) -> dict[str, Shown]:
    rows = db.session.execute(select(Poll.id, Poll.seq).where(Poll.id.in_(ids), Poll.club_id == club.id))
    return {poll_id: Shown({"poll": poll_id}, seq) for poll_id, seq in rows}

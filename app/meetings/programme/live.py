"""What the club's log says of a meeting's programme, read when it is sent: which meeting's, never what it says.

What lies ahead is for every member; of a meeting that is over, it is for who may read some of its programme.
"""

from collections.abc import Sequence

from sqlalchemy import func, select, union_all

from app.clubs.live import Shown, renders
from app.clubs.models import Club
from app.core.clock import now
from app.core.db import db
from app.meetings.models import Meeting
from app.meetings.programme.models import AgendaPoint, Thing
from app.meetings.queries import ENDS
from app.rooms.models import Claim


@renders("programme:changed")
def _programme(club: Club, ids: Sequence[str]) -> dict[str, Shown]:
    meetings = select(Meeting.id, now() < ENDS).outerjoin(Claim, Claim.id == Meeting.claim_id)
    rows = db.session.execute(meetings.where(Meeting.id.in_(ids), Meeting.club_id == club.id)).all()
    last = _last([meeting_id for meeting_id, ahead in rows if not ahead])
    return {
        meeting_id: Shown({"meeting": meeting_id}, 0 if ahead else last[meeting_id])
        for meeting_id, ahead in rows
        if ahead or meeting_id in last
    }


def _last(meeting_ids: Sequence[str]) -> dict[str, int]:
    """The newest of what is left of each programme."""
    lines = union_all(
        *(select(each.meeting_id, each.seq).where(each.meeting_id.in_(meeting_ids)) for each in (AgendaPoint, Thing))
    ).subquery()
    rows = db.session.execute(select(lines.c.meeting_id, func.max(lines.c.seq)).group_by(lines.c.meeting_id))
    return dict(rows.all())

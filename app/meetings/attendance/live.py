"""What the club's log says of attendance, read when it is sent: which meeting's, never how many, nor who.

Once it is over, not which: who came after learns nothing of it, though they may read all that was written.
"""

from collections.abc import Sequence

from sqlalchemy import select

from app.clubs.live import Shown, renders
from app.clubs.models import Club
from app.core.clock import now
from app.core.db import db
from app.meetings.attendance.queries import names_since
from app.meetings.models import Meeting
from app.meetings.queries import ENDS
from app.rooms.models import Claim


@renders("meeting:attended")
def _attended(club: Club, ids: Sequence[str]) -> dict[str, Shown]:
    wanted = select(Meeting.id).outerjoin(Claim, Claim.id == Meeting.claim_id)
    there = wanted.where(Meeting.id.in_(ids), Meeting.club_id == club.id, now() < ENDS)
    return {meeting_id: Shown({"meeting": meeting_id}) for meeting_id in db.session.scalars(there)}


@renders("club:attendance")
def _choice(club: Club, ids: Sequence[str]) -> dict[str, Shown]:
    return {club_id: Shown({"named": names_since(club) is not None}) for club_id in ids}

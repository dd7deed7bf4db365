"""What the club's log says of the day of a meeting, read when it is sent: which one stands elsewhere, never where."""

from collections.abc import Sequence

from sqlalchemy import select

from app.clubs.live import Shown, renders
from app.clubs.models import Club
from app.core.db import db
from app.meetings.models import Meeting


@renders("meeting:moved")
def _day(club: Club, ids: Sequence[str]) -> dict[str, Shown]:
    there = select(Meeting.id).where(Meeting.id.in_(ids), Meeting.club_id == club.id)
    return {meeting_id: Shown({"meeting": meeting_id}) for meeting_id in db.session.scalars(there)}

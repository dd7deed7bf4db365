"""What the club's log says of attendance, read when it is sent: which meeting's, never how many, nor who."""

from collections.abc import Sequence

from sqlalchemy import select

from app.clubs.live import Shown, renders
from app.clubs.models import Club
from app.core.db import db
from app.meetings.attendance.queries import names_since
from app.meetings.models import Meeting


@renders("meeting:attended")
def _attended(club: Club, ids: Sequence[str]) -> dict[str, Shown]:
    there = select(Meeting.id).where(Meeting.id.in_(ids), Meeting.club_id == club.id)
    return {meeting_id: Shown({"meeting": meeting_id}) for meeting_id in db.session.scalars(there)}


@renders("club:attendance")
def _choice(club: Club, ids: Sequence[str]) -> dict[str, Shown]:
    return {club_id: Shown({"named": names_since(club) is not None}) for club_id in ids}

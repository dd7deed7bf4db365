"""What the club's log says of meetings outside the rooms, read when it is sent. A room's are said by their claims."""

from collections.abc import Sequence

from sqlalchemy import select

from app.clubs.live import Shown, renders
from app.clubs.models import Club
from app.core.db import db
from app.houses.models import House
from app.meetings.models import Meeting
from app.meetings.queries import end_of, is_off, start_of
from app.rooms.live import wall_stamp
from app.rooms.models import Claim


@renders("meeting:planned", "meeting:changed")
def _meeting(club: Club, ids: Sequence[str]) -> dict[str, Shown]:
    rows = db.session.execute(
        select(Meeting, Claim, House)
        .outerjoin(Claim, Claim.id == Meeting.claim_id)
        .join(House, House.id == Meeting.house_id)
        .where(Meeting.id.in_(ids), Meeting.club_id == club.id)
    )
    return {meeting.id: Shown(_told(claim or meeting, house)) for meeting, claim, house in rows}


def _told(said: Claim | Meeting, house: House) -> dict[str, object]:
    return {
        "id": said.id,
        "start": wall_stamp(start_of(said), house),
        "end": wall_stamp(end_of(said), house),
        "title": said.title,
        "off": is_off(said),
    }

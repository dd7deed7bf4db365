"""How long programmes are kept: as long as the messages of their club, after the meeting."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from app.clubs.models import Club
from app.core.retention import by_key
from app.meetings.models import Meeting
from app.meetings.programme import leaving as leaving
from app.meetings.programme import parts as parts
from app.meetings.programme.models import AgendaPoint, Thing
from app.meetings.queries import ENDS
from app.messaging.keeping.jobs import MESSAGES, oldest
from app.rooms.models import Claim


def _over(table: Any, moment: datetime) -> Select[Any]:
    meeting = select(Meeting.id).outerjoin(Claim, Claim.id == Meeting.claim_id).join(Club, Club.id == Meeting.club_id)
    return select(table.id).where(meeting.where(Meeting.id == table.meeting_id, oldest(moment) > ENDS).exists())


by_key("programme:points", ("agenda_point",), MESSAGES, AgendaPoint.id, lambda moment: _over(AgendaPoint, moment))
by_key("programme:things", ("thing",), MESSAGES, Thing.id, lambda moment: _over(Thing, moment))

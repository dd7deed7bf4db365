"""How long it is kept: the number as long as the club's messages, names as long as answers to a meeting."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select

from app.clubs.models import Club
from app.core.db import db
from app.core.retention import by_key, stays
from app.meetings.attendance import leaving as leaving
from app.meetings.attendance import parts as parts
from app.meetings.attendance.models import Attendance, Attendee
from app.meetings.jobs import ANSWERS_KEPT
from app.meetings.models import Meeting
from app.meetings.queries import ENDS
from app.messaging.keeping.jobs import MESSAGES, oldest
from app.rooms.models import Claim


def _meetings() -> Select[str]:
    return select(Meeting.id).outerjoin(Claim, Claim.id == Meeting.claim_id)


def _old_numbers(moment: datetime) -> Select[Any]:
    ended = _meetings().join(Club, Club.id == Meeting.club_id).where(oldest(moment) > ENDS)
    return select(Attendance.meeting_id).where(ended.where(Meeting.id == Attendance.meeting_id).exists())


def _old_names(moment: datetime) -> Select[Any]:
    noted = select(Attendee.meeting_id).where(Attendee.meeting_id == Meeting.id)
    return _meetings().where(ANSWERS_KEPT.before(moment) > ENDS, noted.exists())


def _forget_names(meeting_ids: Sequence[Any]) -> None:
    db.session.execute(delete(Attendee).where(Attendee.meeting_id.in_(meeting_ids)))


by_key("attendance:numbers", ("attendance",), MESSAGES, Attendance.meeting_id, _old_numbers)
by_key("attendance:names", ("attendee",), ANSWERS_KEPT, Meeting.id, _old_names, _forget_names)
stays("named_attendance", "it is the club itself, which chose it")

"""When the team reads next, from the hours of its house; only in words when the house says them in words."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import select

from app.core.clock import now
from app.core.db import db
from app.houses.models import House
from app.houses.places import hours_in_words
from app.rooms.calendar import is_holiday
from app.rooms.models import Closure
from app.web.filters import hm, near_day

AHEAD = 15


def when_read(house: House) -> dict[str, Any]:
    """``{open, next, hours}``: is the house open now; else when it opens, in words; its hours, line by line."""
    moment = now().astimezone(ZoneInfo(house.timezone))
    shut = db.session.execute(
        select(Closure.starts_at, Closure.ends_at).where(
            Closure.house_id == house.id, Closure.room_id.is_(None), Closure.ends_at > moment
        )
    ).all()
    spans = [span for span in _spans(house, moment) if not any(row[0] <= span[0] < row[1] for row in shut)]
    inside = any(start <= moment < end for start, end in spans)
    coming = min((start for start, _end in spans if start > moment), default=None)
    words = _("%(day)s à %(time)s", day=near_day(coming), time=hm(coming)) if coming and not inside else ""
    return {"open": inside, "next": str(words), "hours": hours_in_words(house)}


def _spans(house: House, moment: datetime) -> list[tuple[datetime, datetime]]:
    """When the house is open, from today on, holidays left out; nothing for hours that are only words."""
    days = [moment.date() + timedelta(days=ahead) for ahead in range(AHEAD)]
    return [
        (_at(day, line["opens"], moment), _at(day, line["closes"], moment))
        for day in days
        for line in house.hours
        if "opens" in line and day.weekday() in line["days"] and not is_holiday(house.country, day)
    ]


def _at(day: date, clock: str, moment: datetime) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), moment.tzinfo)

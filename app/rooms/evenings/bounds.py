"""When an evening begins and ends, and when it is decided, on the house's clock. Pure."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.core.clock import EVENING_FROM
from app.rooms.calendar import day_bounds

ONE_DAY = timedelta(days=1)
BEFORE = timedelta(days=7)


def evening_of(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The UTC moments between which the evening of a local day lies."""
    _since, until = day_bounds(day, day + ONE_DAY, zone)
    return _at_dusk(day, zone), until


def decided_on(day: date, zone: ZoneInfo) -> datetime:
    """Seven days before, when the evening begins on the house's clock: be it 167 hours or 169."""
    return _at_dusk(day - BEFORE, zone)


def _at_dusk(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.fromisoformat(EVENING_FROM), zone).astimezone(ZoneInfo("UTC"))

"""Quarters of an hour: which ones an offer has, and what a person may offer. Pure but for the clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.core.clock import now

QUARTER = timedelta(minutes=15)
LONGEST = timedelta(hours=8)


def quarter_after(moment: datetime) -> datetime:
    """The quarter of an hour that begins at this moment, or else the next one."""
    whole = moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    steps = -((whole - moment) // QUARTER)
    return whole + steps * QUARTER


def quarters(start: datetime, end: datetime) -> list[datetime]:
    """When the quarters of a span begin; the last one ends in it."""
    first = quarter_after(start)
    return [first + number * QUARTER for number in range(max(0, (end - first) // QUARTER))]


def days_in(zone: str) -> list[date]:
    """Today and tomorrow on a house's clock."""
    today = now().astimezone(ZoneInfo(zone)).date()
    return [today, today + timedelta(days=1)]


def moment_on(day: date, clock: str, zone: str) -> datetime:
    """``14:30`` of a day on a house's clock."""
    return datetime.combine(day, time.fromisoformat(clock), ZoneInfo(zone)).astimezone(UTC)

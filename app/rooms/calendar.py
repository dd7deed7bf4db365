"""The slots that a weekly pattern lists, in the house's wall time. No database.

A pattern says local times; a slot is the UTC stretch between them on one day. On the night when clocks go forward, a
slot whose start or end no clock shows is not listed; when they go back, the first of the two hours is meant.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from app.core.clock import EVENING_FROM, is_evening
from app.rooms.models import OpeningWindow, Room


@dataclass(frozen=True)
class Stretch:
    """A slot before anyone asks who holds it. Times are UTC; ``day`` is the house's date.

    extra: opened for that one day, which may be a public holiday.
    """

    room: Room
    day: date
    start: datetime
    end: datetime
    evening: bool
    scarce: bool
    extra: bool = False

    @property
    def occupied_until(self) -> datetime:
        return self.end + timedelta(minutes=self.room.buffer_minutes)


def wall_to_utc(day: date, clock: str, zone: ZoneInfo) -> datetime | None:
    """A local ``HH:MM`` of a day, in UTC; None when no clock shows it."""
    local = datetime.combine(day, time.fromisoformat(clock), zone)
    moment = local.astimezone(UTC)
    shown = moment.astimezone(zone)
    return moment if shown.replace(tzinfo=None) == local.replace(tzinfo=None) else None


def stretches(
    room: Room, windows: Iterable[OpeningWindow], zone: ZoneInfo, first: date, last: date
) -> Iterator[Stretch]:
    """What the room's windows list from ``first`` to ``last``, ``last`` excluded, in order."""
    by_weekday: dict[int, list[OpeningWindow]] = {}
    for window in sorted(windows, key=lambda w: (w.starts, w.ends, not w.dated)):
        by_weekday.setdefault(window.weekday, []).append(window)
    for number in range((last - first).days):
        day = first + timedelta(days=number)
        seen: set[tuple[datetime, datetime]] = set()
        for window in by_weekday.get(day.weekday(), ()):
            stretch = _stretch(room, window, zone, day)
            if stretch is not None and (stretch.start, stretch.end) not in seen:
                seen.add((stretch.start, stretch.end))
                yield stretch


def _stretch(room: Room, window: OpeningWindow, zone: ZoneInfo, day: date) -> Stretch | None:
    if (window.valid_from and day < window.valid_from) or (window.valid_until and day > window.valid_until):
        return None
    start, end = wall_to_utc(day, window.starts, zone), wall_to_utc(day, window.ends, zone)
    if start is None or end is None:
        return None
    return Stretch(room, day, start, end, window.starts >= EVENING_FROM, window.scarce, window.dated)


def stretch_at(room: Room, start: datetime, end: datetime, zone: ZoneInfo, *, scarce: bool = False) -> Stretch:
    """The stretch between two moments, whether the pattern still lists it or not."""
    local = start.astimezone(zone)
    return Stretch(room, local.date(), start, end, is_evening(local), scarce)


def day_bounds(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The UTC moments between which the local days ``first`` to ``last`` (excluded) lie."""
    return (
        datetime.combine(first, time.min, zone).astimezone(UTC),
        datetime.combine(last, time.min, zone).astimezone(UTC),
    )


def is_holiday(country: str, day: date) -> bool:
    """Is that day a public holiday of the country? A country that nobody has listed has none."""
    return day in _holidays(country, day.year)


@lru_cache(maxsize=256)
def _holidays(country: str, year: int) -> frozenset[date]:
    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()

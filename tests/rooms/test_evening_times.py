"""Seven days before an evening, over both nights of the clocks and beyond the date line."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.rooms.evenings.bounds import decided_on, evening_of


@pytest.mark.parametrize(
    ("zone", "day", "decided", "hours"),
    [
        ("Europe/Paris", date(2026, 11, 17), datetime(2026, 11, 10, 16, 0, tzinfo=UTC), 168),
        ("Europe/Paris", date(2026, 10, 29), datetime(2026, 10, 22, 15, 0, tzinfo=UTC), 169),
        ("Europe/Paris", date(2027, 4, 1), datetime(2027, 3, 25, 16, 0, tzinfo=UTC), 167),
        ("Pacific/Auckland", date(2026, 9, 29), datetime(2026, 9, 22, 5, 0, tzinfo=UTC), 167),
        ("Pacific/Kiritimati", date(2026, 11, 17), datetime(2026, 11, 10, 3, 0, tzinfo=UTC), 168),
    ],
)
def test_seven_days_are_counted_on_the_clock_of_the_house(zone: str, day: date, decided: datetime, hours: int) -> None:
    assert decided_on(day, ZoneInfo(zone)) == decided
    assert evening_of(day, ZoneInfo(zone))[0] - decided == timedelta(hours=hours)

"""Slots of a weekly pattern keep the wall time of the house, over both nights when clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rooms.calendar import Stretch, is_holiday, stretches, wall_to_utc
from app.rooms.models import OpeningWindow, Room

PARIS, AUCKLAND = ZoneInfo("Europe/Paris"), ZoneInfo("Pacific/Auckland")
# The two nights of each place: (zone, forward, back).
NIGHTS = {
    "Europe/Paris": (date(2027, 3, 28), date(2026, 10, 25)),
    "Pacific/Auckland": (date(2026, 9, 27), date(2027, 4, 4)),
}
ROOM = Room(id="r", number=7, buffer_minutes=15)

clocks = st.times(min_value=datetime.min.time()).map(lambda t: t.strftime("%H:%M"))
pairs = st.tuples(clocks, clocks).filter(lambda pair: pair[0] < pair[1])
around_a_night = st.sampled_from(
    [
        (zone, night + timedelta(days=shift))
        for zone, nights in NIGHTS.items()
        for night in nights
        for shift in (-1, 0, 1)
    ]
)


def window(weekday: int, starts: str, ends: str, **values: object) -> OpeningWindow:
    return OpeningWindow(weekday=weekday, starts=starts, ends=ends, scarce=False, **values)


def listed(day: date, zone: ZoneInfo, *pairs: tuple[str, str], days: int = 1) -> list[Stretch]:
    windows = [window((day + timedelta(days=n)).weekday(), *pair) for pair in pairs for n in range(days)]
    return list(stretches(ROOM, windows, zone, day, day + timedelta(days=days)))


@given(around_a_night, pairs)
def test_a_listed_slot_shows_the_times_of_its_window(where: tuple[str, date], pair: tuple[str, str]) -> None:
    zone, day = ZoneInfo(where[0]), where[1]
    for each in listed(day, zone, pair):
        shown = [moment.astimezone(zone) for moment in (each.start, each.end)]
        assert [moment.strftime("%H:%M") for moment in shown] == list(pair)
        assert all(moment.date() == day for moment in shown)
        assert each.start < each.end
        assert each.start.tzinfo == each.end.tzinfo == UTC


@given(around_a_night, pairs)
def test_only_a_time_that_no_clock_shows_is_left_out(where: tuple[str, date], pair: tuple[str, str]) -> None:
    zone, day = ZoneInfo(where[0]), where[1]
    forward = NIGHTS[where[0]][0]
    missing = day == forward and any("02:00" <= clock < "03:00" for clock in pair)
    assert bool(listed(day, zone, pair)) is not missing


@given(st.lists(pairs, min_size=1, max_size=6), around_a_night)
def test_slots_come_in_order_and_once(several: list[tuple[str, str]], where: tuple[str, date]) -> None:
    found = [(s.start, s.end) for s in listed(where[1], ZoneInfo(where[0]), *several, days=3)]
    assert found == sorted(set(found))


@pytest.mark.parametrize(("zone", "hour"), [(PARIS, "01:00"), (AUCKLAND, "01:00")])
def test_a_slot_over_the_change_keeps_its_wall_times(zone: ZoneInfo, hour: str) -> None:
    forward, back = NIGHTS[str(zone)]
    (short,), (long) = listed(forward, zone, (hour, "04:00")), listed(back, zone, (hour, "04:00"))
    assert short.end - short.start == timedelta(hours=2)
    assert long[0].end - long[0].start == timedelta(hours=4)


def test_when_clocks_go_back_the_first_of_two_hours_is_meant() -> None:
    moment = wall_to_utc(date(2026, 10, 25), "02:30", PARIS)
    assert moment == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert wall_to_utc(date(2027, 3, 28), "02:30", PARIS) is None


def test_a_week_of_evenings_stays_at_half_past_six_over_the_change() -> None:
    found = listed(date(2026, 10, 19), PARIS, ("18:30", "20:30"), days=14)
    assert {s.start.astimezone(PARIS).strftime("%H:%M") for s in found} == {"18:30"}
    assert {s.start.strftime("%H:%M") for s in found} == {"16:30", "17:30"}
    assert all(s.evening for s in found)


def test_a_window_is_listed_between_its_dates_only() -> None:
    day = date(2026, 11, 3)
    bounded = window(1, "10:00", "12:00", valid_from=day, valid_until=day + timedelta(days=7))
    found = list(stretches(ROOM, [bounded], PARIS, day - timedelta(days=14), day + timedelta(days=28)))
    assert [s.day for s in found] == [day, day + timedelta(days=7)]


@pytest.mark.parametrize(("clock", "evening"), [("16:59", False), ("17:00", True), ("18:30", True)])
def test_evening_is_from_five(clock: str, evening: bool) -> None:
    assert listed(date(2026, 11, 3), PARIS, (clock, "21:00"))[0].evening is evening


def test_public_holidays_are_those_of_the_country() -> None:
    assert is_holiday("FR", date(2026, 7, 14))
    assert not is_holiday("NZ", date(2026, 7, 14))
    assert is_holiday("NZ", date(2026, 2, 6))
    assert not is_holiday("XX", date(2026, 12, 25))

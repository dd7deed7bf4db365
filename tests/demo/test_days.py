"""The demo house can be made on any day: it is dated from today, and some days are traps."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask

from app.demo.load import load_demo
from app.rooms.calendar import is_holiday
from tests.demo import facts
from tests.support import application, databases

DAYS = {
    "between Christmas and New Year": "2026-12-27T11:00:00+00:00",
    "the day that comes every four years": "2028-02-29T11:00:00+00:00",
    "Paris, the night when clocks go forward": "2027-03-28T01:30:00+00:00",
    "Paris, the night when clocks go back": "2026-10-25T00:30:00+00:00",
    "Auckland, the night when clocks go back": "2027-04-03T14:30:00+00:00",
    "Auckland, the night when clocks go forward": "2026-09-26T14:30:00+00:00",
    "Sunday here, Monday there": "2026-11-08T23:30:00+00:00",
    "a public holiday on a Tuesday": "2026-07-14T10:00:00+00:00",
    "the first minute of a year": "2026-12-31T23:00:30+00:00",
    "a Tuesday evening, in the middle of the meeting": "2026-11-10T18:00:00+00:00",
}


@pytest.fixture(scope="module")
def empty() -> Iterator[Flask]:
    made = application.make_app(databases.new_database("sqlite"))
    yield made
    databases.close(made)


@pytest.mark.parametrize("today", DAYS.values(), ids=DAYS.keys())
def test_the_demo_is_whole_on_any_day(empty: Flask, today: str) -> None:
    databases.empty(empty)
    with time_machine.travel(today, tick=True), empty.app_context():
        load_demo()
        canal, port = (facts.slots_of_all_weeks(facts.house(slug)) for slug in ("canal", "port"))
        assert facts.moments_to_come() == []
        assert facts.claims_off_the_slots(canal + port) == []
        assert facts.clubs_beyond_their_share() == []
        # Who tries the demo as one of its leads has something left to try.
        held = facts.shares()
        for slug in ("tilleul", "glycine", "romarin"):
            assert (held[slug][0] <= 2, held[slug][1] <= 1) == (True, True)
        assert (facts.holes_in_logs(), facts.out_of_order()) == ([], [])
        assert_session_holds()
        assert facts.planned_together() == facts.TOGETHER
        assert len(facts.closed_days(canal)) == 1
        scarce = [slot for slot in canal if slot.stretch.scarce]
        assert {slot.state for slot in scarce} <= {"free", "closed"}
        # What is not drawn yet is nobody's until then.
        assert sum(slot.open or slot.in_draw for slot in scarce) >= 4
        for listed in (canal, port):
            weeks = facts.weeks_with_slots(listed)
            assert (len(weeks), min(weeks.values()) > 10) == (14, True)
            assert sum(slot.state == "claimed" for slot in listed) >= 4


def assert_session_holds() -> None:
    """Six Tuesdays at half past six, one a week, but for public holidays."""
    evenings = facts.session_evenings()
    assert [(each.weekday(), each.strftime("%H:%M")) for each in evenings] == [(1, "18:30")] * 6
    tuesdays = [evenings[0].date() + timedelta(weeks=number) for number in range(10)]
    meeting = [day for day in tuesdays if not is_holiday("FR", day)]
    assert [each.date() for each in evenings] == meeting[:6]


def test_the_days_are_what_they_are_called() -> None:
    assert is_holiday("FR", date(2026, 7, 14))
    assert (date(2026, 7, 14).weekday(), date(2026, 11, 8).weekday(), date(2028, 2, 29).month) == (1, 6, 2)

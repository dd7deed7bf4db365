"""One clock: pages, the JSON door and calendars tell a meeting by the clock of its house, wherever one reads."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask

from app.core.db import transaction
from app.meetings.calendars.actions import make_calendar
from app.rooms.week import week_of
from tests.meetings.calendars.reading import entries
from tests.rooms.places import house, make_room
from tests.support.cast import Cast
from tests.support.clients import ApiClient, PageClient

PARIS, AUCKLAND, KIRITIMATI = (
    ZoneInfo(f"{name}") for name in ("Europe/Paris", "Pacific/Auckland", "Pacific/Kiritimati")
)
# Where, on which day, and what the clock says of a slot over the hour when it changes: its offsets, and how long it is.
NIGHTS = [
    (PARIS, date(2026, 10, 25), ("+02:00", "+01:00"), 3),
    (PARIS, date(2027, 3, 28), ("+01:00", "+02:00"), 1),
    (AUCKLAND, date(2026, 9, 27), ("+12:00", "+13:00"), 1),
    (AUCKLAND, date(2027, 4, 4), ("+13:00", "+12:00"), 3),
    (KIRITIMATI, date(2027, 1, 1), ("+14:00", "+14:00"), 2),
]

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def night(app: Flask, places: Cast, monday: time_machine.Traveller) -> Callable[..., str]:
    """A room of Port that opens at half past one in the night, three days before; the path of its week."""

    def at(zone: ZoneInfo, day: date) -> str:
        monday.move_to(datetime(day.year, day.month, day.day, 9, tzinfo=zone) - timedelta(days=3))
        with app.app_context(), transaction():
            port = house("port")
            port.timezone, port.country = zone.key, "XX"
            make_room(port, "veille", ("01:30-03:30",))
        return f"/houses/port/slots?room=veille&week={week_of(day)}"

    return at


@pytest.mark.parametrize(("zone", "day", "offsets", "hours"), NIGHTS)
def test_a_slot_over_the_hour_when_clocks_change_is_told_alike_everywhere(
    app: Flask, client_of: Callable[..., PageClient], api_of: Callable[..., ApiClient], visitor: PageClient,
    places: Cast, night: Callable[..., str], zone: ZoneInfo, day: date, offsets: tuple[str, str], hours: int,
) -> None:  # fmt: skip
    week = night(zone, day)
    asked = f"/houses/port/slots?room=veille&from={day}&to={day + timedelta(days=1)}"
    (slot,) = api_of(places.bruno).get(asked).json["items"]
    assert (slot["start"], slot["end"]) == (f"{day}T01:30:00{offsets[0]}", f"{day}T03:30:00{offsets[1]}")
    begin, end = datetime.fromisoformat(slot["start"]), datetime.fromisoformat(slot["end"])
    assert end - begin == timedelta(hours=hours)
    bruno = client_of(places.bruno)
    for path in (week, f"/slots/{slot['id']}/claim"):
        assert "1 h 30 – 3 h 30" in bruno.get(path).page.main
    wish = {"club": "tilleul", "title": "Veillée", "public": True}
    made = api_of(places.bruno).post(f"/slots/{slot['id']}/claim", json=wish).json
    assert (made["start"], made["end"]) == (slot["start"], slot["end"])
    amina = client_of(places.amina)
    for path in ("/agenda", f"/meetings/{made['id']}", f"/claims/{made['id']}", week, "/clubs/tilleul"):
        assert told(amina.get(path).page.main), path
    with app.app_context():
        secret = f"/calendar/{make_calendar(places.amina.actor)}.ics"
    for path in (secret, "/houses/port/calendar.ics", f"/meetings/{made['id']}/calendar.ics"):
        (entry,) = entries(visitor.get(path))
        assert (entry["start"], entry["end"]) == (begin, end)
        assert entry["start"].tzinfo.key == zone.key
        assert f"DTSTART;TZID={zone.key}:{day:%Y%m%d}T013000" in visitor.get(path).get_data(as_text=True)
    assert "1 h 30 – 3 h 30" in " ".join(visitor.get("/houses/port/feed.xml").get_data(as_text=True).split())


def told(words: str) -> bool:
    """The pages say the whole stretch, or its beginning."""
    return "1 h 30 – 3 h 30" in words or "1 h 30" in words


def test_the_day_is_the_house_s_beyond_the_date_line(
    client_of: Callable[..., PageClient], api_of: Callable[..., ApiClient], places: Cast, claimed: Callable[..., str],
    monday: time_machine.Traveller,
) -> None:  # fmt: skip
    """It is Tuesday morning in Auckland while it is Monday evening in Paris, where the page's house is."""
    claimed(places.bruno, "tilleul", "quai", date(2026, 11, 3), "10:00")
    monday.move_to(datetime(2026, 11, 2, 20, 30, tzinfo=PARIS))
    agenda = client_of(places.amina).get("/agenda").page
    assert "10 h – 12 h" in agenda.main
    assert "ce soir" not in agenda.main
    first = api_of(places.amina).get("/houses/port/slots?room=quai").json["items"][0]
    assert first["start"].startswith("2026-11-03T10:00:00+13:00")


@pytest.mark.parametrize("language", ["en-US", "ar", "es-MX"])
def test_a_reader_elsewhere_reads_the_house_s_clock(
    visitor: PageClient, places: Cast, claimed: Callable[..., str], language: str
) -> None:
    opened = claimed(places.bruno, "tilleul", "quai", date(2026, 11, 12), "18:30", public=True)
    headers = {"Accept-Language": language}
    for path in (f"/meetings/{opened}", "/houses/port/slots?week=2026-W46"):
        html = visitor.get(path, headers=headers).get_data(as_text=True)
        assert any(each in html for each in ("18:30", "6:30", "٦:٣٠", "١٨:٣٠"))
    answer = visitor.get("/houses/port/calendar.ics", headers=headers)
    assert answer.data == visitor.get("/houses/port/calendar.ics").data
    assert entries(answer)[0]["start"] == datetime(2026, 11, 12, 18, 30, tzinfo=AUCKLAND)

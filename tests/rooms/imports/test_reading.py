"""What a calendar file says of a room; and files that are made to hurt."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from app.rooms.imports.reading import MOST_BYTES, Reading, Unreadable, read_calendar

PARIS, AUCKLAND = ZoneInfo("Europe/Paris"), ZoneInfo("Pacific/Auckland")
NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
HOURLESS = ("DTSTART:20261107T180000Z",)

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def event(*lines: str) -> str:
    return "\r\n".join(("BEGIN:VEVENT", *lines, "END:VEVENT", ""))


def file(*parts: str) -> bytes:
    return "".join(("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n", *parts, "END:VCALENDAR\r\n")).encode()


@pytest.fixture
def read(app: Flask):  # type: ignore[no-untyped-def]
    """The file between now and some weeks on, in a house in Paris or elsewhere."""

    def found(data: bytes, zone: ZoneInfo = PARIS, weeks: int = 52) -> Reading:
        with app.app_context():
            return read_calendar(data, zone, NOW, NOW + timedelta(weeks=weeks))

    return found


def times(found: Reading, zone: ZoneInfo = PARIS) -> list[str]:
    return [
        f"{one.start.astimezone(zone):%d.%m. %H:%M}-{one.end.astimezone(zone):%d.%m. %H:%M}" for one in found.moments
    ]


WEEKLY = ("UID:1", "DTSTART;TZID=Europe/Paris:20250107T180000", "DTEND;TZID=Europe/Paris:20250107T200000",
          "RRULE:FREQ=WEEKLY;BYDAY=TU", "SUMMARY:Chorale")  # fmt: skip


def test_a_repetition_keeps_the_wall_clock_and_ends_with_the_weeks_asked_for(read) -> None:  # type: ignore[no-untyped-def]
    found = read(file(event(*WEEKLY)))
    assert len(found.moments) == 52
    assert {one.start.astimezone(PARIS).strftime("%a %H:%M") for one in found.moments} == {"Tue 18:00"}
    assert {one.start.strftime("%H:%M") for one in found.moments} == {"17:00", "16:00"}
    assert len(read(file(event(*WEEKLY)), weeks=8).moments) == 8
    assert {one.summary for one in found.moments} == {"Chorale"}


def test_what_a_file_moved_and_left_out(read) -> None:  # type: ignore[no-untyped-def]
    moved = ("UID:1", "RECURRENCE-ID;TZID=Europe/Paris:20261117T180000", "DTSTART;TZID=Europe/Paris:20261117T190000",
             "DTEND;TZID=Europe/Paris:20261117T193000")  # fmt: skip
    found = read(file(event(*WEEKLY, "EXDATE;TZID=Europe/Paris:20261110T180000"), event(*moved)), weeks=3)
    assert times(found) == ["03.11. 18:00-03.11. 20:00", "17.11. 19:00-17.11. 19:30"]


@pytest.mark.parametrize(
    ("lines", "zone", "said"),
    [
        (("DTSTART:20261107T180000", "DURATION:PT1H"), PARIS, "07.11. 18:00-07.11. 19:00"),
        (("DTSTART:20261107T180000", "DURATION:PT1H"), AUCKLAND, "07.11. 18:00-07.11. 19:00"),
        (("DTSTART:20261107T180000Z", "DTEND:20261107T190030Z"), PARIS, "07.11. 19:00-07.11. 20:01"),
        (("DTSTART;TZID=Nowhere:20261107T180000", "DURATION:PT1H"), PARIS, "07.11. 18:00-07.11. 19:00"),
        (("DTSTART;TZID=Romance Standard Time:20261107T180000", "DURATION:PT1H"), PARIS, "07.11. 18:00-07.11. 19:00"),
        (("DTSTART;TZID=Pacific/Auckland:20261107T180000", "DURATION:PT1H"), PARIS, "07.11. 06:00-07.11. 07:00"),
        (("DTSTART;VALUE=DATE:20261107",), PARIS, "07.11. 00:00-08.11. 00:00"),
        (("DTSTART;VALUE=DATE:20270328", "DTEND;VALUE=DATE:20270329"), PARIS, "28.03. 00:00-29.03. 00:00"),
        (("DTSTART;VALUE=DATE:20270404",), AUCKLAND, "04.04. 00:00-05.04. 00:00"),
    ],
)
def test_times_without_a_zone_are_the_house_s(read, lines: tuple[str, ...], zone: ZoneInfo, said: str) -> None:  # type: ignore[no-untyped-def]
    assert times(read(file(event("UID:1", *lines)), zone), zone) == [said]


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (("DTSTART:20261107T180000Z", "DURATION:PT1H", "STATUS:CANCELLED"), "off"),
        (("DTSTART:20261107T180000Z", "DURATION:PT1H", "TRANSP:TRANSPARENT"), "free"),
        (HOURLESS, "free"),
        (("DTSTART:20261107T180000Z", "DURATION:P60D"), "long"),
        (("DTSTART:20261007T180000Z", "DURATION:PT1H"), "past"),
    ],
)
def test_what_is_passed_over_and_why(read, lines: tuple[str, ...], why: str) -> None:  # type: ignore[no-untyped-def]
    found = read(file(event("UID:1", *lines)))
    assert (found.moments, dict(found.passed)) == ([], {why: 1})


ENDLESS_ZONE = (
    "BEGIN:VTIMEZONE\r\nTZID:Z\r\nBEGIN:STANDARD\r\nDTSTART:19000101T000000\r\nRRULE:FREQ=SECONDLY\r\n"
    "TZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
)


def repeating(rule: str, start: str = "20261107T180000Z", times: int = 1) -> bytes:
    return file(*(event(f"UID:{n}", f"DTSTART:{start}", "DURATION:PT1H", f"RRULE:{rule}") for n in range(times)))


HOSTILE = {
    "every second": repeating("FREQ=SECONDLY"),
    "every minute by hours": repeating("FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=1,2,3"),
    "two rules": file(event("UID:1", *HOURLESS, "DURATION:PT1H", "RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY")),
    "since the year one": repeating("FREQ=DAILY", "00010101T000000Z"),
    "never": repeating("FREQ=DAILY;INTERVAL=0"),
    "a rule that is none": repeating("FREQ=OFTEN"),
    "a million times": repeating("FREQ=DAILY;COUNT=1000000"),
    "many of them": repeating("FREQ=DAILY", times=300),
    "long ago, many of them": repeating("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", "19910107T180000Z", times=60),
    "more than four hundred": repeating("FREQ=DAILY", times=2),
    "longer than time": file(event("UID:1", *HOURLESS, "DURATION:P999999999D")),
    "dates one by one": file(
        event("UID:1", *HOURLESS, "DURATION:PT1H", "RDATE:" + ",".join(["20261108T180000Z"] * 900))
    ),
    "no start": file(event("UID:1")),
    "deep": ("BEGIN:VCALENDAR\r\n" + "BEGIN:X\r\n" * 4000).encode(),
    "big": file("X-BIG:" + "x" * MOST_BYTES + "\r\n"),
    "another encoding": file(event("SUMMARY:été", *HOURLESS)).decode().encode("latin-1"),
    "sixteen bits": file(event(*HOURLESS)).decode().encode("utf-16"),
    "no bytes": file(event("SUMMARY:\x00", *HOURLESS)),
    "a page": b"<!doctype html><title>BEGIN:VCALENDAR</title>",
    "nothing": b"",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_plain_words(read, name: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Unreadable) as refused:
        read(HOSTILE[name])
    assert str(refused.value.detail).endswith((".", "ics."))
    assert "Error" not in str(refused.value.detail)


@pytest.mark.parametrize(
    ("name", "hidden"),
    [
        ("Z", "BEGIN:VTIMEZONE\r\n"), ("Z1", "BEGIN:VTIME\r\n ZONE\r\n"), ("Z2", "begin:vtimezone \r\n"),
        ("Z3", "BEGIN;X=1:VTIMEZONE\r\n"), ("Z4", "BEGIN:VTIMEZONE\n"),
    ],
)  # fmt: skip
def test_a_zone_of_the_file_is_left_aside_however_it_is_written(read, name: str, hidden: str) -> None:  # type: ignore[no-untyped-def]
    """Not even by a name that the next file may bear: the library remembers zones from file to file."""
    brought = ENDLESS_ZONE.replace("BEGIN:VTIMEZONE\r\n", hidden).replace("TZID:Z", f"TZID:{name}")
    brought = brought.replace("+0100", "+0500").replace("FREQ=SECONDLY", "FREQ=YEARLY")
    meeting = event("UID:1", f"DTSTART;TZID={name}:20261107T180000", "DURATION:PT1H")
    assert times(read(file(brought, meeting))) == ["07.11. 18:00-07.11. 19:00"]
    assert times(read(file(meeting))) == ["07.11. 18:00-07.11. 19:00"]


def test_an_endless_zone_is_left_aside(read) -> None:  # type: ignore[no-untyped-def]
    found = read(file(ENDLESS_ZONE, event("UID:1", "DTSTART;TZID=Z:20261107T180000", "DURATION:PT1H")))
    assert times(found) == ["07.11. 18:00-07.11. 19:00"]


TAKEN = [
    "FREQ=DAILY;INTERVAL=2", "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "FREQ=WEEKLY;WKST=SU;BYDAY=MO,SA;COUNT=100",
    "FREQ=MONTHLY", "FREQ=MONTHLY;BYDAY=2TU", "FREQ=MONTHLY;BYDAY=-1FR;INTERVAL=3", "FREQ=MONTHLY;BYMONTHDAY=31",
    "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "FREQ=YEARLY",
    "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=31", "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;UNTIL=20290101T000000Z",
]  # fmt: skip
NEVER_TRUE = [
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;COUNT=5;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYMONTH=13",
    "FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31", "FREQ=MONTHLY;BYDAY=9MO", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=9",
    "FREQ=MONTHLY;BYMONTHDAY=1;BYSETPOS=2", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;BYDAY=5MO",
    "FREQ=WEEKLY;BYSETPOS=-366", "FREQ=MONTHLY;BYDAY=1MO;BYSETPOS=2", "FREQ=YEARLY;BYDAY=54MO",
    "FREQ=YEARLY;BYYEARDAY=367", "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6",
]  # fmt: skip


@pytest.mark.parametrize("rule", TAKEN)
def test_a_rule_that_people_use_is_taken(read, rule: str) -> None:  # type: ignore[no-untyped-def]
    assert read(repeating(rule, "20260105T180000Z")).moments != []


@pytest.mark.parametrize("rule", NEVER_TRUE)
def test_a_rule_that_may_never_come_true_is_refused(read, rule: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Unreadable):
        read(repeating(rule, "20260207T180000Z"))


def test_words_of_a_file_are_one_clean_line(read) -> None:  # type: ignore[no-untyped-def]
    (one,) = read(file(event("UID:1", *HOURLESS, "DURATION:PT1H", "SUMMARY:<b>A\\n\u202eB" + "x" * 200))).moments
    assert one.summary == ("<b>A B" + "x" * 200)[:80]

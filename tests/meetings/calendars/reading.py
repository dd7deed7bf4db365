"""A calendar as a program reads it."""

from typing import Any

import icalendar


def calendar(answer: Any) -> icalendar.Calendar:
    """The file of an answer; it is valid, and knows no organiser and nobody else."""
    assert answer.status_code == 200, answer.status_code
    assert answer.content_type == "text/calendar; charset=utf-8"
    found = icalendar.Calendar.from_ical(answer.data)
    assert found.errors == []
    assert (str(found["version"]), str(found["method"])) == ("2.0", "PUBLISH")
    assert all(len(line) <= 75 for line in answer.data.split(b"\r\n"))
    assert b"\n" not in answer.data.replace(b"\r\n", b"")
    for name in (b"ATTENDEE", b"ORGANIZER", b"CONTACT", b"ATTACH", b"VALARM"):
        assert name not in answer.data
    return found


def entries(answer: Any) -> list[dict[str, Any]]:
    """What each entry says, in plain values."""
    return [
        {
            "uid": str(each["uid"]),
            "sequence": int(each["sequence"]),
            "status": str(each["status"]),
            "summary": str(each["summary"]),
            "start": each["dtstart"].dt,
            "end": each["dtend"].dt,
            "where": str(each.get("location", "")),
            "said": str(each.get("description", "")),
        }
        for each in calendar(answer).walk("VEVENT")
    ]

"""What a calendar file says of a room: its moments within some weeks, and what was passed over. No database.

A file is not to be trusted: what could make a reader work for hours is refused before it is read. Zones that a file
brings along are left aside, since their rules may be endless too: a zone is known by its name, or it is the house's.
"""

import re
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
from flask_babel import lazy_gettext as _l

from app.core.errors import Invalid
from app.core.sealed import keyed_hash
from app.rooms.imports.rules import is_taken
from app.web.forms import clean_line

MOST_BYTES = 100 * 1024
MOST_EVENTS, MOST_MOMENTS = 1000, 400
# Days that repetitions run through before they reach the last day asked for: a fifth of a second or so.
MOST_STEPS = 400_000
OLDEST = date(1990, 1, 1)
LONGEST = timedelta(days=31)
MAX_SUMMARY = 80
# A long line goes on in the next one, after a space: so may the name of what a file brings along.
FOLD = re.compile(r"\r?\n[ \t]")
ZONES = re.compile(
    r"^BEGIN(;[^\n]*)?:VTIMEZONE\s*?$.*?(^END(;[^\n]*)?:VTIMEZONE\s*?$|\Z)", re.MULTILINE | re.DOTALL | re.IGNORECASE
)
BEGIN = re.compile(r"^BEGIN[:;]", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True)
class Moment:
    """A time at which the room is taken. summary: the file's own words, for who brings it, stored nowhere."""

    start: datetime
    end: datetime
    summary: str
    key: str


@dataclass(frozen=True)
class Reading:
    """What was found, soonest first, and how many were passed over: ``off``, ``free``, ``long``, ``past``."""

    moments: list[Moment]
    passed: Counter[str] = field(default_factory=Counter)


class Unreadable(Invalid):
    """No calendar, or one that we do not take: nothing was done."""

    code = "calendar_unreadable"

    def __init__(self, detail: Any) -> None:
        super().__init__(detail=detail, field="file")


NO_CALENDAR = _l("Ce fichier n’est pas un calendrier que nous savons lire. Il doit finir par .ics.")
TOO_BIG = _l("Ce fichier est trop gros : 100 ko au plus. Exportez une période plus courte.")
TOO_MANY = _l("Ce calendrier a trop de rendez-vous : 400 moments au plus. Choisissez moins loin.")
ODD_RULE = _l("Un rendez-vous de ce calendrier se répète d’une façon que nous ne prenons pas. Enlevez-le du fichier.")


def read_calendar(data: bytes, zone: ZoneInfo, first: datetime, last: datetime) -> Reading:
    """The moments of a file between two moments. zone: that of the house, for what bears none. Raises Unreadable."""
    text = _text(data)
    passed: Counter[str] = Counter()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = icalendar.Calendar.from_ical(text)
            events = [each for each in found.walk("VEVENT") if _is_wanted(each, zone, first, last, passed)]
            return Reading(_moments(_expanded(events, first, last), zone, first, last, passed), passed)
    except Unreadable:
        raise
    except Exception as error:
        # Whatever breaks a reader of calendars is a file that it cannot read.
        raise Unreadable(NO_CALENDAR) from error


def _text(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise Unreadable(TOO_BIG)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(NO_CALENDAR) from None
    if not text.lstrip().upper().startswith("BEGIN:VCALENDAR") or "\x00" in text:
        raise Unreadable(NO_CALENDAR)
    text = ZONES.sub("", FOLD.sub("", text))
    if len(BEGIN.findall(text)) > MOST_EVENTS:
        raise Unreadable(TOO_MANY)
    return text


def _is_wanted(event: Any, zone: ZoneInfo, first: datetime, last: datetime, passed: Counter[str]) -> bool:
    """Leaves out what cannot matter, so that only a little is expanded. Raises Unreadable for a rule we do not take."""
    if "DTSTART" not in event:
        raise Unreadable(NO_CALENDAR)
    start = _moment(event["DTSTART"].dt, zone)
    if "RRULE" in event:
        _tame(event, start, last)
    elif "RDATE" not in event and "RECURRENCE-ID" not in event and _ends(event, start, zone) <= first:
        passed["past"] += 1
        return False
    return start < last


def _tame(event: Any, start: datetime, last: datetime) -> None:
    """A rule of repetition that is sure to end soon: it ends with the days asked for."""
    rule = event["RRULE"]
    if isinstance(rule, list) or not is_taken(rule) or start.date() < OLDEST:
        raise Unreadable(ODD_RULE)
    end = last + timedelta(days=1)
    until = _only(rule, "UNTIL", None)
    if until is None or _moment(until, UTC) > end:
        rule["UNTIL"] = [end.date() if not isinstance(event["DTSTART"].dt, datetime) else _like(end, event)]


def _like(end: datetime, event: Any) -> datetime:
    """An end in the shape that the start asks for."""
    return end.astimezone(UTC) if event["DTSTART"].dt.tzinfo else end.replace(tzinfo=None)


def _only(rule: Any, name: str, default: Any = None) -> Any:
    values = rule.get(name, [default])
    if not isinstance(values, list):
        return values
    if len(values) != 1:
        raise Unreadable(ODD_RULE)
    return values[0]


def _ends(event: Any, start: datetime, zone: ZoneInfo) -> datetime:
    if "DTEND" in event:
        return _moment(event["DTEND"].dt, zone)
    if "DURATION" in event:
        lasts: timedelta = event["DURATION"].dt
        return start + lasts
    return start + timedelta(days=0 if isinstance(event["DTSTART"].dt, datetime) else 1)


def _expanded(events: list[Any], first: datetime, last: datetime) -> Iterator[Any]:
    """Every occurrence, those of repetitions too. Raises Unreadable when that would be too many."""
    steps = moments = 0
    for each in events:
        moments += 1 + _dates(each)
        if "RRULE" in each:
            # An end was given to every rule.
            until = min(_day(_only(each["RRULE"], "UNTIL")), last.date())
            steps += max(0, (until - _day(each["DTSTART"].dt)).days)
            moments += max(0, (until - first.date()).days) // _spacing(each["RRULE"])
    if steps > MOST_STEPS or moments > 2 * MOST_MOMENTS:
        raise Unreadable(TOO_MANY)
    reduced = icalendar.Calendar()
    for each in events:
        reduced.add_component(each)
    # The days of the house and those of the file may differ by one.
    since, until = first.date() - timedelta(days=2), last.date() + timedelta(days=2)
    return iter(recurring_ical_events.of(reduced).between(since, until))


def _dates(event: Any) -> int:
    """How many dates an event is given one by one."""
    several = event.get("RDATE", [])
    return sum(len(each.dts) for each in (several if isinstance(several, list) else [several]))


def _spacing(rule: Any) -> int:
    """At least so many days lie between two occurrences, more or less."""
    days = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 28, "YEARLY": 28}[_only(rule, "FREQ")]
    several = 1 if days == 1 else max(1, len(rule.get("BYDAY", [])) * (days // 7) + len(rule.get("BYMONTHDAY", [])))
    return max(1, days * int(_only(rule, "INTERVAL", 1)) // several)


def _moments(
    occurrences: Iterator[Any], zone: ZoneInfo, first: datetime, last: datetime, passed: Counter[str]
) -> list[Moment]:
    found: dict[str, Moment] = {}
    for event in occurrences:
        start = _moment(event["DTSTART"].dt, zone)
        end = _ends(event, start, zone)
        if start >= last:
            continue
        why = _passed_over(event, start, end, first)
        if why:
            passed[why] += 1
            continue
        one = _whole_minutes(event, start, end)
        found[one.key] = one
        if len(found) > MOST_MOMENTS:
            raise Unreadable(TOO_MANY)
    return sorted(found.values(), key=lambda one: (one.start, one.end, one.key))


def _passed_over(event: Any, start: datetime, end: datetime, first: datetime) -> str:
    """Why an occurrence does not take the room: empty when it does."""
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return "off"
    if str(event.get("TRANSP", "")).upper() == "TRANSPARENT" or end <= start:
        return "free"
    if end - start > LONGEST:
        return "long"
    return "past" if start <= first else ""


def _whole_minutes(event: Any, start: datetime, end: datetime) -> Moment:
    since = start.replace(second=0, microsecond=0)
    until = end.replace(second=0, microsecond=0)
    until += timedelta(minutes=1) if until < end else timedelta(0)
    key = keyed_hash("room-import", f"{event.get('UID', '')}\0{since.isoformat()}\0{until.isoformat()}")[:32]
    return Moment(since, until, str(clean_line(str(event.get("SUMMARY", ""))))[:MAX_SUMMARY], key)


def _moment(value: date | datetime, zone: Any) -> datetime:
    """A time of the file in UTC; a day is the house's, from midnight to midnight."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time.min)
    return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value

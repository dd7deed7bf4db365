"""Which local dates a repetition means: an RRULE by the week, or dates picked one by one. No database."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import WEEKLY, rrule
from flask_babel import lazy_gettext as _l

from app.core.errors import Invalid

MOST = 26
FARTHEST = timedelta(days=366)
PARTS = re.compile(r"(?:RRULE:)?([A-Z]+=[A-Z0-9]+(?:;[A-Z]+=[A-Z0-9]+)*)")
KNOWN = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "WKST"}
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOMENT = re.compile(r"[0-9]{8}(T[0-9]{6}Z?)?")
Said = str | Sequence[str]


@dataclass(frozen=True)
class Repeat:
    """A rule in one spelling, and its dates in order: that of the slot is the first of a rule, one of those picked."""

    rule: str
    dates: tuple[date, ...]


def read_repeat(said: Said, first: date, zone: ZoneInfo) -> Repeat:
    """first: the house's date of the slot from which it is repeated. Raises Invalid."""
    found = _by_rule(said, first, zone) if isinstance(said, str) else _by_dates(said, first)
    if len(found.dates) > MOST:
        raise Invalid("repeat_too_long", _l("C’est trop long : 26 dates au plus."), field="repeat")
    return found


def _by_rule(said: str, first: date, zone: ZoneInfo) -> Repeat:
    whole = PARTS.fullmatch(said.strip().upper())
    if whole is None:
        raise _unread()
    pairs: list[tuple[str, str]] = [part.partition("=")[::2] for part in whole[1].split(";")]
    parts = dict(pairs)
    every, count, until = parts.get("INTERVAL", "1"), parts.get("COUNT"), parts.get("UNTIL")
    weekday = DAYS[first.weekday()]
    known = len(parts) == len(pairs) and set(parts) <= KNOWN and parts.get("FREQ") == "WEEKLY" and every in ("1", "2")
    if not known or parts.get("BYDAY", weekday) != weekday or parts.get("WKST", "MO") not in DAYS:
        raise _unread()
    if (count is None) == (until is None):
        raise _unread()
    begin = datetime.combine(first, time.min)
    if count is not None:
        # One too many is enough to be told that it is too long.
        if not re.fullmatch("[1-9][0-9]{0,8}", count):
            raise _unread()
        dates = rrule(WEEKLY, dtstart=begin, interval=int(every), count=min(int(count), MOST + 1))
    else:
        last = min(_last_day(until or "", zone), first + FARTHEST)
        dates = rrule(WEEKLY, dtstart=begin, interval=int(every), until=datetime.combine(last, time.max))
    end = f"COUNT={count}" if count else f"UNTIL={until}"
    found = tuple(each.date() for each in dates)
    if not found:
        raise _unread()
    return Repeat(f"FREQ=WEEKLY;INTERVAL={every};{end}", found)


def _last_day(until: str, zone: ZoneInfo) -> date:
    """A date, a local moment, or one in UTC: the day on the house's calendar."""
    if not MOMENT.fullmatch(until):
        raise _unread()
    try:
        day = datetime.strptime(until[:8], "%Y%m%d").replace(tzinfo=UTC)
        if until.endswith("Z"):
            return datetime.strptime(f"{until}+0000", "%Y%m%dT%H%M%SZ%z").astimezone(zone).date()
    except OverflowError:
        return date.max
    except ValueError:
        raise _unread() from None
    return day.date()


def _by_dates(said: Sequence[str], first: date) -> Repeat:
    found = {first}
    for each in said:
        if not isinstance(each, str) or not DATE.fullmatch(each):
            raise _unread()
        try:
            found.add(date.fromisoformat(each))
        except ValueError:
            raise _unread() from None
        if len(found) > MOST:
            break
    if not said or any(abs(day - first) > FARTHEST for day in found):
        raise _unread()
    dates = tuple(sorted(found))
    return Repeat(",".join(day.isoformat() for day in dates), dates)


def _unread() -> Invalid:
    return Invalid(
        "repeat_invalid",
        _l("Dites chaque semaine ou toutes les deux semaines, avec une fin, ou choisissez des dates."),
        field="repeat",
    )

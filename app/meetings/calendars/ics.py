"""A calendar by RFC 5545: published, without organiser or attendee, in the wall-clock time of each house. No database.

One stamp for all entries of a file: when each was made would tell which of them belong together.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from icalendar import Calendar, Event, Timezone

from app.core.clock import now, to_the_minute
from app.meetings.calendars.queries import Entry

PRODUCT = "-//Pepiniere//Rendez-vous//FR"
# How often a calendar service should look again.
AGAIN = timedelta(hours=1)
A_YEAR = timedelta(days=366)


def stamp_of(entries: Sequence[Entry], since: datetime | None = None) -> datetime:
    """When a file last changed: with its entries, and each day, since what is over goes."""
    day = now().replace(hour=0, minute=0, second=0, microsecond=0)
    return max([day, *(to_the_minute(one.changed) for one in entries), *([to_the_minute(since)] if since else [])])


def calendar_of(entries: Sequence[Entry], stamp: datetime, *, name: str = "", private: bool = True) -> bytes:
    """The file. name: what a calendar program calls it; private: asks it to show no details to others."""
    found = Calendar()
    found.add("prodid", PRODUCT)
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    if name:
        found.add("name", name)
        found.add("x-wr-calname", name)
        found.add("refresh-interval", AGAIN, parameters={"value": "DURATION"})
        found.add("x-published-ttl", AGAIN)
    timed = [one for one in entries if not one.whole_day]
    for zone in sorted({one.zone for one in timed}):
        found.add_component(_zone(zone, [one for one in timed if one.zone == zone]))
    for one in entries:
        found.add_component(_event(one, stamp, private=private))
    return bytes(found.to_ical())


def _zone(name: str, entries: Sequence[Entry]) -> Timezone:
    """The zone's changes of clock, from a year before the first entry to a year after the last."""
    first, last = min(one.start for one in entries) - A_YEAR, max(one.end for one in entries) + A_YEAR
    zone = Timezone.from_tzinfo(ZoneInfo(name), name, first.date(), last.date())
    # That it says only some years is for whoever reads the file by eye.
    zone.pop("comment", None)
    return zone


def _event(one: Entry, stamp: datetime, *, private: bool) -> Event:
    event = Event()
    event.add("uid", f"{one.uid}@pepiniere")
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("sequence", one.revision)
    event.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
    event.add("summary", one.title)
    event.add("dtstart", one.start.date() if one.whole_day else one.start)
    event.add("dtend", one.end.date() if one.whole_day else one.end)
    if place_of(one):
        event.add("location", place_of(one))
    if one.word and not one.cancelled:
        event.add("description", _("Mot de la porte : %(word)s", word=one.word))
    event.add("class", "PRIVATE" if private else "PUBLIC")
    return event


def place_of(one: Entry) -> str:
    """``Salle 1, 2e étage, Maison du Canal, 12 quai des Arts``."""
    if one.room is None or one.house is None:
        return one.place
    return ", ".join(part for part in (one.room.name, one.room.floor, one.house.name, one.house.address) if part)

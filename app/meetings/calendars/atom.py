"""A house's meetings that are open to all, as an Atom feed (RFC 4287). No database."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from flask_babel import gettext as _

from app.houses.models import House
from app.meetings.calendars.ics import place_of
from app.meetings.calendars.queries import Entry
from app.web.filters import day_long, span, typo, upper_first

ATOM = "http://www.w3.org/2005/Atom"


def feed_of(house: House, entries: Sequence[Entry], stamp: datetime, here: str, page: str, language: str) -> bytes:
    """The feed. here: its own address; page: of the rooms of the house, where one reads on."""
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": language})
    _text(feed, "id", here)
    _text(feed, "title", _("Rencontres ouvertes à tous – %(house)s", house=house.name))
    _text(feed, "updated", _moment(stamp))
    SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": here})
    SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": page})
    _text(SubElement(feed, "author"), "name", house.name)
    for one in entries:
        _add(feed, one, page)
    return bytes(tostring(feed, encoding="utf-8", xml_declaration=True))


def _add(feed: Element, one: Entry, page: str) -> None:
    entry = SubElement(feed, "entry")
    _text(entry, "id", uuid.UUID(hex=one.uid, version=4).urn)
    _text(entry, "title", one.title)
    _text(entry, "updated", _moment(one.changed))
    SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": page})
    when = _("%(day)s, %(time)s", day=upper_first(day_long(one.start)), time=span(one.start, one.end))
    _text(entry, "content", str(typo(f"{when}. {place_of(one)}.")), type="text")


def _text(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(parent, name, attributes).text = text


def _moment(moment: datetime) -> str:
    # To the day: two clubs whose meetings were booked in one minute may share a lead.
    return moment.astimezone(UTC).strftime("%Y-%m-%dT00:00:00Z")

"""The doors of calendars: files and feeds, and the buttons on one's agenda."""

from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, flash, redirect, request, session, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.config import LOCALES
from app.core.errors import NotAllowed, NotFound
from app.core.sealed import seal
from app.houses.models import House
from app.houses.queries import house_by_slug
from app.meetings.calendars import actions
from app.meetings.calendars import parts as parts
from app.meetings.calendars.atom import feed_of
from app.meetings.calendars.ics import calendar_of, stamp_of
from app.meetings.calendars.queries import ANY_MEETING, entries_of, entries_of_house, entry_of, open_calendar
from app.meetings.queries import meeting_for
from app.web.guard import actor, actor_or_none, not_on_a_kiosk, public

bp = Blueprint("calendars", __name__)
ICS, ATOM = "text/calendar; charset=utf-8", "application/atom+xml; charset=utf-8"
FILE = "rendez-vous.ics"
NEW = "new_calendar"


@bp.get("/calendar/<secret>.ics")
@public
def show_calendar(secret: str) -> Response:
    """A person's agenda, for the program that knows the address: no cookie is read or set."""
    found = open_calendar(secret)
    if found is None:
        raise NotFound()
    entries = entries_of(found.key)
    stamp = stamp_of(entries, found.key.made_at)
    with force_locale(_language([found.language])):
        answer = _file(calendar_of(entries, stamp, name=ANY_MEETING), ICS, stamp)
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@bp.get("/meetings/<meeting_id>/calendar.ics")
@public
def download_meeting(meeting_id: str) -> Response:
    """One meeting as a file: with its door word for its club, with its title for everybody else if it is open."""
    meeting = meeting_for(actor_or_none(), meeting_id)
    # A file stays on the device.
    if meeting.me is not None and not actor().on_own_device:
        raise NotAllowed("shared_device", actions.NOT_HERE)
    entry = entry_of(meeting)
    answer = _file(calendar_of([entry], stamp_of([entry]), private=meeting.me is not None), ICS)
    answer.headers["Content-Disposition"] = f'attachment; filename="{FILE}"'
    return answer


@bp.get("/houses/<slug>/calendar.ics")
@public
def show_house_calendar(slug: str) -> Response:
    """What is open to all in a house."""
    house = house_by_slug(slug)
    with force_locale(_language(house.languages)):
        entries = entries_of_house(house)
        stamp = stamp_of(entries)
        return _file(calendar_of(entries, stamp, name=house.name, private=False), ICS, stamp)


@bp.get("/houses/<slug>/feed.xml")
@public
def show_house_feed(slug: str) -> Response:
    """The same for a feed reader."""
    house = house_by_slug(slug)
    language = _language(house.languages)
    with force_locale(language):
        entries = entries_of_house(house)
        stamp = stamp_of(entries)
        here, page = _whole("calendars.show_house_feed", house), _whole("rooms.week", house)
        return _file(feed_of(house, entries, stamp, here, page, language), ATOM, stamp)


def _whole(endpoint: str, house: House) -> str:
    """An address for readers outside."""
    return f"{current_app.config['BASE_URL']}{url_for(endpoint, slug=house.slug)}"


def _language(wanted: list[str]) -> str:
    """The first that we speak."""
    return next((each for each in wanted if each in LOCALES), str(current_app.config["DEFAULT_LOCALE"]))


def _file(body: bytes, kind: str, stamp: datetime | None = None) -> Response:
    """An answer that its reader may keep, but asks for again each time: by its mark, which changes with any byte."""
    answer = current_app.response_class(body, content_type=kind)
    if stamp is not None:
        answer.last_modified = stamp
        answer.add_etag()
        if request.if_none_match:
            answer.make_conditional(request)
    return answer


@bp.post("/agenda/calendar")
@not_on_a_kiosk
def make_calendar() -> Response:
    """Make the address, or another one; it is shown once, on the next page."""
    session[NEW] = seal(actions.make_calendar(actor()))
    return redirect(url_for("meetings.agenda", _anchor="calendar"), 303)


@bp.post("/agenda/calendar/end")
def end_calendar() -> Any:
    """The address opens nothing any more."""
    actions.end_calendar(actor())
    flash(_("L’adresse de votre calendrier n’ouvre plus rien."), "done")
    return redirect(url_for("meetings.agenda"), 303)

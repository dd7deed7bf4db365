"""What a person takes away of their calendar: that it is there, since when. The address is known to them alone."""

from flask_babel import lazy_gettext as _l

from app.core.db import db
from app.core.privacy import Rows, take_away
from app.meetings.calendars.models import CalendarKey


def calendar_rows(account_id: str) -> Rows:
    """One line, or none."""
    found = db.session.get(CalendarKey, account_id)
    return [{"what": "calendar", "since": found.made_at}] if found else []


take_away("calendar", _l("Mon calendrier"), calendar_rows, ("calendar_key", "account_id"))

"""The calendar among what opens something of the account."""

from app.accounts.parts import account_below
from app.core.actor import Actor
from app.meetings.calendars.queries import calendar_key_of
from app.web.parts import Part


def calendar_part(actor: Actor) -> Part | None:
    """Since when, and the button that ends it; who has none has no line."""
    found = calendar_key_of(actor)
    return Part("calendars/_key.html", {"since": found.made_at}) if found else None


account_below.append(calendar_part)

"""Verbs of calendars: make the secret address of one's agenda, or another one; end it."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from app.accounts.models import Account
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import NotAllowed, NotFound
from app.core.ids import new_id, new_secret
from app.meetings.calendars.models import CalendarKey
from app.meetings.calendars.policy import can_make_calendar
from app.meetings.calendars.queries import calendar_key_of, secret_key

NOT_HERE = _l("Pas sur un appareil partagé : faites-le sur un appareil à vous.")


def make_calendar(actor: Actor) -> str:
    """A member makes the secret address of their agenda, told this once; the one before opens nothing any more."""
    if not can_make_calendar(actor):
        raise NotAllowed("shared_device", NOT_HERE)
    secret = new_secret()
    with transaction():
        # Two at once are made one after the other.
        db.session.execute(select(Account.id).where(Account.id == actor.account_id).with_for_update())
        db.session.execute(delete(CalendarKey).where(CalendarKey.account_id == actor.account_id))
        db.session.add(
            CalendarKey(account_id=actor.account_id, id=new_id(), secret_hash=secret_key(secret), made_at=now())
        )
    return secret


def end_calendar(actor: Actor) -> None:
    """The secret address opens nothing any more. Raises NotFound when there is none."""
    with transaction():
        found = calendar_key_of(actor)
        if found is None:
            raise NotFound()
        db.session.delete(found)

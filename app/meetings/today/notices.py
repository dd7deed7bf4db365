"""Who said that they come is told that a meeting stands elsewhere on its day."""

from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.accounts.notices import notify
from app.clubs.models import Membership
from app.clubs.queries import ACTIVE
from app.core.db import db
from app.houses.models import House
from app.meetings.models import Meeting, Rsvp
from app.meetings.queries import end_of, start_of
from app.rooms.models import Claim


def tell_moved(meeting: Meeting, said: Claim | Meeting) -> None:
    """The day and the hour. Where is a lead's words: they are read here alone, until the end."""
    start = start_of(said).astimezone(ZoneInfo(db.session.get_one(House, meeting.house_id).timezone))
    coming = (
        select(Membership.account_id)
        .join(Rsvp, Rsvp.membership_id == Membership.id)
        .where(Rsvp.meeting_id == meeting.id, Rsvp.answer == "yes", ACTIVE)
    )
    subject = _l("Le rendez-vous est déplacé")
    for account_id in db.session.scalars(coming):
        if account_id is not None:
            notify(
                account_id, "reminder", subject, "meeting_elsewhere", path="/agenda", until=end_of(said), start=start
            )

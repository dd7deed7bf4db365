"""What becomes of a person's name at past meetings when they leave, and what they take away of it."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from app.clubs.leaving import club_names, memberships_of
from app.clubs.partings import Messages, parting
from app.core.db import db
from app.core.privacy import Rows, take_away
from app.meetings.attendance.models import Attendee
from app.meetings.models import Meeting
from app.meetings.queries import STARTS
from app.rooms.models import Claim


def part_from_attendance(membership_id: str, _messages: Messages) -> None:
    """The number stays, the name goes."""
    db.session.execute(delete(Attendee).where(Attendee.membership_id == membership_id))


def attended_rows(account_id: str) -> Rows:
    """At which meetings their name is noted, or was until they took it off; never how a meeting is called."""
    names, mine = club_names(account_id), memberships_of(account_id)
    rows = db.session.execute(
        select(Meeting.club_id, STARTS.label("starts_at"), Attendee.dropped)
        .join(Attendee, Attendee.meeting_id == Meeting.id)
        .outerjoin(Claim, Claim.id == Meeting.claim_id)
        .where(Attendee.membership_id.in_(mine))
        .order_by(STARTS, Meeting.id)
    )
    return [{"club": names[row.club_id], "start": row.starts_at, "dropped": row.dropped} for row in rows]


parting.append(part_from_attendance)
take_away("attended", _l("Les rencontres où mon nom est noté"), attended_rows, ("attendee", "membership_id"))

"""What becomes of what a person said on the day of a meeting when they leave, and what they take away of it."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update

from app.clubs.leaving import club_names, memberships_of, still_inside
from app.clubs.partings import Messages, parting
from app.core.db import db
from app.core.privacy import Rows, take_away
from app.meetings.models import Meeting
from app.meetings.today.models import Arrival


def part_from_day(membership_id: str, messages: Messages) -> None:
    """Nobody waits for them; where the meeting stands goes with their messages, or stays without a name."""
    db.session.execute(delete(Arrival).where(Arrival.membership_id == membership_id))
    theirs = update(Meeting).where(Meeting.moved_by_id == membership_id)
    if messages == "blank":
        db.session.execute(theirs.values(moved_to=""))
    db.session.execute(theirs.values(moved_by_id=None))


def day_rows(account_id: str) -> Rows:
    """That they are on their way; where a meeting stands, in their words, while they are inside."""
    names, mine, inside = club_names(account_id), memberships_of(account_id), still_inside(account_id)
    ways = db.session.execute(
        select(Meeting.club_id, Arrival.late)
        .join(Meeting, Meeting.id == Arrival.meeting_id)
        .where(Arrival.membership_id.in_(mine))
        .order_by(Meeting.id)
    )
    told: Rows = [{"what": "on_way", "club": names[row.club_id], "late": row.late} for row in ways]
    moved = select(Meeting).where(Meeting.moved_by_id.in_(inside)).order_by(Meeting.id)
    return told + [
        {"what": "moved", "club": names[one.club_id], "place": one.moved_to} for one in db.session.scalars(moved)
    ]


parting.append(part_from_day)
take_away(
    "day",
    _l("Ce que j’ai dit le jour d’une rencontre"),
    day_rows,
    ("arrival", "membership_id"),
    ("meeting", "moved_by_id"),
)

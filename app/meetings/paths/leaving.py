"""What a person takes away, and takes along, of the sessions that they took part in."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update

from app.clubs.leaving import club_names
from app.clubs.models import Membership
from app.clubs.partings import Messages, parting
from app.core.db import db
from app.core.privacy import Rows, take_away
from app.meetings.paths.models import SessionGoal, SessionPath, SessionSeat
from app.rooms.models import MeetingSession


def part_from_paths(membership_id: str, messages: Messages) -> None:
    """Their seat is free. What they wrote goes with the messages, or stays and is nobody's."""
    db.session.execute(delete(SessionSeat).where(SessionSeat.membership_id == membership_id))
    goals, review = SessionGoal.by_id == membership_id, SessionPath.by_id == membership_id
    if messages == "blank":
        db.session.execute(delete(SessionGoal).where(goals))
        db.session.execute(update(SessionPath).where(review).values(reached="", ahead=""))
    db.session.execute(update(SessionGoal).where(goals).values(by_id=None))
    db.session.execute(update(SessionPath).where(review).values(by_id=None))


def seat_rows(account_id: str) -> Rows:
    """In which clubs they take part in a session. How it is called is somebody else's word."""
    rows = db.session.scalars(_sessions(account_id, SessionSeat, SessionSeat.membership_id))
    return [{"club": club_names(account_id)[club_id]} for club_id in rows]


def _sessions(account_id: str, table: Any, by: Any) -> Any:
    return (
        select(MeetingSession.club_id)
        .join(table, table.session_id == MeetingSession.id)
        .join(Membership, Membership.id == by)
        .where(Membership.account_id == account_id)
        .order_by(MeetingSession.granted_at, MeetingSession.id)
    )


def goal_rows(account_id: str) -> Rows:
    """The goals that they wrote."""
    names = club_names(account_id)
    rows = db.session.execute(
        _sessions(account_id, SessionGoal, SessionGoal.by_id).add_columns(SessionGoal.text, SessionGoal.reached)
    )
    return [{"club": names[club_id], "text": text, "reached": reached} for club_id, text, reached in rows]


def review_rows(account_id: str) -> Rows:
    """The reviews that they wrote last."""
    names = club_names(account_id)
    rows = db.session.execute(
        _sessions(account_id, SessionPath, SessionPath.by_id).add_columns(
            SessionPath.reached, SessionPath.ahead, SessionPath.written_at
        )
    )
    return [{"club": names[row[0]], "text": row[1], "ahead": row[2], "at": row[3]} for row in rows]


parting.append(part_from_paths)
take_away("session-seats", _l("Les sessions où je participe"), seat_rows, ("session_seat", "membership_id"))
take_away("session-goals", _l("Les buts que j’ai écrits"), goal_rows, ("session_goal", "by_id"))
take_away("session-reviews", _l("Les bilans que j’ai écrits"), review_rows, ("session_path", "by_id"))

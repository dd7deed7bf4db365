"""What a person takes away, and takes along, of the sessions that they took part in."""

from itertools import groupby
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update

from app.clubs.leaving import club_names, still_inside
from app.clubs.models import Membership
from app.clubs.partings import Messages, parting
from app.core.db import db
from app.core.privacy import Rows, take_away
from app.meetings.paths.live import changed
from app.meetings.paths.models import REVIEW, ReviewLine, SessionGoal, SessionPath, SessionSeat
from app.rooms.models import MeetingSession

WRITTEN = (SessionGoal, ReviewLine)


def part_from_paths(membership_id: str, messages: Messages) -> None:
    """Their seat is free. What they wrote goes with the messages, or stays and is nobody's."""
    touched = set(db.session.scalars(select(SessionSeat.session_id).where(SessionSeat.membership_id == membership_id)))
    db.session.execute(delete(SessionSeat).where(SessionSeat.membership_id == membership_id))
    for table in WRITTEN:
        touched |= set(db.session.scalars(select(table.session_id).where(table.by_id == membership_id)))
        if messages == "blank":
            _blank(table, membership_id)
        db.session.execute(update(table).where(table.by_id == membership_id).values(by_id=None))
    club_id = db.session.get_one(Membership, membership_id).club_id
    for session_id in sorted(touched):
        changed(club_id, session_id)


def _blank(table: Any, membership_id: str) -> None:
    theirs = table.by_id == membership_id
    if table is ReviewLine:
        # Who has the page open since before does not write their words again unread.
        reviewed = SessionPath.session_id.in_(select(ReviewLine.session_id).where(theirs))
        db.session.execute(update(SessionPath).where(reviewed).values(version=SessionPath.version + 1))
    db.session.execute(delete(table).where(theirs))


def seat_rows(account_id: str) -> Rows:
    """In which clubs they take part in a session. How it is called is somebody else's word."""
    names = club_names(account_id)
    rows = db.session.scalars(_sessions(account_id, SessionSeat, SessionSeat.membership_id))
    return [{"club": names[club_id]} for club_id in rows]


def _sessions(account_id: str, table: Any, by: Any) -> Any:
    return (
        select(MeetingSession.club_id)
        .join(table, table.session_id == MeetingSession.id)
        .join(Membership, Membership.id == by)
        .where(Membership.account_id == account_id)
        .order_by(MeetingSession.granted_at, MeetingSession.id)
    )


def goal_rows(account_id: str) -> Rows:
    """The goals that they wrote; whether one was reached, to who may still read the club."""
    names, inside = club_names(account_id), still_inside(account_id)
    mine = _sessions(account_id, SessionGoal, SessionGoal.by_id).add_columns(SessionGoal)
    return [
        {"club": names[club_id], "text": goal.text, "reached": goal.reached if goal.by_id in inside else None}
        for club_id, goal in db.session.execute(mine.order_by(SessionGoal.number))
    ]


def review_rows(account_id: str) -> Rows:
    """The lines that they wrote in reviews, by session, and not those of the others."""
    names = club_names(account_id)
    mine = _sessions(account_id, ReviewLine, ReviewLine.by_id).add_columns(ReviewLine).order_by(ReviewLine.place)
    told: Rows = []
    for _session, found in groupby(db.session.execute(mine), lambda row: row[1].session_id):
        rows = list(found)
        reached, ahead = ("\n".join(line.text for _club, line in rows if line.kind == kind) for kind in REVIEW)
        at = max(line.written_at for _club, line in rows)
        told.append({"club": names[rows[0][0]], "text": reached, "ahead": ahead, "at": at})
    return told


parting.append(part_from_paths)
take_away("session-seats", _l("Les sessions où je participe"), seat_rows, ("session_seat", "membership_id"))
take_away("session-goals", _l("Les buts que j’ai écrits"), goal_rows, ("session_goal", "by_id"))
take_away("session-reviews", _l("Ce que j’ai écrit dans les bilans"), review_rows, ("review_line", "by_id"))

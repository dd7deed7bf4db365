"""Reads of attendance, always for someone who was in the club by then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, or_, select

from app.clubs.models import Club, Membership
from app.clubs.queries import ACTIVE, IN_CLUB
from app.core.db import db
from app.meetings.attendance.models import Attendance, Attendee, NamedAttendance
from app.meetings.attendance.policy import can_read_attendance
from app.meetings.models import Meeting, Rsvp
from app.meetings.queries import STARTS, MeetingView
from app.rooms.models import Claim


@dataclass(frozen=True)
class Attended:
    """How many were there; the names that were noted, of those who are still in the club; whether the reader's is."""

    number: int
    names: tuple[str, ...]
    mine: bool


def attendance_of(meeting: MeetingView) -> Attended | None:
    """None when nothing was noted, and for who came after."""
    me = meeting.me
    if me is None or not can_read_attendance(me, meeting.span[1]):
        return None
    found = db.session.get(Attendance, meeting.id, populate_existing=True)
    if found is None:
        return None
    rows = noted_at(meeting.id)
    return Attended(found.number, tuple(name or "" for _id, name in rows), me.id in {row[0] for row in rows})


def noted_at(meeting_id: str) -> Sequence[Row[str, str | None]]:
    """Who is noted, by name; the caller has proved to read it."""
    wanted = select(Membership.id, Membership.name).join(Attendee, Attendee.membership_id == Membership.id)
    here = wanted.where(Attendee.meeting_id == meeting_id, ~Attendee.dropped, IN_CLUB)
    return db.session.execute(here.order_by(Membership.name, Membership.id)).all()


def offered_at(meeting_id: str) -> Sequence[Row[str, str | None]]:
    """Whom a lead may note: who said that they come, and who is noted already; never who took their name off."""
    yes = select(Rsvp.membership_id).where(Rsvp.meeting_id == meeting_id, Rsvp.answer == "yes")
    noted = select(Attendee.membership_id).where(Attendee.meeting_id == meeting_id)
    wanted = select(Membership.id, Membership.name).where(or_(Membership.id.in_(yes), Membership.id.in_(noted)))
    willing = wanted.where(Membership.id.not_in(noted.where(Attendee.dropped)), ACTIVE, IN_CLUB)
    return db.session.execute(willing.order_by(Membership.name, Membership.id)).all()


def own_names(me: Membership) -> Sequence[Row[str, datetime]]:
    """At which meetings a member's own name is noted, and when they began; latest first."""
    return db.session.execute(
        select(Meeting.id, STARTS.label("start"))
        .join(Attendee, Attendee.meeting_id == Meeting.id)
        .outerjoin(Claim, Claim.id == Meeting.claim_id)
        .where(Attendee.membership_id == me.id, ~Attendee.dropped)
        .order_by(STARTS.desc(), Meeting.id)
    ).all()


def notes_names(club: Club, start: datetime) -> bool:
    """Are names noted of what begins then? Never of what began before the club chose so."""
    since = names_since(club)
    return since is not None and since <= start


def names_since(club: Club) -> datetime | None:
    """Since when a club notes names; None: it notes none."""
    found = db.session.get(NamedAttendance, club.id, populate_existing=True)
    return found.since_at if found else None

"""Verbs of attendance: note how many were there, take one's own name off, choose for a club whether names are noted."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from app.clubs import live
from app.clubs.actions import not_a_lead
from app.clubs.models import Club, Membership
from app.clubs.queries import member_club_for
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import DomainError, Gone, Invalid, NotFound
from app.core.limits import Bucket, Window, spend
from app.houses.journal import note
from app.meetings.attendance.models import Attendance, Attendee, NamedAttendance
from app.meetings.attendance.policy import can_note_attendance, can_read_attendance
from app.meetings.attendance.queries import names_since, notes_names, offered_at
from app.meetings.models import Meeting
from app.meetings.queries import end_of, is_off, my_meeting, said_of, start_of

MOST = 500
NOTE = Bucket("attendance", 20, 10)
# Each is a line of the journal that stays.
CHOOSE = Window("choose-attendance", 10, 60)


def note_attendance(actor: Actor, meeting_id: str, number: int, names: Sequence[str] = ()) -> None:
    """A lead notes how many were there, from its start on; names, of who said yes, where the club chose so.

    Raises NotFound, NotAllowed, Invalid, Gone.
    """
    with transaction():
        meeting, club, me = my_meeting(actor, meeting_id, lock=True)
        if not can_note_attendance(me):
            raise not_a_lead()
        if not can_read_attendance(me, end_of(said_of(meeting))):
            raise NotFound()
        # Whether names are noted is chosen by one at a time.
        live.hold(club.id)
        _begun(meeting)
        offered = {membership_id for membership_id, _name in offered_at(meeting.id)}
        chosen = _checked(club, meeting, number, set(names), offered)
        spend(NOTE, me.id)
        db.session.merge(Attendance(meeting_id=meeting.id, number=number))
        # Of nobody else: who is on pause stays noted, who took their name off stays off.
        db.session.execute(
            delete(Attendee).where(Attendee.meeting_id == meeting.id, Attendee.membership_id.in_(offered))
        )
        db.session.add_all(Attendee(meeting_id=meeting.id, membership_id=each) for each in sorted(chosen))
        live.record(club.id, "meeting:attended", meeting.id)


def _begun(meeting: Meeting) -> None:
    said = said_of(meeting)
    if is_off(said):
        raise Gone("meeting_released", _l("Cette rencontre n’a plus lieu."))
    if start_of(said) > now():
        raise DomainError("meeting_not_begun", _l("La rencontre n’a pas commencé."), status=409)


def _checked(club: Club, meeting: Meeting, number: int, names: set[str], offered: set[str]) -> set[str]:
    if not 0 <= number <= MOST:
        raise Invalid("number_out_of_range", _l("Écrivez un nombre, de 0 à 500."), field="number")
    if not names:
        return names
    if not notes_names(club, start_of(said_of(meeting))):
        raise Invalid("names_off", _l("Ce club ne note pas les noms."), field="names")
    if not names <= offered:
        raise Invalid("name_unknown", _l("Choisissez parmi les personnes qui ont dit oui."), field="names")
    if len(names) > number:
        raise Invalid("number_too_small", _l("Vous avez coché plus de noms que ce nombre."), field="number")
    return names


def drop_own_name(actor: Actor, meeting_id: str) -> tuple[Club, Membership]:
    """A member, on pause or not, takes their own name off, for good; the number stays. Raises NotFound without one."""
    with transaction():
        meeting, club, me = my_meeting(actor, meeting_id, lock=True, paused=True)
        live.hold(club.id)
        mine = db.session.get(Attendee, (meeting.id, me.id), populate_existing=True)
        if mine is None or mine.dropped:
            raise NotFound()
        mine.dropped = True
        live.record(club.id, "meeting:attended", meeting.id)
        return club, me


def choose_attendance(actor: Actor, slug: str, *, named: bool) -> Club:
    """A lead chooses whether the club notes names; without, those that were noted go at once. Raises NotAllowed."""
    with transaction():
        club, me = member_club_for(actor, slug)
        live.hold(club.id)
        db.session.refresh(me)
        if not me.active:
            raise NotFound()
        if not can_note_attendance(me):
            raise not_a_lead()
        if (names_since(club) is not None) == named:
            return club
        spend(CHOOSE, me.id)
        _set(club, named=named)
        live.record(club.id, "club:attendance", club.id)
        if named:
            note("attendance:named", actor, role="lead", house_id=club.house_id, club_id=club.id)
        else:
            note("attendance:counted", actor, role="lead", house_id=club.house_id, club_id=club.id)
        return club


def _set(club: Club, *, named: bool) -> None:
    if named:
        db.session.add(NamedAttendance(club_id=club.id, since_at=now()))
        return
    theirs = select(Meeting.id).where(Meeting.club_id == club.id)
    db.session.execute(delete(Attendee).where(Attendee.meeting_id.in_(theirs)))
    db.session.execute(delete(NamedAttendance).where(NamedAttendance.club_id == club.id))

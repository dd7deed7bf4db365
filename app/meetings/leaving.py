"""What a person takes away, and takes along, of their answers to meetings."""

from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, or_, select, update

from app.clubs.leaving import club_names, ends_of, still_inside, was_there
from app.clubs.models import Membership
from app.clubs.partings import Messages, parting
from app.core.db import db
from app.core.privacy import Rows, take_away
from app.core.sealed import unseal
from app.meetings.models import Meeting, Rsvp
from app.meetings.places.models import MeetingPlace
from app.meetings.queries import STARTS
from app.rooms.models import Claim


def part_from_meetings(membership_id: str, messages: Messages) -> None:
    """Nobody counts on who is gone; what they planned stays the club's, and its title goes with their messages."""
    db.session.execute(delete(Rsvp).where(Rsvp.membership_id == membership_id))
    # An address may be their own home.
    told = update(MeetingPlace).where(MeetingPlace.written_by_id == membership_id)
    db.session.execute(told.values(address_sealed=None, written_by_id=None))
    theirs = update(Meeting).where(Meeting.made_by_id == membership_id)
    there = update(Meeting).where(Meeting.area_by_id == membership_id)
    if messages == "blank":
        with force_locale(str(current_app.config["DEFAULT_LOCALE"])):
            db.session.execute(theirs.where(Meeting.claim_id.is_(None)).values(title=_("Rencontre")))
        db.session.execute(there.values(area=""))
    db.session.execute(theirs.values(made_by_id=None))
    db.session.execute(there.values(area_by_id=None))


def answer_rows(account_id: str) -> Rows:
    """Which meetings a person said yes or no to. How a meeting is called is somebody else's word.

    When it is now is told to who may still read the club: it may have been moved since they left.
    """
    names, inside = club_names(account_id), still_inside(account_id)
    rows = db.session.execute(
        select(Meeting.club_id, STARTS.label("starts_at"), Rsvp.answer, Rsvp.at, Rsvp.membership_id)
        .join(Meeting, Meeting.id == Rsvp.meeting_id)
        .outerjoin(Claim, Claim.id == Meeting.claim_id)
        .join(Membership, Membership.id == Rsvp.membership_id)
        .where(Membership.account_id == account_id)
        .order_by(Rsvp.at, Meeting.id)
    )
    return [
        {
            "club": names[row.club_id],
            "start": row.starts_at if row.membership_id in inside else None,
            "answer": row.answer,
            "at": row.at,
        }
        for row in rows
    ]


def planned_rows(account_id: str) -> Rows:
    """The meetings outside the rooms of which a person said something: each word to whoever wrote it.

    Who may not read the club any more has their title: when and where it is now is not theirs to learn, nor what was
    made of their words since.
    """
    names, ends, inside = club_names(account_id), ends_of(account_id), still_inside(account_id)
    theirs = or_(*(column.in_(ends) for column in (Meeting.made_by_id, Meeting.area_by_id, MeetingPlace.written_by_id)))
    rows = db.session.execute(
        select(Meeting, MeetingPlace)
        .outerjoin(MeetingPlace, MeetingPlace.meeting_id == Meeting.id)
        .where(theirs)
        .order_by(Meeting.made_at, Meeting.id)
    )
    return [
        _planned_row(meeting, place, names, set(ends), inside)
        for meeting, place in rows
        if was_there(
            ends, meeting.made_at, meeting.made_by_id, meeting.area_by_id, place.written_by_id if place else None
        )
    ]


def _planned_row(
    meeting: Meeting, place: MeetingPlace | None, names: dict[str, str], mine: set[str], inside: set[str]
) -> dict[str, Any]:
    writer = place.written_by_id if place else None
    here = not inside.isdisjoint({meeting.made_by_id, meeting.area_by_id, writer})
    return {
        "title": meeting.title if meeting.made_by_id in mine else None,
        "club": names[meeting.club_id],
        "start": meeting.starts_at if here else None,
        "end": meeting.ends_at if here else None,
        "place": meeting.area if meeting.area_by_id in inside else None,
        "exact_address": _address(place) if writer in inside else None,
    }


def _address(place: MeetingPlace | None) -> str | None:
    """While it is kept."""
    return unseal(place.address_sealed) if place and place.address_sealed else None


parting.append(part_from_meetings)
take_away(
    "planned",
    _l("Les rencontres que j’ai prévues"),
    planned_rows,
    ("meeting", "made_by_id"),
    ("meeting", "area_by_id"),
    ("meeting_place", "written_by_id"),
)
take_away("meetings", _l("Mes réponses aux rencontres"), answer_rows, ("rsvp", "membership_id"))

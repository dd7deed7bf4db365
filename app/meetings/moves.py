"""Who said that they come is told when a meeting stands elsewhere, or at another time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from app.accounts.notices import notify
from app.clubs.models import Membership
from app.clubs.queries import ACTIVE
from app.core.db import db
from app.houses.models import House
from app.meetings.models import Meeting, Rsvp
from app.meetings.queries import start_of
from app.rooms.models import Claim, Room
from app.rooms.series.changes import moved
from app.rooms.series.history import Place


def tell_who_comes(claim: Claim, was: Place) -> None:
    """One mail each; they are reminded again, of the new day. What is kept for who waits is kept anew."""
    accounts = _to_be_told(claim.id)
    if accounts:
        old, new = _spot(*was), _spot(claim.starts_at, claim.room_id)
        _tell(accounts, _l("Le rendez-vous change"), "meeting_moved", claim.starts_at, old=old, new=new)


def tell_other_time(meeting: Meeting, was: datetime) -> None:
    """The same, outside the rooms: the day and the time, and nothing of where."""
    start = start_of(meeting)
    old, new = _clock(meeting, was), _clock(meeting, start)
    _tell(_to_be_told(meeting.id), _l("Le rendez-vous change"), "meeting_later", start, old=old, new=new)


def tell_off(meeting: Meeting) -> None:
    """It does not take place."""
    start = start_of(meeting)
    _tell(_to_be_told(meeting.id), _l("Le rendez-vous est annulé"), "meeting_off", start, old=_clock(meeting, start))


def _to_be_told(meeting_id: str) -> list[str]:
    """The accounts of who comes."""
    waiting = update(Rsvp).where(Rsvp.meeting_id == meeting_id, Rsvp.answer == "waiting")
    db.session.execute(waiting.values(held_until=None))
    coming = (
        select(Rsvp, Membership.account_id)
        .join(Membership, Membership.id == Rsvp.membership_id)
        .where(Rsvp.meeting_id == meeting_id, Rsvp.answer == "yes", ACTIVE)
    )
    rows = db.session.execute(coming).all()
    for rsvp, _account_id in rows:
        rsvp.reminded_at = None
    return [account_id for _rsvp, account_id in rows if account_id is not None]


def _tell(accounts: Sequence[str], subject: Any, template: str, until: datetime, **values: Any) -> None:
    for account_id in accounts:
        notify(account_id, "reminder", subject, template, path="/agenda", until=until, **values)


def _clock(meeting: Meeting, moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(db.session.get_one(House, meeting.house_id).timezone))


def _spot(start: Any, room_id: str) -> dict[str, Any]:
    room, house = db.session.execute(select(Room, House).join(House).where(Room.id == room_id)).one()
    return {"start": start.astimezone(ZoneInfo(house.timezone)), "room": room.name, "house": house.name}


moved.append(tell_who_comes)

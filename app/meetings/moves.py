"""Who said that they come is told when a meeting stands elsewhere, or at another time.

Outside the rooms a lead may write a plan anew several times in a row: what came of it is told once, some minutes later.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from app.accounts.notices import notify
from app.clubs.models import Membership
from app.clubs.queries import ACTIVE
from app.core import jobs
from app.core.clock import now
from app.core.db import db, transaction
from app.houses.models import House
from app.meetings.models import Meeting, Rsvp
from app.meetings.queries import lock_meeting, start_of
from app.meetings.today.keeping import forget_day
from app.rooms.models import Claim, Room
from app.rooms.series.changes import moved
from app.rooms.series.history import Place

GATHER = timedelta(minutes=10)
SOON = timedelta(hours=2)


def tell_who_comes(claim: Claim, was: Place) -> None:
    """One mail each; they are reminded again, of the new day. What is kept for who waits is kept anew."""
    accounts = _to_be_told(claim.id)
    if accounts:
        old, new = _spot(*was), _spot(claim.starts_at, claim.room_id)
        _tell(accounts, _l("Le rendez-vous change"), "meeting_moved", claim.starts_at, old=old, new=new)


def tell_other_time(meeting: Meeting, was: datetime) -> None:
    """The same, outside the rooms, in some minutes: what is soon is told at once, also of what waits already."""
    moment = now()
    if not _to_be_told(meeting.id):
        jobs.take_back(_key(meeting))
        return
    soon = min(was, start_of(meeting)) - moment < SOON
    run_at = moment if soon else moment + GATHER
    # What waits keeps the hour that one knows: it is of before the first change.
    if not jobs.hasten(_key(meeting), run_at):
        told = {"meeting": meeting.id, "was": was.astimezone(UTC).isoformat()}
        jobs.enqueue("meetings:tell_later", told, run_at, key=_key(meeting))


@jobs.handler("meetings:tell_later")
def tell_later(payload: dict[str, Any]) -> None:
    """From when it was, as who comes knows it, to when it is now: the day and the time, and nothing of where."""
    with transaction():
        meeting = lock_meeting(payload["meeting"])
        if meeting is None or jobs.take_back(_key(meeting)) is None:
            return
        was, start = datetime.fromisoformat(payload["was"]), start_of(meeting)
        if was != start and start > now():
            old, new = _clock(meeting, was), _clock(meeting, start)
            _tell(_who_knows(meeting), _l("Le rendez-vous change"), "meeting_later", start, old=old, new=new)


def tell_off(meeting: Meeting) -> None:
    """It does not take place, told of the moment that who comes knows."""
    untold = jobs.take_back(_key(meeting))
    start = start_of(meeting)
    old = _clock(meeting, datetime.fromisoformat(untold["was"]) if untold else start)
    _tell(_to_be_told(meeting.id), _l("Le rendez-vous est annulé"), "meeting_off", start, old=old)


def _key(meeting: Meeting) -> str:
    return f"later:{meeting.id}"


def _who_knows(meeting: Meeting) -> list[str]:
    """The accounts of who comes, and said so before it was changed last."""
    coming = (
        select(Membership.account_id)
        .join(Rsvp, Rsvp.membership_id == Membership.id)
        .where(Rsvp.meeting_id == meeting.id, Rsvp.answer == "yes", Rsvp.at <= meeting.changed_at, ACTIVE)
    )
    return [account_id for account_id in db.session.scalars(coming) if account_id is not None]


def _to_be_told(meeting_id: str) -> list[str]:
    """The accounts of who comes; they are reminded again, and what is kept for who waits is kept anew.

    What was said of its day is of another day now.
    """
    forget_day([meeting_id])
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

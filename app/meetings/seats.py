"""Places at a meeting: how many are taken, and who of those who wait is offered the next one, until when.

A place that is offered is kept, and counts as taken, until a moment that is said; then it goes on to the next.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from app.accounts.notices import notify
from app.clubs.models import Membership
from app.clubs.queries import ACTIVE
from app.core.clock import now, to_the_minute
from app.core.db import db
from app.houses.models import House
from app.meetings.models import Meeting, Rsvp
from app.meetings.queries import places_of, start_of, takes_a_place
from app.rooms.models import Claim, Room
from app.rooms.waiting.offers import AT_MOST


def places_at(meeting: Meeting, said: Claim | Meeting) -> int | None:
    """How many people there is room for; None: as many as wish."""
    room = db.session.get(Room, said.room_id, populate_existing=True) if isinstance(said, Claim) else None
    return places_of(meeting, room)


def taken(meeting: Meeting, but: Membership | None = None) -> int:
    """How many places are taken or kept, by others than this member. The caller holds the meeting's lock."""
    wanted = (
        select(func.coalesce(func.sum(1 + Rsvp.guests), 0))
        .join(Membership, Membership.id == Rsvp.membership_id)
        .where(Rsvp.meeting_id == meeting.id, takes_a_place(), ACTIVE)
    )
    return int(db.session.scalar(wanted.where(Rsvp.membership_id != but.id) if but else wanted) or 0)


def offer_places(meeting: Meeting, said: Claim | Meeting) -> None:
    """Keep each place that is free for whoever waits longest. The caller holds the meeting's lock."""
    places, start = places_at(meeting, said), start_of(said)
    if start <= now():
        return
    db.session.flush()
    waiting = _in_line(meeting)
    if not waiting:
        return
    free = len(waiting) if places is None else places - taken(meeting)
    for rsvp, account_id in waiting[: max(0, free)]:
        rsvp.held_until = lasts_until(start)
        if account_id is not None:
            _tell(account_id, meeting, start, rsvp.held_until)
    db.session.flush()


def lasts_until(start: datetime) -> datetime:
    """48 hours, or half the time left, whichever is shorter; to the minute, as it is said."""
    return to_the_minute(now() + min(AT_MOST, (start - now()) / 2))


def _in_line(meeting: Meeting) -> list[tuple[Rsvp, str | None]]:
    """Who waits and has been offered nothing, the first first."""
    rows = db.session.execute(
        select(Rsvp, Membership.account_id)
        .join(Membership, Membership.id == Rsvp.membership_id)
        .where(Rsvp.meeting_id == meeting.id, Rsvp.answer == "waiting", Rsvp.held_until.is_(None), ACTIVE)
        .order_by(Rsvp.at, Rsvp.membership_id)
        .execution_options(populate_existing=True)
    )
    return [(rsvp, account_id) for rsvp, account_id in rows]


def _tell(account_id: str, meeting: Meeting, start: datetime, until: datetime) -> None:
    """The day and the time, and until when; no club, and nothing of where."""
    zone = ZoneInfo(db.session.get_one(House, meeting.house_id).timezone)
    notify(
        account_id, "request", _l("Une place est libre pour vous"), "place_kept", path="/agenda", until=until,
        start=start.astimezone(zone), deadline=until.astimezone(zone),
    )  # fmt: skip

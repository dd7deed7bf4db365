"""The clock's door of meetings: a reminder the evening before, and what the day's summary says of tomorrow."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, delete, or_, select

from app.accounts import digests
from app.accounts.mail_choices import choice_of
from app.accounts.notices import notify
from app.clubs.models import Membership
from app.clubs.queries import ACTIVE
from app.core import jobs
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.retention import Lasting, by_key
from app.houses.models import House
from app.meetings import leaving as leaving
from app.meetings import moves as moves
from app.meetings.models import Meeting, Rsvp
from app.meetings.queries import OFF, STARTS, agenda_for, is_off, living, lock_meeting, said_of, start_of
from app.meetings.seats import offer_places
from app.rooms.jobs import PAST
from app.rooms.models import Claim, Room
from app.web.filters import day_long, hm, span

# On the clock of the meeting's house, the day before.
REMIND_FROM = time(17)
# Nobody reads it any more.
TOO_LATE = timedelta(hours=1)
AHEAD = timedelta(days=2)
# Who came where is of no use once it is over; three months are for who asks again about a past series.
ANSWERS_KEPT = Lasting(months=3)


@jobs.every("meetings:remind", minutes=10)
def remind() -> None:
    """Write once to each who said yes, from the evening before on."""
    moment = now()
    rows = db.session.execute(living().where(_begins_between(moment + TOO_LATE, moment + AHEAD))).all()
    db.session.rollback()
    for meeting, claim, room, house, _club in rows:
        since = remind_from(claim or meeting, house)
        if since <= moment:
            with transaction():
                _remind(meeting, claim, room, house, since)


def _begins_between(first: datetime, last: datetime) -> ColumnElement[bool]:
    """Each side by its own index: the clock asks this of all clubs."""
    claimed = select(Claim.id).where(Claim.ends_at > first, Claim.starts_at > first, Claim.starts_at < last)
    planned = select(Meeting.id).where(Meeting.ends_at > first, Meeting.starts_at > first, Meeting.starts_at < last)
    return Meeting.id.in_(claimed.union_all(planned))


def remind_from(said: Claim | Meeting, house: House) -> datetime:
    """Five in the evening of the day before, where the meeting is."""
    zone = ZoneInfo(house.timezone)
    eve = start_of(said).astimezone(zone).date() - timedelta(days=1)
    return datetime.combine(eve, REMIND_FROM, zone)


def _remind(meeting: Meeting, claim: Claim | None, room: Room | None, house: House, since: datetime) -> None:
    # Who said yes since then needs no reminder.
    coming = (
        select(Rsvp, Membership.account_id)
        .join(Membership, Membership.id == Rsvp.membership_id)
        .join(Meeting, Meeting.id == Rsvp.meeting_id)
        .outerjoin(Claim, Claim.id == Meeting.claim_id)
        .where(Rsvp.meeting_id == meeting.id, Rsvp.answer == "yes", Rsvp.at < since, Rsvp.reminded_at.is_(None))
        .where(ACTIVE, OFF.is_(None))
        .execution_options(populate_existing=True)
    )
    for rsvp, account_id in db.session.execute(coming.with_for_update(of=Rsvp)).all():
        rsvp.reminded_at = now()
        if account_id is not None:
            _write(account_id, claim or meeting, room, house)


def _write(account_id: str, said: Claim | Meeting, room: Room | None, house: House) -> None:
    zone = ZoneInfo(house.timezone)
    start = start_of(said).astimezone(zone)
    # What waits for the end of the quiet hours is read on the day itself.
    today = choice_of(account_id).leaves_at(now()).astimezone(zone).date() == start.date()
    near = _l("aujourd’hui") if today else _l("demain")
    subject = _l("Rendez-vous %(near)s %(time)s", near=near, time=Lazy(hm, start))
    word = said.door_word if isinstance(said, Claim) else ""
    values = {"near": near, "start": start, "where": _where(room, house), "door_word": word}
    notify(account_id, "reminder", subject, "reminder", path="/agenda", until=start, **values)


def _where(room: Room | None, house: House) -> str:
    """The room and how one gets there; elsewhere nothing: that is said on the page alone."""
    if room is None:
        return ""
    place = ", ".join(part for part in (room.name, room.floor) if part)
    return ". ".join(part.rstrip(".") for part in (place, house.name, house.access) if part) + "."


@jobs.every("meetings:places", minutes=1)
def pass_on() -> None:
    """A place that nobody took goes on to the next; what became free by whatever way is offered."""
    for meeting_id in _where_somebody_waits():
        with transaction():
            meeting = lock_meeting(meeting_id)
            if meeting is None:
                continue
            said = said_of(meeting)
            lapsed = delete(Rsvp).where(Rsvp.meeting_id == meeting.id, Rsvp.held_until <= now())
            db.session.execute(lapsed)
            if not is_off(said):
                offer_places(meeting, said)


def _where_somebody_waits() -> Sequence[str]:
    wanted = (
        select(Rsvp.meeting_id)
        .join(Meeting, Meeting.id == Rsvp.meeting_id)
        .outerjoin(Claim, Claim.id == Meeting.claim_id)
        .where(Rsvp.answer == "waiting", or_(Rsvp.held_until.is_(None), Rsvp.held_until <= now()), now() < STARTS)
        .distinct()
    )
    found = db.session.scalars(wanted).all()
    db.session.rollback()
    return found


class Lazy:
    """A time written when it is read: in the language of who reads."""

    def __init__(self, write: Any, moment: datetime) -> None:
        self.write, self.moment = write, moment

    def __str__(self) -> str:
        return str(self.write(self.moment))


def tomorrow_lines(actor: Actor) -> list[Any]:
    """What is on tomorrow in all of somebody's clubs, but what they said no to: when, where, and the door word."""
    lines: list[Any] = []
    for one in agenda_for(actor):
        day = now().astimezone(ZoneInfo(one.house.timezone)).date() + timedelta(days=1)
        if one.start.date() == day and one.answer != "no":
            facts = {"day": day_long(one.start), "time": span(one.start, one.end)}
            if one.room is None:
                lines.append(_("%(day)s, %(time)s", **facts))
                continue
            lines.append(_("%(day)s, %(time)s, %(room)s, %(house)s", room=one.room.name, house=one.house.name, **facts))
            lines.append(_("Mot de la porte : %(word)s", word=one.door_word))
    return lines


digests.tomorrow.append(tomorrow_lines)


def _over(moment: datetime) -> ColumnElement[bool]:
    """Whether a meeting ended before then."""
    return or_(Meeting.ends_at < moment, Meeting.claim_id.in_(select(Claim.id).where(Claim.ends_at < moment)))


by_key(
    "meetings:answers", ("rsvp",), ANSWERS_KEPT, Meeting.id,
    lambda moment: select(Meeting.id).where(
        _over(ANSWERS_KEPT.before(moment)), select(Rsvp.meeting_id).where(Rsvp.meeting_id == Meeting.id).exists()
    ),
    lambda meetings: db.session.execute(delete(Rsvp).where(Rsvp.meeting_id.in_(meetings))),
)  # fmt: skip
# One in a room goes with its claim.
by_key(
    "meetings:planned", ("meeting",), PAST, Meeting.id,
    lambda moment: select(Meeting.id).where(Meeting.ends_at < PAST.before(moment)),
)  # fmt: skip

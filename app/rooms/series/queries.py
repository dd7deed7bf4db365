"""Reads of series, for the members of their club; and the slot that a date means."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.clubs.models import Club, Membership
from app.clubs.queries import clubs_of, member_club_by_id
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import NotFound
from app.houses.models import House
from app.rooms.calendar import Stretch
from app.rooms.models import Claim, Room
from app.rooms.queries import ONE_DAY, REACH, Slot, slots_between
from app.rooms.series.models import ClaimSeries

WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Dates:
    """A series with its claims, the soonest first, those given back included. before, after: the other halves."""

    series: ClaimSeries
    club: Club
    membership: Membership
    claims: list[tuple[Claim, Room, House]]
    before: ClaimSeries | None
    after: list[ClaimSeries]

    @property
    def living(self) -> list[tuple[Claim, Room, House]]:
        return [row for row in self.claims if row[0].released_at is None]


def series_for(actor: Actor | None, series_id: str) -> Dates:
    """A series of one of the actor's own clubs. Raises NotFound."""
    wanted = select(ClaimSeries).where(ClaimSeries.id == series_id, ClaimSeries.club_id.in_(clubs_of(actor)))
    series = db.session.scalars(wanted).first()
    if series is None:
        raise NotFound()
    club, membership = member_club_by_id(actor, series.club_id)
    rows = db.session.execute(
        select(Claim, Room, House)
        .join(Room, Room.id == Claim.room_id)
        .join(House, House.id == Room.house_id)
        .where(Claim.series_id == series.id)
        .order_by(Claim.starts_at, Claim.id)
    )
    before = db.session.get(ClaimSeries, series.continues_id) if series.continues_id else None
    after = select(ClaimSeries).where(ClaimSeries.continues_id == series.id).order_by(ClaimSeries.made_at)
    claims = [(claim, room, house) for claim, room, house in rows]
    return Dates(series, club, membership, claims, before, list(db.session.scalars(after)))


def slots_alike(first: Slot, dates: Sequence[date]) -> list[Slot]:
    """For each date the slot of that room at the same local times; one that nobody can claim where none is listed."""
    zone = ZoneInfo(first.house.timezone)
    clock = _clock(first, zone)
    listed = slots_between(first.house, [first.room], min(dates), max(dates) + ONE_DAY)
    known = {slot.stretch.day: slot for slot in listed if _clock(slot, zone) == clock}
    return [known.get(day) or _unlisted(first, day, clock, zone) for day in dates]


def weeks_after(first: Slot) -> list[Slot]:
    """The same time in the weeks to come, as far as one may claim; where the pattern lists none, none."""
    days = [first.stretch.day + number * WEEK for number in range(1, REACH // WEEK + 1)]
    return [slot for slot in slots_alike(first, days) if slot.why != "none" and not slot.past and not slot.too_far]


def _clock(slot: Slot, zone: ZoneInfo) -> tuple[time, time]:
    return slot.start.astimezone(zone).time(), slot.end.astimezone(zone).time()


def _unlisted(first: Slot, day: date, clock: tuple[time, time], zone: ZoneInfo) -> Slot:
    start, end = (datetime.combine(day, each, zone).astimezone(UTC) for each in clock)
    return Slot(Stretch(first.room, day, start, end, first.stretch.evening, False), first.house, "closed", why="none")

"""Which week is drawn when: every Sunday at 20:00 of the house, the week that begins fifteen days later."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.core.clock import now
from app.core.db import db
from app.houses.models import House
from app.rooms.calendar import Stretch, wall_to_utc
from app.rooms.draw.models import Draw

AHEAD = timedelta(days=15)
CLOSES = "20:00"
SEVEN_DAYS = timedelta(days=7)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def closes_at(house: House, monday: date) -> datetime:
    """Until when wishes for a week are taken."""
    moment = wall_to_utc(monday - AHEAD, CLOSES, ZoneInfo(house.timezone))
    if moment is None:
        raise ValueError(f"no clock of {house.timezone} shows {CLOSES} on that day")
    return moment


def next_week(house: House) -> date:
    """The Monday of the week that is drawn next."""
    monday = monday_of(now().astimezone(ZoneInfo(house.timezone)).date())
    while closes_at(house, monday) <= now():
        monday += SEVEN_DAYS
    return monday


def still_in_draw(listed: Iterable[tuple[Stretch, House]]) -> set[Stretch]:
    """Of some stretches, those that wait for a draw: scarce, and not drawn yet. At most one query."""
    scarce = [(stretch, house) for stretch, house in listed if stretch.scarce and stretch.start > now()]
    early = {s for s, house in scarce if now() < closes_at(house, monday_of(s.day))}
    late = [(s, house) for s, house in scarce if s not in early]
    if not late:
        return early
    # Its hour has come and the draw is not made yet: nobody takes it in between.
    waiting = select(Draw.house_id, Draw.week).where(Draw.drawn_at.is_(None), Draw.closes_at <= now())
    overdue = {(row.house_id, row.week) for row in db.session.execute(waiting)}
    return early | {s for s, house in late if (house.id, monday_of(s.day)) in overdue}

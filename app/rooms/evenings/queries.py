"""Reads of evenings with a condition: how many clubs have booked, never which."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.clubs.models import Club
from app.core.actor import Actor
from app.core.clock import is_evening
from app.core.db import db
from app.core.errors import NotFound
from app.core.ids import ID
from app.houses.models import House
from app.houses.queries import house_of_staff
from app.rooms.calendar import is_holiday
from app.rooms.evenings.bounds import ONE_DAY, evening_of
from app.rooms.evenings.models import EveningRule, KeyHolder
from app.rooms.models import Claim, Room
from app.rooms.queries import rooms_of, stretches_of, today_in
from app.rooms.staff.queries import Standing


@dataclass(frozen=True)
class OnlyIf:
    """An evening with its condition. committed: how many clubs have booked."""

    rule: EveningRule
    committed: int


def rule_on(house_id: str, day: date) -> EveningRule | None:
    """The condition of an evening, decided or not."""
    wanted = select(EveningRule).where(EveningRule.house_id == house_id, EveningRule.day == day)
    return db.session.scalars(wanted).first()


def rule_at(house: House, start: datetime) -> EveningRule | None:
    """The condition under which what begins at that moment stands; none in the daytime."""
    local = start.astimezone(ZoneInfo(house.timezone))
    return rule_on(house.id, local.date()) if is_evening(local) else None


def undecided_between(house: House, first: date, last: date) -> dict[date, EveningRule]:
    """Conditions of a house that are still open, by day; ``last`` excluded."""
    wanted = select(EveningRule).where(
        EveningRule.house_id == house.id, EveningRule.day >= first, EveningRule.day < last,
        EveningRule.decided_at.is_(None),
    )  # fmt: skip
    return {rule.day: rule for rule in db.session.scalars(wanted)}


def undecided_anywhere() -> set[tuple[str, date]]:
    """Which evenings of which houses may yet not open."""
    rows = select(EveningRule.house_id, EveningRule.day).where(EveningRule.decided_at.is_(None))
    return {(house_id, day) for house_id, day in db.session.execute(rows)}


def standing_on(house: House, day: date) -> list[Standing]:
    """The claims of an evening, soonest first."""
    start, end = evening_of(day, ZoneInfo(house.timezone))
    rows = db.session.execute(
        select(Claim, Room, Club)
        .join(Room, Room.id == Claim.room_id)
        .join(Club, Club.id == Claim.club_id)
        .where(Room.house_id == house.id, Claim.released_at.is_(None))
        .where(Claim.starts_at >= start, Claim.starts_at < end)
        .order_by(Claim.starts_at, Claim.id)
        .execution_options(populate_existing=True)
    )
    return [Standing(*row) for row in rows]


def number_of_clubs(standing: Iterable[Standing]) -> int:
    """A club that booked twice is one club."""
    return len({one.club.id for one in standing})


def rules_ahead(house: House) -> list[OnlyIf]:
    """The evenings of a house with a condition that are still to come, decided or not, soonest first."""
    wanted = select(EveningRule).where(EveningRule.house_id == house.id, EveningRule.day >= today_in(house))
    rules = db.session.scalars(wanted.order_by(EveningRule.day)).all()
    if not rules:
        return []
    zone = ZoneInfo(house.timezone)
    since, until = evening_of(rules[0].day, zone)[0], evening_of(rules[-1].day, zone)[1]
    booked: dict[date, set[str]] = {}
    rows = db.session.execute(
        select(Claim.starts_at, Claim.club_id)
        .join(Room, Room.id == Claim.room_id)
        .where(Room.house_id == house.id, Claim.released_at.is_(None))
        .where(Claim.starts_at >= since, Claim.starts_at < until)
    )
    for starts_at, club_id in rows:
        local = starts_at.astimezone(zone)
        if is_evening(local):
            booked.setdefault(local.date(), set()).add(club_id)
    return [OnlyIf(rule, len(booked.get(rule.day, ()))) for rule in rules]


def undecided_rule_of(actor: Actor, slug: str, rule_id: str, *, lock: bool = False) -> tuple[House, EveningRule]:
    """A condition that is still open, for who works in the house. Raises NotFound."""
    house = house_of_staff(actor, slug)
    wanted = select(EveningRule).where(
        EveningRule.id == (rule_id if ID.fullmatch(rule_id) else ""), EveningRule.house_id == house.id,
        EveningRule.decided_at.is_(None),
    )  # fmt: skip
    rule = db.session.scalars(wanted.with_for_update() if lock else wanted).first()
    if rule is None:
        raise NotFound()
    return house, rule


def lists_an_evening(house: House, day: date) -> bool:
    """Is there any evening slot in the house that day?"""
    places = [(room, house) for room in rooms_of(house)]
    found = stretches_of(places, day, day + ONE_DAY, evenings=True)
    return any(stretch.extra or not is_holiday(house.country, day) for stretch, _house in found)


def is_known(claim_id: str) -> bool:
    """Has somebody agreed to be known to the team for that claim? The name is the team's alone."""
    return db.session.get(KeyHolder, claim_id) is not None

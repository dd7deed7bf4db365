"""Verbs of the team: an evening opens only if enough clubs commit; or it opens anyway."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l

from app.core import jobs
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Invalid, Taken
from app.core.ids import new_id
from app.houses.journal import note
from app.houses.models import House
from app.houses.queries import house_of_staff
from app.rooms.evenings import notices
from app.rooms.evenings.bounds import decided_on
from app.rooms.evenings.models import EveningRule
from app.rooms.evenings.queries import lists_an_evening, number_of_clubs, rule_on, standing_on, undecided_rule_of
from app.rooms.queries import today_in
from app.rooms.spans import lock_house
from app.rooms.staff.queries import Standing

FEWEST, MOST = 2, 20
EARLIEST = timedelta(days=8)
LATEST = timedelta(days=366)
A_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Condition:
    """What the team says. until: the last day of the same weekday, or none for one evening."""

    day: date
    clubs: int
    until: date | None = None


def set_rule(actor: Actor, slug: str, said: Condition) -> list[EveningRule]:
    """One of the team makes evenings wait for enough clubs; clubs that have booked already are told.

    Of several, those are left as they are that have a condition, list no slot, or have enough clubs by now.
    """
    with transaction():
        house = house_of_staff(actor, slug)
        _check(house, said)
        # Who books now is seen here, or sees the condition.
        lock_house(house)
        days = _days(said)
        if len(days) == 1:
            _check_one(house, said)
        found = [made for day in days if (made := _set(actor, house, day, said.clubs))]
        if not found:
            raise Invalid("no_evening", _l("Aucun de ces soirs ne peut attendre des clubs."), field="day")
        note("evening:conditioned", actor, house_id=house.id, clubs=said.clubs, evenings=len(found))
        return found


def _check(house: House, said: Condition) -> None:
    if not FEWEST <= said.clubs <= MOST:
        raise Invalid("clubs_number", _l("Écrivez un nombre de 2 à 20."), field="clubs")
    today = today_in(house)
    if said.day - today < EARLIEST:
        raise Invalid("day_soon", _l("C’est trop tard : choisissez un soir dans huit jours ou plus."), field="day")
    if max(said.day, said.until or said.day) - today > LATEST:
        raise Invalid("day_far", _l("Un an à l’avance, au plus."), field="until" if said.until else "day")
    if said.until and said.until < said.day:
        raise Invalid("days_order", _l("Le dernier soir vient après le premier."), field="until")


def _days(said: Condition) -> list[date]:
    last = said.until or said.day
    return [said.day + number * A_WEEK for number in range((last - said.day) // A_WEEK + 1)]


def _check_one(house: House, said: Condition) -> None:
    if rule_on(house.id, said.day) is not None:
        raise Taken("rule_there", _l("Ce soir a déjà une condition. Levez-la d’abord."), field="day")
    if not lists_an_evening(house, said.day):
        raise Invalid("no_slot", _l("La maison n’a aucun créneau ce soir-là."), field="day")
    if number_of_clubs(standing_on(house, said.day)) >= said.clubs:
        raise Invalid("enough", _l("Assez de clubs ont déjà réservé : ce soir-là ouvre."), field="clubs")


def _set(actor: Actor, house: House, day: date, clubs: int) -> EveningRule | None:
    standing = standing_on(house, day)
    if rule_on(house.id, day) or not lists_an_evening(house, day) or number_of_clubs(standing) >= clubs:
        return None
    rule = EveningRule(
        id=new_id(), house_id=house.id, day=day, clubs=clubs, set_at=now(),
        decides_at=decided_on(day, ZoneInfo(house.timezone)),
    )  # fmt: skip
    db.session.add(rule)
    db.session.flush()
    jobs.enqueue("evenings:decide", {"rule": rule.id}, rule.decides_at)
    for one in standing:
        notices.asked(one, house, rule)
    for club_id in _clubs(standing):
        note("evening:conditioned", actor, house_id=house.id, club_id=club_id, day=day.isoformat(), clubs=clubs)
    return rule


def lift_rule(actor: Actor, slug: str, rule_id: str) -> None:
    """One of the team lets an evening open whoever comes, before it is decided; clubs that have booked are told."""
    with transaction():
        house, rule = undecided_rule_of(actor, slug, rule_id, lock=True)
        standing = standing_on(house, rule.day)
        for one in standing:
            notices.opens(one, house)
        db.session.delete(rule)
        note("evening:lifted", actor, house_id=house.id, day=rule.day.isoformat())
        for club_id in _clubs(standing):
            note("evening:lifted", actor, house_id=house.id, club_id=club_id, day=rule.day.isoformat())


def _clubs(standing: list[Standing]) -> list[str]:
    return sorted({one.club.id for one in standing})

"""Verbs of who plans, the team of a house or the adviser: publish hours, cancel one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Gone, Invalid, Taken
from app.core.ids import new_id
from app.houses.advice.mails import tell_cancelled
from app.houses.advice.models import AdviceHour, Booking
from app.houses.advice.queries import Hour, hour_planned_by, partner_planned_by
from app.houses.journal import note

MOST_WEEKS, MOST_IN_ROW, MOST_PLACES = 8, 12, 30
SHORTEST, LONGEST = 15, 60
LONGEST_WORKSHOP = 180
FARTHEST = timedelta(weeks=26)


@dataclass(frozen=True)
class Plan:
    """Hours to publish. minutes: of each · row: how many, one after the other · weeks: on how many weeks.

    title, places: of a workshop; a talk between two has neither.
    """

    day: date
    starts: time
    minutes: int
    way: str
    room: str
    language: str
    row: int = 1
    weeks: int = 1
    title: str = ""
    places: int = 1


def publish_hours(actor: Actor, partner_id: str, plan: Plan) -> list[datetime]:
    """The team or the adviser publishes hours; returns when each begins, in the house's time. All or none.

    Hours stand on the clock of the house: every week at the same hour, whatever the season. Raises NotFound, Invalid,
    Taken.
    """
    _check(plan)
    try:
        with transaction():
            partner, house = partner_planned_by(actor, partner_id)
            zone = ZoneInfo(house.timezone)
            moments = list(_moments(plan, zone))
            for start, end in moments:
                kept = {"way": plan.way, "room": plan.room, "language": plan.language, "title": plan.title}
                places = plan.places if plan.title else 1
                db.session.add(
                    AdviceHour(id=new_id(), partner_id=partner.id, starts_at=start, ends_at=end, places=places, **kept)
                )
            role = "" if actor.is_staff else "member"
            note("advice:published", actor, role=role, house_id=house.id, subject_id=partner.id, hours=len(moments))
            db.session.flush()
            return [start.astimezone(zone) for start, _end in moments]
    except IntegrityError as error:
        raise Taken(
            "already_published", _l("Une de ces heures est déjà publiée au même endroit."), field="day"
        ) from error


def _check(plan: Plan) -> None:
    longest = LONGEST_WORKSHOP if plan.title else LONGEST
    if not SHORTEST <= plan.minutes <= longest:
        detail = _l("De %(least)s à %(most)s minutes.", least=SHORTEST, most=longest)
        raise Invalid("minutes_out_of_range", detail, field="minutes")
    if not (1 <= plan.row <= MOST_IN_ROW and 1 <= plan.weeks <= MOST_WEEKS and 1 <= plan.places <= MOST_PLACES):
        raise Invalid()


def _moments(plan: Plan, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """Each hour, in UTC. A clock that does not show such a time that day is refused."""
    for week in range(plan.weeks):
        day = plan.day + timedelta(weeks=week)
        start = datetime.combine(day, plan.starts, zone).astimezone(UTC)
        if start.astimezone(zone).time() != plan.starts:
            raise Invalid(
                "no_such_time", _l("Ce jour-là, cette heure n’existe pas : l’horloge change."), field="starts"
            )
        if not now() < start <= now() + FARTHEST:
            raise Invalid("day_out_of_range", _l("Choisissez un jour à venir, dans les six mois."), field="day")
        for _number in range(plan.row):
            end = start + timedelta(minutes=plan.minutes)
            yield start, end
            start = end


def cancel_hour(actor: Actor, hour_id: str) -> Hour:
    """The team or the adviser cancels an hour: nobody can book it, and who had is told. Raises NotFound, Gone."""
    with transaction():
        hour = hour_planned_by(actor, hour_id)
        row = db.session.get_one(AdviceHour, hour.id, populate_existing=True, with_for_update=True)
        if row.cancelled_at is not None or row.ends_at <= now():
            raise Gone()
        row.cancelled_at = now()
        bookings = db.session.scalars(select(Booking).where(Booking.hour_id == row.id)).all()
        db.session.execute(update(Booking).where(Booking.hour_id == row.id).values(over=True))
        tell_cancelled(hour, bookings)
        role = "" if actor.is_staff else "member"
        note("advice:cancelled", actor, role=role, house_id=hour.house.id, subject_id=hour.partner.id)
        return hour

"""Reads of hours of advice: what is free is public, one's own bookings are one's own, names are for the adviser."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.ids import ID
from app.core.privacy import Rows
from app.houses.advice.models import AdviceHour, Booking
from app.houses.models import House, StaffPost
from app.houses.partners.models import Adviser, Partner

MOST_SHOWN = 60


@dataclass(frozen=True)
class Hour:
    """An hour with its partner and house, in the house's own time. full: no place is left."""

    row: AdviceHour
    partner: Partner
    house: House
    full: bool

    @property
    def id(self) -> str:
        return self.row.id

    @property
    def start(self) -> datetime:
        return self.row.starts_at.astimezone(ZoneInfo(self.house.timezone))

    @property
    def end(self) -> datetime:
        return self.row.ends_at.astimezone(ZoneInfo(self.house.timezone))

    @property
    def workshop(self) -> bool:
        return bool(self.row.title)

    @property
    def past(self) -> bool:
        return self.row.starts_at <= now()

    @property
    def free(self) -> bool:
        """Can somebody still book it?"""
        return not self.full and not self.past and self.row.cancelled_at is None and self.partner.hidden_at is None


@dataclass(frozen=True)
class Appointment:
    """An hour that somebody has booked, for their agenda: nothing here says what it is about. id: of the hour."""

    id: str
    start: datetime
    end: datetime
    house: House
    room: str
    way: str
    cancelled: bool


def _hours() -> Select[Any]:
    held = aliased(Booking)
    taken = select(func.count()).where(held.hour_id == AdviceHour.id).scalar_subquery()
    query = select(AdviceHour, Partner, House, taken).join(Partner, Partner.id == AdviceHour.partner_id)
    return query.join(House, House.id == Partner.house_id)


def _told(query: Select[Any]) -> list[Hour]:
    rows = db.session.execute(query.order_by(AdviceHour.starts_at, AdviceHour.id).limit(MOST_SHOWN))
    return [Hour(row, partner, house, taken >= row.places) for row, partner, house, taken in rows]


def hours_ahead(partner: Partner) -> list[Hour]:
    """What a partner has ahead, free or not; cancelled ones are gone."""
    return _told(_hours().where(Partner.id == partner.id, *_standing()))


def _standing() -> tuple[Any, ...]:
    return AdviceHour.starts_at > now(), AdviceHour.cancelled_at.is_(None)


def free_hours(house: House | None = None, need: str = "", language: str = "", limit: int = 6) -> list[Hour]:
    """What anybody can book now, the soonest first: of one house or of all, for one need, in one language."""
    query = _hours().where(Partner.hidden_at.is_(None), *_standing())
    if house is not None:
        query = query.where(House.id == house.id)
    if language:
        query = query.where(AdviceHour.language == language)
    return [one for one in _told(query) if one.free and (not need or need in one.partner.needs)][:limit]


def hour_for(actor: Actor | None, hour_id: str) -> tuple[Hour, Booking | None]:
    """An hour that everybody may see, or that the actor has booked; with their booking. Raises NotFound."""
    # Each is asked, whatever the first has said: one statement less would tell by the clock what there is.
    hour_id = known_id(hour_id)
    hour, mine = _hour(hour_id), None
    if actor is not None:
        own = select(Booking).where(Booking.hour_id == hour_id, Booking.account_id == actor.account_id)
        mine = db.session.scalars(own).first()
    if hour is None:
        raise NotFound()
    if mine is None and (hour.partner.hidden_at is not None or hour.row.cancelled_at is not None or hour.past):
        raise NotFound()
    return hour, mine


def known_id(sent: str) -> str:
    """What may be an id; what cannot be one is asked for as one that nothing has."""
    return sent if ID.fullmatch(sent) else ""


def _hour(hour_id: str) -> Hour | None:
    return next(iter(_told(_hours().where(AdviceHour.id == hour_id))), None)


def partner_planned_by(actor: Actor, partner_id: str) -> tuple[Partner, House]:
    """A partner, for the team of its house and for who gives advice for it. Raises NotFound for everybody else."""
    query = select(Partner, House).join(House, House.id == Partner.house_id).where(Partner.id == known_id(partner_id))
    if actor.is_staff:
        query = query.join(StaffPost, StaffPost.house_id == House.id).where(StaffPost.account_id == actor.account_id)
    else:
        query = query.join(Adviser, Adviser.partner_id == Partner.id).where(Adviser.account_id == actor.account_id)
    row = db.session.execute(query).first()
    if row is None:
        raise NotFound()
    return row[0], row[1]


def hour_planned_by(actor: Actor, hour_id: str) -> Hour:
    """An hour, for the team of its house and for who gives advice for its partner. Raises NotFound."""
    hour = _hour(known_id(hour_id))
    partner_planned_by(actor, hour.partner.id if hour else "")
    if hour is None:
        raise NotFound()
    return hour


def slip_for(actor: Actor, slip: str) -> tuple[Hour, Booking]:
    """What the number on a slip stands for, for the team of its house. Raises NotFound."""
    found = db.session.scalars(select(Booking).where(Booking.slip == "".join(slip.split()).upper())).first()
    hour = hour_planned_by(actor, found.hour_id if found else "")
    if found is None:
        raise NotFound()
    return hour, found


def bookings_for(actor: Actor, hours: Sequence[Hour]) -> dict[str, list[Booking]]:
    """Who comes to each, for the adviser, who has proved to be one; nobody of the team reads a name."""
    if actor.is_staff:
        return {}
    query = select(Booking).where(Booking.hour_id.in_([one.id for one in hours]))
    found: dict[str, list[Booking]] = {one.id: [] for one in hours}
    for booking in db.session.scalars(query.order_by(Booking.place)):
        found[booking.hour_id].append(booking)
    return found


def advisers_to_tell(partner_id: str) -> list[str]:
    """The accounts of who gives advice for a partner."""
    return list(db.session.scalars(select(Adviser.account_id).where(Adviser.partner_id == partner_id)))


def freed_hours() -> list[Hour]:
    """Hours ahead with a place that is free again, of which who gives the advice has not been told."""
    return _told(_hours().where(AdviceHour.freed_at.is_not(None), *_standing()))


def advice_for_agenda(actor: Actor) -> list[Appointment]:
    """What somebody has booked and that is not past, the soonest first; a cancelled one stays until its time."""
    query = _hours().join(Booking, Booking.hour_id == AdviceHour.id)
    query = query.where(Booking.account_id == actor.account_id, AdviceHour.ends_at > now())
    return [
        Appointment(one.id, one.start, one.end, one.house, one.row.room, one.row.way, one.row.cancelled_at is not None)
        for one in _told(query)
    ]


def booking_rows(account_id: str) -> Rows:
    """What a person takes away: their hours of advice, and under which name."""
    query = select(Booking.name, AdviceHour, Partner.name, House).join(AdviceHour, AdviceHour.id == Booking.hour_id)
    query = query.join(Partner, Partner.id == Booking.partner_id).join(House, House.id == Partner.house_id)
    rows = db.session.execute(query.where(Booking.account_id == account_id).order_by(AdviceHour.starts_at, Booking.id))
    return [
        {
            "what": "advice",
            "house": house.name,
            "about": partner,
            "name": name,
            "start": hour.starts_at,
            "end": hour.ends_at,
        }
        for name, hour, partner, house in rows
    ]

"""Reads of rehearsals, always for someone. Of the other nobody learns more than the name chosen for it."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, exists, or_, select

from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.ids import ID
from app.core.sealed import unseal
from app.houses.models import House
from app.practice.models import PracticeOffer, PracticeRefusal, Rehearsal
from app.practice.times import quarters

OPEN = (PracticeOffer.withdrawn_at.is_(None),)
WAYS = ("house", "phone")


@dataclass(frozen=True)
class FreeQuarter:
    """A quarter of an hour that is free, on the clock of its house."""

    offer: PracticeOffer
    house: House
    nth: int
    start: datetime

    @property
    def ways(self) -> list[str]:
        return [way for way, has in (("house", self.offer.in_house), ("phone", self.offer.by_phone)) if has]


@dataclass(frozen=True)
class Seen:
    """A rehearsal as one of the two sees it. other: the name that the other one chose."""

    row: Rehearsal
    offer: PracticeOffer
    house: House
    listening: bool

    @property
    def id(self) -> str:
        return self.row.id

    @property
    def me(self) -> str:
        return self.offer.name if self.listening else self.row.asker_name

    @property
    def other(self) -> str:
        return self.row.asker_name if self.listening else self.offer.name

    @property
    def start(self) -> datetime:
        return self.row.starts_at.astimezone(ZoneInfo(self.house.timezone))

    @property
    def end(self) -> datetime:
        return self.row.ends_at.astimezone(ZoneInfo(self.house.timezone))

    @property
    def past(self) -> bool:
        return self.row.ends_at <= now()

    @property
    def stands(self) -> bool:
        return self.row.cancelled_at is None and not self.past

    @property
    def phone(self) -> str:
        """The number to call: for who listens, until the end."""
        if not self.listening or not self.stands or not self.row.phone_sealed:
            return ""
        return unseal(self.row.phone_sealed) or ""


def free_quarters(actor: Actor, *, kind: str = "", way: str = "", limit: int = 24) -> list[FreeQuarter]:
    """What is free from now on, the soonest first; each moment once for each kind and house.

    Not one's own, nor of anybody with whom one of the two would rather not be. Nobody reads it without an account: held
    beside one's own list, what stands in that one alone would say who is there and has said no.
    """
    offers = select(PracticeOffer, House).join(House, House.id == PracticeOffer.house_id)
    offers = offers.where(*OPEN, PracticeOffer.ends_at > now(), *_meets(actor))
    if kind:
        offers = offers.where(PracticeOffer.kind == kind)
    if way in WAYS:
        offers = offers.where(PracticeOffer.in_house if way == "house" else PracticeOffer.by_phone)
    rows = db.session.execute(offers.order_by(PracticeOffer.made_at, PracticeOffer.id)).all()
    taken = _taken()
    found: dict[tuple[datetime, str, str, tuple[str, ...]], FreeQuarter] = {}
    for offer, house in rows:
        for each in _of(offer, house):
            key = (each.start, offer.kind, house.id, tuple(each.ways))
            if (offer.account_id, each.start) not in taken:
                found.setdefault(key, each)
    return sorted(found.values(), key=lambda each: (each.start, each.offer.kind))[:limit]


def _of(offer: PracticeOffer, house: House) -> list[FreeQuarter]:
    zone, moment = ZoneInfo(house.timezone), now()
    starts = enumerate(quarters(offer.starts_at, offer.ends_at))
    return [FreeQuarter(offer, house, nth, start.astimezone(zone)) for nth, start in starts if start >= moment]


def _taken() -> set[tuple[str, datetime]]:
    standing = select(Rehearsal.listener_id, Rehearsal.starts_at).where(
        Rehearsal.cancelled_at.is_(None), Rehearsal.ends_at > now()
    )
    return {(row.listener_id, row.starts_at) for row in db.session.execute(standing)}


def _meets(actor: Actor) -> list[ColumnElement[bool]]:
    """Somebody else, and neither of the two has said no to the other."""
    me, them = actor.account_id, PracticeOffer.account_id
    refused = exists().where(
        or_(
            (PracticeRefusal.account_id == me) & (PracticeRefusal.other_id == them),
            (PracticeRefusal.account_id == them) & (PracticeRefusal.other_id == me),
        )
    )
    return [them != me, ~refused]


def free_quarter(actor: Actor, offer_id: str, nth: int, *, lock: bool = False) -> FreeQuarter:
    """One quarter of an offer that stands. Raises NotFound; whether it is still free the database says."""
    query = select(PracticeOffer, House).join(House, House.id == PracticeOffer.house_id)
    query = query.where(PracticeOffer.id == offer_id, *OPEN, *_meets(actor))
    if lock:
        query = query.with_for_update(of=PracticeOffer)
    row = db.session.execute(query).first() if ID.fullmatch(offer_id) else None
    found = [each for each in _of(row[0], row[1]) if each.nth == nth] if row else []
    if not found:
        raise NotFound()
    return found[0]


def offers_of(actor: Actor) -> list[tuple[PracticeOffer, House]]:
    """When somebody listens themselves, from now on."""
    mine = select(PracticeOffer, House).join(House, House.id == PracticeOffer.house_id)
    mine = mine.where(PracticeOffer.account_id == actor.account_id, *OPEN, PracticeOffer.ends_at > now())
    return [(row[0], row[1]) for row in db.session.execute(mine.order_by(PracticeOffer.starts_at, PracticeOffer.id))]


def my_offer(actor: Actor, offer_id: str, *, lock: bool = False) -> PracticeOffer:
    """One's own offer. Raises NotFound."""
    query = select(PracticeOffer).where(PracticeOffer.id == offer_id, PracticeOffer.account_id == actor.account_id)
    found = db.session.scalars(query.with_for_update() if lock else query).first() if ID.fullmatch(offer_id) else None
    if found is None:
        raise NotFound()
    return found


def _mine(actor: Actor) -> Select[Rehearsal, PracticeOffer, House]:
    of_two = or_(Rehearsal.asker_id == actor.account_id, Rehearsal.listener_id == actor.account_id)
    query = select(Rehearsal, PracticeOffer, House).join(PracticeOffer, PracticeOffer.id == Rehearsal.offer_id)
    return query.join(House, House.id == PracticeOffer.house_id).where(of_two)


def _seen(actor: Actor, row: Row[Rehearsal, PracticeOffer, House]) -> Seen:
    return Seen(row[0], row[1], row[2], row[0].listener_id == actor.account_id)


def rehearsal_for(actor: Actor, rehearsal_id: str, *, lock: bool = False) -> Seen:
    """A rehearsal, for one of its two. Raises NotFound."""
    query = _mine(actor).where(Rehearsal.id == rehearsal_id)
    query = query.with_for_update(of=Rehearsal) if lock else query
    row = db.session.execute(query).first() if ID.fullmatch(rehearsal_id) else None
    if row is None:
        raise NotFound()
    return _seen(actor, row)


def rehearsals_of(actor: Actor) -> list[Seen]:
    """What somebody has ahead, the soonest first, what was cancelled too: each of the two must see it."""
    ahead = _mine(actor).where(Rehearsal.ends_at > now()).order_by(Rehearsal.starts_at, Rehearsal.id)
    return [_seen(actor, row) for row in db.session.execute(ahead)]


def rehearsals_for_agenda(actor: Actor) -> list[Seen]:
    """What stands of it, for the agenda and the calendar: ``start``, ``end``, ``house``, ``id``."""
    return [each for each in rehearsals_of(actor) if each.stands]

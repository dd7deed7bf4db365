"""Verbs of rehearsals: offer to listen, withdraw, take a quarter of an hour, cancel, avoid somebody."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.accounts.notices import notify
from app.clubs.names import checked_name
from app.core import jobs
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import constraint_of, db, transaction, upsert
from app.core.errors import Gone, Invalid, NotAllowed, Taken
from app.core.ids import new_id
from app.core.limits import Window, spend
from app.core.sealed import seal
from app.houses.journal import note
from app.houses.models import House
from app.houses.queries import house_by_slug
from app.houses.trades import TRADES
from app.practice.models import PracticeOffer, PracticeRefusal, Rehearsal
from app.practice.policy import can_take_rehearsal
from app.practice.queries import FreeQuarter, Seen, free_quarter, my_offer, rehearsal_for
from app.practice.times import LONGEST, QUARTER, days_in, moment_on, quarters

PHONE = re.compile(r"\+?[0-9]{6,15}")
OFFERING = Window("practice:offer", 6, 24 * 60)
TAKING = Window("practice:take", 6, 24 * 60)


@dataclass(frozen=True)
class Listening:
    """What somebody offers: under which name, when, and how. ways: ``house``, ``phone``."""

    name: str
    house: str
    day: date
    starts: str
    ends: str
    ways: tuple[str, ...]


@dataclass(frozen=True)
class Asking:
    """How somebody rehearses: under which name, how, and (by phone) at which number. trade: for the cards."""

    name: str
    way: str
    phone: str = ""
    trade: str = ""


def offer_to_listen(actor: Actor, told: Listening) -> PracticeOffer:
    """Anybody listens for a span of today or tomorrow, under a name chosen for it; one of the team as an adviser."""
    name, house = checked_name(told.name), house_by_slug(told.house)
    start, end = _span(told, house)
    if not told.ways:
        raise Invalid("ways_empty", _l("Cochez une façon au moins."), field="ways")
    spend(OFFERING, actor.account_id)
    with transaction():
        offer = PracticeOffer(
            id=new_id(), account_id=actor.account_id, house_id=house.id, name=name,
            kind="adviser" if actor.is_staff else "peer", starts_at=start, ends_at=end,
            in_house="house" in told.ways, by_phone="phone" in told.ways, made_at=now(),
        )  # fmt: skip
        db.session.add(offer)
        if actor.is_staff:
            note("practice:offered", actor, house_id=house.id)
        return offer


def _span(told: Listening, house: House) -> tuple[datetime, datetime]:
    if told.day not in days_in(house.timezone):
        raise Invalid("day_invalid", _l("Choisissez aujourd’hui ou demain."), field="day")
    start = max(moment_on(told.day, told.starts, house.timezone), now())
    end = moment_on(told.day, told.ends, house.timezone)
    if not quarters(start, end):
        raise Invalid("span_empty", _l("Il faut un quart d’heure au moins, à venir."), field="ends")
    if end - start > LONGEST:
        raise Invalid("span_long", _l("Huit heures au plus."), field="ends")
    # From a quarter to a quarter: two offers of one person never half overlap.
    return quarters(start, end)[0], quarters(start, end)[-1] + QUARTER


def withdraw_offer(actor: Actor, offer_id: str) -> None:
    """Who listens says that they do no more; what was taken of it is cancelled, and told. Twice is once."""
    with transaction():
        offer = my_offer(actor, offer_id, lock=True)
        if offer.withdrawn_at is None:
            offer.withdrawn_at = now()
            standing = select(Rehearsal.id).where(
                Rehearsal.offer_id == offer.id, Rehearsal.cancelled_at.is_(None), Rehearsal.ends_at > now()
            )
            for rehearsal_id in db.session.scalars(standing).all():
                cancel_rehearsal(actor, rehearsal_id)


def take_rehearsal(actor: Actor, offer_id: str, nth: int, told: Asking) -> Rehearsal:
    """A person takes a quarter of an hour that somebody offers. Whoever comes second is told so at once."""
    if not can_take_rehearsal(actor):
        raise NotAllowed()
    name, trade = checked_name(told.name), told.trade if told.trade in TRADES else ""
    phone = _checked_phone(told.phone) if told.way == "phone" else None
    spend(TAKING, actor.account_id)
    try:
        with transaction():
            free = free_quarter(actor, offer_id, nth, lock=True)
            if told.way not in free.ways:
                raise Invalid("way_invalid", _l("Choisissez une façon de vous parler."), field="way")
            taken = _write(actor, free, name, trade, told.way, phone)
            db.session.flush()
            _tell(taken.listener_id, taken.id, free.start, "rehearsal_taken")
            jobs.enqueue("practice:forget_phone", {"rehearsal": taken.id}, taken.ends_at)
            return taken
    except IntegrityError as error:
        if "asker" in constraint_of(error):
            detail = _l("Vous avez déjà un rendez-vous à ce moment.")
            raise Taken("already_busy", detail) from error
        raise Taken("quarter_taken", _l("Ce moment vient d’être pris. En voici d’autres.")) from error


def _checked_phone(given: str) -> str:
    digits = re.sub(r"[\s.\-()/]", "", given)
    if not PHONE.fullmatch(digits):
        raise Invalid("phone_invalid", _l("Écrivez le numéro où l’on vous appelle."), field="phone")
    return seal(digits)


def _write(actor: Actor, free: FreeQuarter, name: str, trade: str, way: str, phone: str | None) -> Rehearsal:
    taken = Rehearsal(
        id=new_id(), offer_id=free.offer.id, listener_id=free.offer.account_id, asker_id=actor.account_id,
        asker_name=name, trade=trade, way=way, phone_sealed=phone, starts_at=free.start, ends_at=free.start + QUARTER,
        made_at=now(),
    )  # fmt: skip
    db.session.add(taken)
    return taken


def cancel_rehearsal(actor: Actor, rehearsal_id: str) -> Rehearsal:
    """Either of the two says no to it, without a reason; the number is forgotten, the other is told. Twice is once."""
    with transaction():
        seen = rehearsal_for(actor, rehearsal_id, lock=True)
        row = seen.row
        if row.cancelled_at is None:
            if seen.past:
                raise Gone("rehearsal_past", _l("Ce rendez-vous est passé."))
            row.cancelled_at, row.phone_sealed = now(), None
            row.cancelled_by = "listener" if seen.listening else "asker"
            _tell(other_of(seen), row.id, seen.start, "rehearsal_cancelled")
        return row


def avoid_person(actor: Actor, rehearsal_id: str) -> None:
    """Not with this person again: neither sees the other's times any more, and nobody is told."""
    with transaction():
        seen = rehearsal_for(actor, rehearsal_id, lock=True)
        row = upsert(PracticeRefusal).values(account_id=actor.account_id, other_id=other_of(seen))
        db.session.execute(row.on_conflict_do_nothing())
        if seen.stands:
            cancel_rehearsal(actor, rehearsal_id)


def other_of(seen: Seen) -> str:
    """The account of the other one: for what is written, never for what is shown."""
    return seen.row.asker_id if seen.listening else seen.row.listener_id


def _tell(account_id: str, rehearsal_id: str, start: datetime, template: str) -> None:
    words: dict[str, Any] = {
        "rehearsal_taken": _l("Un rendez-vous est pris"),
        "rehearsal_cancelled": _l("Un rendez-vous n’a plus lieu"),
    }
    path = f"/rehearsals/{rehearsal_id}"
    notify(account_id, "request", words[template], template, path=path, until=start, start=start)

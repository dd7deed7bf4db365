"""Verbs of who comes: book a place, cancel it; and of the desk, for who has no account."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError

from app.core.actor import Actor
from app.core.clock import now
from app.core.db import constraint_of, db, transaction
from app.core.errors import Gone, Invalid, NotAllowed, NotFound, Taken
from app.core.ids import TO_COPY, new_code, new_id
from app.core.limits import Window, spend
from app.houses.advice.models import AdviceHour, Booking
from app.houses.advice.policy import can_book_advice, can_book_at_desk
from app.houses.advice.queries import Hour, hour_for, hour_planned_by, slip_for
from app.houses.journal import note
from app.web.forms import checked

MAX_NAME = 40
SIGNS = 6
BOOKS = Window("book-advice", 20, 60)
SLIPS = Window("advice-slip", 60, 60)
FULL = _l("Cette heure vient d’être prise. Choisissez-en une autre.")


def book_hour(actor: Actor, hour_id: str, name: str) -> Booking:
    """A person takes a place in an hour, under a name for that hour and without a reason; one at a time of a partner.

    The database settles the last place. Raises NotFound, NotAllowed, Invalid, Gone, Taken, TooMany.
    """
    told = checked(name, "name", MAX_NAME, empty=_l("Écrivez un nom pour ce rendez-vous."))
    spend(BOOKS, actor.account_id)
    try:
        with transaction():
            hour, _mine = hour_for(actor, hour_id)
            if not can_book_advice(actor):
                raise NotAllowed("staff_account", _l("Un compte de l’équipe réserve à l’accueil, pour une personne."))
            _close_what_is_over(actor, hour)
            return _take_place(hour, account_id=actor.account_id, name=told)
    except IntegrityError as error:
        raise _lost(error) from error


def _lost(error: IntegrityError) -> Taken:
    if "account_id" in constraint_of(error) or "one_open" in constraint_of(error):
        return Taken("already_booked", _l("Vous avez déjà un rendez-vous avec ce partenaire. Annulez-le d’abord."))
    return Taken("hour_full", FULL)


def _close_what_is_over(actor: Actor, hour: Hour) -> None:
    """Hours that are past or cancelled do not keep a person from the next one."""
    over = select(AdviceHour.id).where(or_(AdviceHour.ends_at <= now(), AdviceHour.cancelled_at.is_not(None)))
    mine = update(Booking).where(Booking.account_id == actor.account_id, Booking.partner_id == hour.partner.id)
    db.session.execute(mine.where(Booking.hour_id.in_(over)).values(over=True))


def _take_place(hour: Hour, **who: Any) -> Booking:
    """In the present transaction: the first place that nobody holds."""
    # Those who come at once wait for one another here; what they could not see the constraint refuses.
    row = db.session.get_one(AdviceHour, hour.id, populate_existing=True, with_for_update=True)
    if row.cancelled_at is not None or row.starts_at <= now():
        raise Gone()
    taken = set(db.session.scalars(select(Booking.place).where(Booking.hour_id == row.id)))
    free = [number for number in range(1, row.places + 1) if number not in taken]
    if not free:
        raise Taken("hour_full", FULL)
    booking = Booking(id=new_id(), hour_id=row.id, partner_id=row.partner_id, place=free[0], **who)
    db.session.add(booking)
    if len(free) == 1:
        # All taken again before anybody was told: there is nothing to tell.
        row.freed_at = None
    db.session.flush()
    return booking


def cancel_booking(actor: Actor, hour_id: str) -> Hour:
    """A person gives their place back: it is free at once; while it is, who gives the advice is told when, not who."""
    with transaction():
        hour, mine = hour_for(actor, hour_id)
        if mine is None:
            raise NotFound()
        # Cancelled twice at once, it is told once.
        gone = db.session.scalar(delete(Booking).where(Booking.id == mine.id).returning(Booking.id))
        if gone and not hour.past and hour.row.cancelled_at is None:
            hour.row.freed_at = now()
        return hour


def book_at_desk(actor: Actor, hour_id: str) -> tuple[Hour, str]:
    """The team takes a place for somebody who stands at the desk: a number on a slip, no name. Raises Gone, Taken."""
    spend(SLIPS, actor.account_id)
    try:
        with transaction():
            hour = hour_planned_by(actor, hour_id)
            if not can_book_at_desk(actor):
                raise NotAllowed()
            slip = new_code(TO_COPY, SIGNS)
            _take_place(hour, slip=slip)
            note("advice:slip", actor, house_id=hour.house.id, subject_id=hour.id)
            return hour, slip
    except IntegrityError as error:
        raise Taken("hour_full", FULL) from error


def open_slips(actor: Actor) -> None:
    """Raises NotFound for who is not of the team."""
    if not can_book_at_desk(actor):
        raise NotFound()


def end_slip(actor: Actor, slip: str) -> None:
    """The team gives back the place of a slip that somebody brings; who gives the advice is told as of any other."""
    open_slips(actor)
    spend(SLIPS, actor.account_id)
    with transaction():
        try:
            hour, found = slip_for(actor, slip)
        except NotFound:
            raise Invalid("no_such_slip", _l("Aucun rendez-vous n’a ce numéro."), field="slip") from None
        db.session.delete(found)
        note("advice:slip-ended", actor, house_id=hour.house.id, subject_id=hour.id)
        if not hour.past and hour.row.cancelled_at is None:
            hour.row.freed_at = now()

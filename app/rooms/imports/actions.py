"""Verbs of calendars that are brought: take the moments of one, give them all back."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import delete, select

from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.ids import new_id
from app.houses.journal import note
from app.houses.models import House
from app.houses.queries import house_of_staff
from app.rooms.imports.models import ImportedClosure, RoomImport
from app.rooms.imports.queries import brought_for, known_in
from app.rooms.imports.reading import Moment
from app.rooms.models import Closure, Room
from app.rooms.queries import room_by_slug, rooms_of
from app.rooms.spans import Overlaps, fill_again, lock_rooms, shut


@dataclass(frozen=True)
class Done:
    """How many moments are taken now, and how many were not because a club has the room."""

    taken: int
    clashes: int


def bring_calendar(actor: Actor, slug: str, room_slug: str, moments: Sequence[Moment]) -> Done:
    """One of the team takes all the moments of a calendar at once, but those that came before and those of clubs."""
    with transaction():
        house = house_of_staff(actor, slug)
        room = room_by_slug(rooms_of(house), room_slug)
        lock_rooms([room])
        known = known_in(room, moments)
        new = [one for one in moments if one.key not in known and one.end > now()]
        if not new:
            return Done(0, 0)
        brought = RoomImport(id=new_id(), room_id=room.id, made_at=now())
        db.session.add(brought)
        db.session.flush()
        taken = sum(_take(house, room, brought, one) for one in new)
        if not taken:
            db.session.delete(brought)
            return Done(0, len(new))
        note("calendar:brought", actor, house_id=house.id, subject_id=brought.id, moments=taken)
        return Done(taken, len(new) - taken)


def _take(house: House, room: Room, brought: RoomImport, one: Moment) -> bool:
    """A closure of the room for that time; False when a club has it."""
    with force_locale(str(current_app.config["DEFAULT_LOCALE"])):
        reason = _("Occupé")
    closure = Closure(
        id=new_id(), house_id=house.id, room_id=room.id, starts_at=one.start, ends_at=one.end, reason=reason
    )
    try:
        with db.session.begin_nested():
            db.session.add(closure)
            db.session.flush()
            shut(room, closure)
            told = {"import_id": brought.id, "room_id": room.id, "entry_hash": one.key}
            db.session.add(ImportedClosure(closure_id=closure.id, **told))
            db.session.flush()
    except Overlaps:
        return False
    return True


def undo_import(actor: Actor, slug: str, import_id: str) -> None:
    """One of the team gives back all that came of a calendar: what it took is free, but for other closures."""
    with transaction():
        house, brought = brought_for(actor, slug, import_id)
        lock_rooms([brought.room])
        came = select(ImportedClosure.closure_id).where(ImportedClosure.import_id == brought.id)
        closures = db.session.scalars(select(Closure).where(Closure.id.in_(came))).all()
        first, last = min(one.starts_at for one in closures), max(one.ends_at for one in closures)
        db.session.execute(delete(Closure).where(Closure.id.in_([one.id for one in closures])))
        db.session.execute(delete(RoomImport).where(RoomImport.id == brought.id))
        db.session.expire_all()
        fill_again(brought.room, first, last)
        note("calendar:undone", actor, house_id=house.id, subject_id=import_id)

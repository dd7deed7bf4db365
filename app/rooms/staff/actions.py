"""Verbs of the team: rooms, and when clubs may take them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import pairwise

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Invalid, Taken
from app.core.ids import new_id
from app.houses.journal import note
from app.houses.models import House
from app.houses.queries import house_of_staff
from app.houses.setup.actions import slug_of
from app.houses.setup.furnishing import SAME_ROOM, RoomPlan, furnishing, same_room
from app.rooms.models import Closure, OpeningWindow, Room
from app.rooms.queries import room_by_slug, rooms_of
from app.rooms.spans import Overlaps, lock_house, shut
from app.rooms.staff.queries import group_with

FOR_GOOD = timedelta(days=365 * 200)


@dataclass(frozen=True)
class RoomSaid:
    """What is said of a room."""

    name: str
    floor: str
    capacity: int
    buffer_minutes: int
    step_free: bool


@dataclass(frozen=True)
class Pattern:
    """When some rooms may be taken. rooms: their slugs · times: ``(starts, ends)`` in the house's own time."""

    rooms: tuple[str, ...]
    weekdays: tuple[int, ...]
    times: tuple[tuple[str, str], ...]
    scarce: bool = False
    valid_from: date | None = None
    valid_until: date | None = None


def add_room(actor: Actor, slug: str, said: RoomSaid) -> Room:
    """One of the team adds a room; it lists no slot until it has an opening window."""
    with transaction():
        house = house_of_staff(actor, slug)
        lock_house(house)
        _no_double(house, said.name)
        room = _new_room(house, **asdict(said))
        note("room:added", actor, house_id=house.id, subject_id=room.id)
        return room


def change_room(actor: Actor, slug: str, room_slug: str, said: RoomSaid) -> Room:
    """One of the team says again what a room is; its address stays, and so does what is claimed."""
    with transaction():
        house = house_of_staff(actor, slug)
        lock_house(house)
        room = room_by_slug(rooms_of(house), room_slug)
        _no_double(house, said.name, room)
        for name, value in asdict(said).items():
            setattr(room, name, value)
        note("room:changed", actor, house_id=house.id, subject_id=room.id)
        return room


def close_for_good(actor: Actor, slug: str, room_slug: str) -> None:
    """A room is closed for good, once nothing is claimed ahead (Taken): the database keeps claims out from then on."""
    try:
        with transaction():
            house = house_of_staff(actor, slug)
            lock_house(house)
            room = room_by_slug(rooms_of(house), room_slug)
            _shut_for_good(house, room)
            room.closed_at = now()
            db.session.execute(delete(OpeningWindow).where(OpeningWindow.room_id == room.id))
            note("room:closed", actor, house_id=house.id, subject_id=room.id)
    except Overlaps:
        raise Taken("claimed", _l("Des clubs ont encore réservé cette salle.")) from None


def _shut_for_good(house: House, room: Room) -> None:
    until = now() + FOR_GOOD
    closure = Closure(id=new_id(), house_id=house.id, room_id=room.id, starts_at=now(), ends_at=until, reason="")
    db.session.add(closure)
    db.session.flush()
    shut(room, closure)


def open_windows(actor: Actor, slug: str, pattern: Pattern) -> None:
    """One of the team lists slots: some times, on some days, in some rooms."""
    with transaction():
        house = house_of_staff(actor, slug)
        _list(house, pattern)
        note("windows:opened", actor, house_id=house.id)


def open_day(actor: Actor, slug: str, day: date, rooms: tuple[str, ...], times: tuple[tuple[str, str], ...]) -> None:
    """One of the team opens rooms for one day more, be it a public holiday."""
    with transaction():
        house = house_of_staff(actor, slug)
        _list(house, Pattern(rooms, (day.weekday(),), times, valid_from=day, valid_until=day))
        note("day:opened", actor, house_id=house.id, day=day.isoformat())


def change_windows(actor: Actor, slug: str, window_id: str, pattern: Pattern) -> None:
    """One of the team says a line of the week again; claims in slots that are listed no more stay."""
    with transaction():
        house = house_of_staff(actor, slug)
        _unlist(house, window_id)
        _list(house, pattern)
        note("windows:changed", actor, house_id=house.id)


def remove_windows(actor: Actor, slug: str, window_id: str) -> None:
    """One of the team takes a line off the week; claims in its slots stay."""
    with transaction():
        house = house_of_staff(actor, slug)
        _unlist(house, window_id)
        note("windows:removed", actor, house_id=house.id)


def _unlist(house: House, window_id: str) -> None:
    found = group_with(house, window_id)
    db.session.execute(delete(OpeningWindow).where(OpeningWindow.id.in_(found.ids)))


def _list(house: House, pattern: Pattern) -> None:
    _check(pattern)
    rooms = rooms_of(house)
    for slug in pattern.rooms:
        room = room_by_slug(rooms, slug)
        for weekday in pattern.weekdays:
            for starts, ends in pattern.times:
                db.session.add(
                    OpeningWindow(
                        id=new_id(), room_id=room.id, weekday=weekday, starts=starts, ends=ends, scarce=pattern.scarce,
                        valid_from=pattern.valid_from, valid_until=pattern.valid_until,
                    )
                )  # fmt: skip
    db.session.flush()


def _check(pattern: Pattern) -> None:
    times = sorted(pattern.times)
    if not (pattern.rooms and pattern.weekdays and times):
        raise Invalid("windows_empty", _l("Choisissez au moins une salle, un jour et un créneau."), field="rooms")
    if any(starts >= ends for starts, ends in times):
        raise Invalid("times_order", _l("Un créneau finit après avoir commencé."), field="times")
    if any(before[1] > after[0] for before, after in pairwise(times)):
        raise Invalid("times_overlap", _l("Deux créneaux se chevauchent. Corrigez l’un des deux."), field="times")
    if pattern.valid_from and pattern.valid_until and pattern.valid_from > pattern.valid_until:
        raise Invalid("dates_order", _l("La fin vient après le début."), field="until")


def make_rooms(house: House, plans: Sequence[RoomPlan]) -> None:
    """Make rooms with the slots of their week, inside the present transaction."""
    for plan in plans:
        room = _new_room(house, plan.name, floor=plan.floor, capacity=plan.capacity, step_free=plan.step_free)
        for weekday, starts, ends in plan.windows:
            window = OpeningWindow(id=new_id(), room_id=room.id, weekday=weekday, starts=starts, ends=ends)
            db.session.add(window)
        db.session.flush()


def _new_room(house: House, name: str, **values: object) -> Room:
    room = Room(id=new_id(), house_id=house.id, slug=_free_slug(house, name), name=name, **values)
    db.session.add(room)
    db.session.flush()
    return room


def _no_double(house: House, name: str, but: Room | None = None) -> None:
    """Two rooms of one name cannot be told apart by those who look for theirs (Taken)."""
    if any(room is not but and same_room(room.name, name) for room in rooms_of(house)):
        raise Taken("room_named", SAME_ROOM, field="name")


def _free_slug(house: House, name: str) -> str:
    """What stands in addresses: the name in plain letters, with a number when another room has it."""
    wanted = slug_of(name, "salle")[:36]
    used = set(db.session.scalars(select(Room.slug).where(Room.house_id == house.id)))
    return next(slug for slug in (wanted, *(f"{wanted}-{n}" for n in range(2, 1000))) if slug not in used)


furnishing.make_rooms = make_rooms

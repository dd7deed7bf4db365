"""Rooms for the tests of rooms and meetings, and short ways to their slots."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select

from app.clubs.models import Club
from app.core.db import db, transaction
from app.core.ids import new_id
from app.houses.models import House
from app.rooms.models import Claim, OpeningWindow, Room
from app.rooms.queries import ONE_DAY, Slot, slots_between

# A Monday without a public holiday in any of the two houses' countries for weeks.
MONDAY = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
TUESDAY = date(2026, 11, 10)
TIMES = ("10:00-12:00", "14:00-16:00", "18:30-20:30")


def make_room(house: House, slug: str, times: tuple[str, ...] = TIMES, **values: Any) -> Room:
    """A room that opens at these times every day of the week."""
    told = {"name": slug.replace("-", " ").capitalize(), "capacity": 12, "buffer_minutes": 15, "floor": "2e étage"}
    room = Room(id=new_id(), house_id=house.id, slug=slug, **{**told, **values})
    db.session.add(room)
    db.session.flush()
    for weekday in range(7):
        for each in times:
            starts, ends = each.split("-")
            db.session.add(
                OpeningWindow(id=new_id(), room_id=room.id, weekday=weekday, starts=starts, ends=ends, scarce=False)
            )
    db.session.flush()
    return room


def make_places() -> None:
    """Two rooms in Canal, one in Port; needs the cast and an application context."""
    with transaction():
        canal, port = house("canal"), house("port")
        port.country = "NZ"
        make_room(canal, "salle-1", capacity=12)
        make_room(canal, "atelier", capacity=24)
        make_room(port, "quai", capacity=16)


def house(slug: str) -> House:
    return db.session.scalars(select(House).where(House.slug == slug)).one()


def club(slug: str) -> Club:
    return db.session.scalars(select(Club).where(Club.slug == slug)).one()


def room(slug: str) -> Room:
    return db.session.scalars(select(Room).where(Room.slug == slug)).one()


def slot(slug: str = "salle-1", day: date = TUESDAY, clock: str = "18:30") -> Slot:
    """The slot of a room that starts at that local time."""
    place = room(slug)
    its_house = db.session.get_one(House, place.house_id)
    found = [s for s in slots_between(its_house, [place], day, day + ONE_DAY) if local(s, its_house) == clock]
    return found[0]


def local(one: Slot, its_house: House) -> str:
    from zoneinfo import ZoneInfo

    return one.start.astimezone(ZoneInfo(its_house.timezone)).strftime("%H:%M")


def claims(*, living: bool = True) -> list[Claim]:
    wanted = select(Claim).order_by(Claim.starts_at)
    return list(db.session.scalars(wanted.where(Claim.released_at.is_(None)) if living else wanted))

"""A large house: twenty rooms, and clubs that have claimed most of eight weeks."""

from datetime import timedelta

from sqlalchemy import insert

from app.clubs.models import Club
from app.core.clock import now
from app.core.db import db, transaction
from app.core.ids import new_id
from app.houses.models import House
from app.rooms.models import Claim, Room, Span
from app.rooms.queries import ONE_DAY, slots_between, today_in
from tests.rooms.places import make_room
from tests.support import factories as make
from tests.support.cast import Person

TIMES = ("10:00-12:00", "12:30-14:00", "14:00-16:00", "16:30-18:15", "18:30-20:30")


def make_large_house(rooms: int, weeks: int, *, slug: str = "grande", every: int = 4) -> House:
    """One slot in ``every`` stays free. Needs an application context."""
    with transaction():
        house = make.make_house(slug, claim_quota=99, evening_quota=99)
        club = make.make_club(f"foule-{slug}", house)
        for number in range(1, rooms + 1):
            make_room(house, f"salle-{number}", TIMES, buffer_minutes=0)
        _claim_most(house, club, weeks, every)
    return house


def _claim_most(house: House, club: Club, weeks: int, every: int) -> None:
    """Written as rows: what stands there is not what is measured."""
    rooms = list(db.session.scalars(db.select(Room).where(Room.house_id == house.id).order_by(Room.number)))
    today = today_in(house)
    claims, spans = [], []
    for number, slot in enumerate(slots_between(house, rooms, today, today + timedelta(weeks=weeks) + ONE_DAY)):
        if number % every == 0:
            continue
        claim = new_id()
        place = {"room_id": slot.room.id, "starts_at": slot.start}
        claims.append(
            {"id": claim, "club_id": club.id, "ends_at": slot.end, "title": "Rencontre", "public": number % 9 == 1,
             "size": 5, "door_word": "Boussole", "made_at": now(), **place}
        )  # fmt: skip
        spans.append({"id": new_id(), "claim_id": claim, "ends_at": slot.stretch.occupied_until, **place})
    db.session.execute(insert(Claim), claims)
    db.session.execute(insert(Span), spans)


def make_lead(slug: str, house: House) -> Person:
    """Somebody who leads a club of that house, of which nobody else is a member."""
    with transaction():
        account = make.make_account(f"{slug}@demo.example", demo=True)
        make.make_membership(account, make.make_club(slug, house), "Nom", "lead")
        return Person(slug, account.id, "")

"""The evening of a house: which rooms are taken, for which club, and the word against which the key is given."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.clubs.cards import plant_name
from app.clubs.models import Club
from app.core.clock import EVENING_FROM, now
from app.core.db import db
from app.houses.models import House
from app.meetings.policy import can_see_from_outside
from app.pages.desk.sizes import PEOPLE
from app.rooms.evenings.models import KeyHolder
from app.rooms.models import Claim, Room


@dataclass(frozen=True)
class EveningMeeting:
    """One meeting of this evening, on the clock of its house. size: how many are expected, as a band.

    poster: its claim, if the meeting is open to all · holder: who agreed to be known to the team, to close with it;
    empty when nobody has yet.
    """

    house: House
    room: Room
    club: Club
    start: datetime
    end: datetime
    word: str
    size: Any
    poster: str
    holder: str = ""

    @property
    def plant(self) -> str:
        return plant_name(self.club)


def evening_of(houses: Sequence[House]) -> list[EveningMeeting]:
    """What happens this evening in these houses, in the order of the hours."""
    return [one for house in houses for one in _evening(house)]


def _evening(house: House) -> list[EveningMeeting]:
    zone = ZoneInfo(house.timezone)
    today = now().astimezone(zone).date()
    begins = datetime.combine(today, time.fromisoformat(EVENING_FROM), zone)
    over = datetime.combine(today + timedelta(days=1), time(), zone)
    rows = (
        select(Claim, Room, Club, KeyHolder.name)
        .join(Room, Room.id == Claim.room_id)
        .join(Club, Club.id == Claim.club_id)
        .outerjoin(KeyHolder, KeyHolder.claim_id == Claim.id)
        .where(Room.house_id == house.id, Claim.released_at.is_(None))
        .where(Claim.starts_at >= begins, Claim.starts_at < over)
        .order_by(Claim.starts_at, Room.number)
    )
    return [
        EveningMeeting(
            house=house,
            room=room,
            club=club,
            start=claim.starts_at.astimezone(zone),
            end=claim.ends_at.astimezone(zone),
            word=claim.door_word,
            size=PEOPLE[claim.size],
            poster=claim.id if can_see_from_outside(club, claim) else "",
            holder=holder or "",
        )
        for claim, room, club, holder in db.session.execute(rows)
    ]

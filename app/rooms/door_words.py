"""The word said at the desk for the key: drawn, and of no other living claim of the house that week."""

import secrets
from datetime import timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.core.db import db
from app.houses.models import House
from app.rooms.calendar import Stretch, day_bounds
from app.rooms.models import Claim, Room

FILE = Path(__file__).resolve().parent.parent / "data" / "door_words.txt"


@cache
def _words() -> tuple[str, ...]:
    return tuple(line for line in FILE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#"))


def draw_door_word(house: House, stretch: Stretch) -> str:
    """A word for a claim; the caller holds the house's lock, so that two never draw the same."""
    used = words_in_use(house, stretch)
    return secrets.choice([word for word in _words() if word not in used] or _words())


def words_in_use(house: House, stretch: Stretch) -> set[str]:
    """Those of the living claims of the house in that week."""
    monday = stretch.day - timedelta(days=stretch.day.weekday())
    since, until = day_bounds(monday, monday + timedelta(days=7), ZoneInfo(house.timezone))
    return set(
        db.session.scalars(
            select(Claim.door_word)
            .join(Room, Room.id == Claim.room_id)
            .where(
                Room.house_id == house.id,
                Claim.released_at.is_(None),
                Claim.starts_at >= since,
                Claim.starts_at < until,
            )
        )
    )

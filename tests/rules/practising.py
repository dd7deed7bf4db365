"""A quarter of an hour that Nina offers, and one of Bruno's that Amina took."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.practice.actions import Asking, Listening, offer_to_listen, take_rehearsal
from app.practice.grids.actions import begin_grid, share_grid
from app.practice.times import days_in
from tests.support.cast import Person

ZONE = "Europe/Paris"


def tomorrow() -> date:
    return days_in(ZONE)[1]


def listening(name: str, starts: str = "10:00", ends: str = "11:00", **told: Any) -> Listening:
    """An offer of tomorrow morning, both ways, unless told otherwise."""
    return Listening(name, told.get("house", "canal"), told.get("day") or tomorrow(), starts, ends,
                     told.get("ways", ("house", "phone")))  # fmt: skip


def prepare(asker: Person, listener: Person, other: Person) -> dict[str, str]:
    """The names for the rows of the table."""
    taken_of = offer_to_listen(listener.actor, listening("Basile"))
    free = offer_to_listen(other.actor, listening("Nour", "14:00", "16:00"))
    taken = take_rehearsal(asker.actor, taken_of.id, 0, Asking("Alba", "phone", "06 12 34 56 78", "vente"))
    grid = begin_grid(asker.actor, ["0"] * 8).id
    return {
        "grid": grid,
        "grid_secret": share_grid(asker.actor, grid),
        "listener_offer": taken_of.id,
        "free_offer": free.id,
        "rehearsal": taken.id,
        "tomorrow_day": str(tomorrow()),
    }


def at(clock: str, day: date | None = None) -> datetime:
    """A moment of tomorrow in Paris."""
    return datetime.combine(day or tomorrow(), datetime.strptime(clock, "%H:%M").time(), ZoneInfo(ZONE))

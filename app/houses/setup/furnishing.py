"""The rooms of a house that opens. Rooms live on a floor above, which says here how they are made."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.houses.models import House

# The parts of a day, each with the slots that it lists.
KITS: dict[str, tuple[tuple[str, str], ...]] = {
    "morning": (("10:00", "12:00"),),
    "afternoon": (("14:00", "16:00"), ("16:15", "18:15")),
    "evening": (("18:30", "20:30"),),
}
KIT_NAMES = {"morning": _l("Matin"), "afternoon": _l("Après-midi"), "evening": _l("Soirée")}


@dataclass(frozen=True)
class RoomPlan:
    """A room as it was described. windows: ``(weekday, starts, ends)``."""

    name: str
    floor: str
    capacity: int
    step_free: bool
    windows: tuple[tuple[int, str, str], ...]


@dataclass
class Furnishing:
    """How rooms are made, inside the present transaction: set by the floor of rooms."""

    make_rooms: Callable[[House, Sequence[RoomPlan]], None] = lambda _house, _plans: None


furnishing = Furnishing()
SAME_ROOM = _l("Une autre salle porte ce nom. Ajoutez un mot, par exemple l’étage.")


def same_room(name: str, other: str) -> bool:
    """Would somebody in the hall take one for the other?"""
    return name.casefold() == other.casefold()


def windows_of(kits: Sequence[str], hours: dict[str, Any]) -> tuple[tuple[int, str, str], ...]:
    """The slots of some parts of the day, on the days when the house is open and within its hours."""
    found = []
    for kit in KITS:
        if kit not in kits:
            continue
        late = kit == "evening"
        days = hours["evenings"] if late else hours["days"]
        if not days:
            continue
        opens, closes = (KITS[kit][0][0], hours["until"]) if late else (hours["opens"], hours["closes"])
        for starts, ends in KITS[kit]:
            first, last = max(starts, opens), min(ends, closes)
            if _minutes(last) - _minutes(first) >= 60:
                found += [(day, first, last) for day in days]
    return tuple(sorted(found))


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])

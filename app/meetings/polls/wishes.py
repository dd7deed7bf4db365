"""What is proposed, and what of it can be: checked before anything is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.clock import now
from app.core.errors import Invalid
from app.rooms.queries import Slot, find_slot
from app.web.forms import checked

MOST_DATES = 12
MOST_HELD = 3
LEAST = 2
MAX_TITLE = 80
MAX_PLACE = 80
# A room that is kept is nobody else's meanwhile.
LONGEST = timedelta(days=14)
AHEAD = timedelta(days=366)
WHOLE_DAY = timedelta(hours=24)


@dataclass(frozen=True)
class Wish:
    """One moment that is proposed: the id of a slot, or a time elsewhere or online."""

    kind: str
    slot: str = ""
    start: datetime | None = None
    end: datetime | None = None
    place: str = ""


@dataclass(frozen=True)
class Asked:
    """A wish that can be. slot: of a room, as it stands now."""

    kind: str
    start: datetime
    end: datetime
    place: str = ""
    slot: Slot | None = None


@dataclass(frozen=True)
class Proposal:
    """What a member proposes to a club. ends: until when one answers. thread: the discussion that it came out of."""

    title: str
    ends: datetime | None
    wishes: Sequence[Wish]
    thread: str = ""


def checked_title(given: Any) -> str:
    """Raises Invalid."""
    return checked(given, "title", MAX_TITLE, empty=_l("Écrivez un titre."))


def checked_end(ends: datetime | None, asked: Sequence[Asked]) -> datetime:
    """Ahead, two weeks at most, and before the first of the dates. Raises Invalid."""
    if ends is None or ends <= now():
        raise Invalid("ends_past", _l("Choisissez un moment à venir."), field="ends_day")
    if ends > now() + LONGEST:
        raise Invalid(
            "ends_too_far", _l("C’est trop loin : on répond pendant deux semaines au plus."), field="ends_day"
        )
    if any(each.start < ends for each in asked):
        raise Invalid("ends_too_late", _l("La fin des réponses vient avant la première date."), field="ends_day")
    return ends


def checked_wishes(wishes: Sequence[Wish], already: int = 0, held: int = 0) -> list[Asked]:
    """Each of them once, in their order. already, held: how many the poll has, and how many in a room."""
    if len(wishes) + already < LEAST:
        raise Invalid("dates_few", _l("Proposez deux dates au moins."))
    if len(wishes) + already > MOST_DATES:
        raise Invalid("dates_many", _l("On propose douze dates au plus."))
    if sum(each.kind == "room" for each in wishes) + held > MOST_HELD:
        raise Invalid("holds_many", _l("On garde trois moments d’une salle au plus."))
    found = [_asked(each) for each in wishes]
    if len({(one.start, one.end, one.kind, one.slot.room.id if one.slot else "") for one in found}) < len(found):
        raise Invalid("dates_twice", _l("Une date est là deux fois. Enlevez-en une."))
    return found


def _asked(wish: Wish) -> Asked:
    if wish.kind == "room":
        slot = find_slot(wish.slot)
        return Asked("room", slot.start, slot.end, slot=slot)
    if wish.kind not in ("elsewhere", "online"):
        raise Invalid("kind_unknown", _l("Choisissez une réponse."))
    if wish.start is None or wish.end is None or wish.end <= wish.start or wish.end - wish.start > WHOLE_DAY:
        raise Invalid("date_order", _l("La fin vient après le début, le même jour."))
    if wish.start <= now():
        raise Invalid("date_past", _l("Cette date est passée. Choisissez-en une autre."))
    if wish.start > now() + AHEAD:
        raise Invalid("date_too_far", _l("C’est trop loin : un an au plus."))
    empty = _l("Dites où, en quelques mots.") if wish.kind == "elsewhere" else None
    return Asked(wish.kind, wish.start, wish.end, checked(wish.place, "place", MAX_PLACE, empty=empty) if empty else "")

"""Why a slot is refused, in plain words, and three others that the club can take at that moment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import lazy_gettext as _l

from app.clubs.models import Club
from app.core.clock import now
from app.core.errors import DomainError
from app.rooms.alternatives import CHOICES, Alternative, alternatives_for
from app.rooms.draw.gate import draw_words
from app.rooms.queries import Slot, today_in
from app.rooms.quota import fits_quota
from app.rooms.show import alternative_json

# The refusals that another moment or another room would answer.
EXPLAINED = (
    "slot_taken", "quota_reached", "slot_past", "too_far", "size_too_big", "slot_in_draw", "slot_closed",
    "slot_unlisted", "holiday",
)  # fmt: skip
TAKEN = _l("Ce moment vient d’être pris. Voici d’autres moments libres.")


def _never(_club: Club) -> bool:
    return False


@dataclass
class Elsewhere:
    """What there is beside rooms; the floor above fills it. online: may this club meet by a link of its house?"""

    online: Callable[[Club], bool] = _never


elsewhere = Elsewhere()


def may_go_online(slot: Slot, club: Club) -> bool:
    """Can what a club wished for at that moment be planned online instead?"""
    return slot.start > now() and elsewhere.online(club)


def why_not(slot: Slot) -> Any:
    """Why a slot that is not free cannot be claimed."""
    if slot.in_draw:
        return draw_words(slot)
    if slot.state == "held":
        return _l("Ce moment est gardé un moment pour un autre club. Voici d’autres moments libres.")
    if slot.state != "closed":
        return TAKEN
    if slot.why == "holiday":
        return _l("C’est un jour férié : la maison est fermée. Voici d’autres moments libres.")
    if slot.why:
        return _l("La salle est fermée : %(reason)s. Voici d’autres moments libres.", reason=slot.why)
    return _l("Un autre club utilise la salle jusqu’à ce moment, ou presque. Voici d’autres moments libres.")


def choices_for(
    slot: Slot, size: int, clubs: Sequence[Club], also: Callable[[Slot], bool] = lambda _slot: True
) -> list[Alternative]:
    """Three slots that one of these clubs can take now: near the one that it wished, then the next ones.

    also: which slots may be named at all.
    """
    quotas = [fits_quota(club) for club in clubs]

    def fits(other: Slot) -> bool:
        return also(other) and any(quota(other.stretch) for quota in quotas)

    found = alternatives_for(slot, size, fits)
    if len(found) < CHOICES:
        known = {choice.slot.id for choice in found}
        found += [one for one in alternatives_for(_now_in(slot), size, fits) if one.slot.id not in known]
    return found[:CHOICES]


def _now_in(slot: Slot) -> Slot:
    """The same room, at this moment."""
    moment, stretch = now(), slot.stretch
    return replace(
        slot,
        stretch=replace(stretch, day=today_in(slot.house), start=moment, end=moment + (stretch.end - stretch.start)),
    )


def explained(error: DomainError, slot: Slot, size: int, club: Club) -> DomainError:
    """The same refusal, with what the club can take instead: slots, then the same moment online."""
    if error.code in EXPLAINED and "alternatives" not in error.extra:
        choices = [alternative_json(choice) for choice in choices_for(slot, size, [club])]
        choices += [{"kind": "online"}] if may_go_online(slot, club) else []
        error.extra = {**error.extra, "alternatives": choices}
    return error

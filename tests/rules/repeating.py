"""A series of Tilleul on the stage: one date claimed, one that Glycine holds; each proposes the other an exchange."""

from datetime import timedelta

from app.rooms.actions import Wish, claim_slot
from app.rooms.queries import Slot, slots_between, today_in
from app.rooms.series.actions import claim_series
from app.rooms.series.swaps import ask_swap
from tests.rooms.places import house, room
from tests.support.cast import Cast

WEEK = timedelta(days=7)


def repeat(cast: Cast) -> dict[str, str]:
    """The ids that the rows about series name."""
    first, later = _pair()
    theirs = claim_slot(cast.chloe.actor, Wish(later.id, "glycine", "Ailleurs")).claim.id
    wish = Wish(first.id, "tilleul", "Chaque semaine")
    several = claim_series(cast.bruno.actor, wish, "FREQ=WEEKLY;COUNT=2")
    ours = several.booked.claim.id
    return {
        "series": several.series.id,
        "series_claim": ours,
        "swap_in": ask_swap(cast.chloe.actor, theirs, first.id).id,
        "swap_out": ask_swap(cast.bruno.actor, ours, later.id).id,
        "other_slot": later.id,
    }


def _pair() -> tuple[Slot, Slot]:
    """An open slot of the workshop within three days, which counts in no quota, and the same a week later."""
    canal = house("canal")
    day = today_in(canal) + timedelta(days=2)
    found = [s for s in slots_between(canal, [room("atelier")], day, day + 3 * WEEK) if s.open]
    return next(
        (one, other) for one in found for other in found if other.start - one.start == WEEK and not one.stretch.evening
    )

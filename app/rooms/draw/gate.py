"""A scarce slot is nobody's before its draw: what is said to who asks for it."""

from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l

from app.core.clock import now
from app.core.errors import Taken
from app.rooms.draw.weeks import closes_at, monday_of
from app.rooms.queries import Slot
from app.web.filters import day_long, hm


class SlotInDraw(Taken):
    """The slot waits for its draw. ``alternatives`` are added by who knows the wish."""

    code = "slot_in_draw"
    detail = _l("Ce moment est très demandé : il se tire au sort.")


def refuse_in_draw(slot: Slot) -> None:
    """Raises SlotInDraw."""
    if slot.in_draw:
        raise SlotInDraw(detail=draw_words(slot))


def draw_words(slot: Slot) -> Any:
    """Why it cannot be claimed, and until when one may wish for it."""
    closing = closes_at(slot.house, monday_of(slot.stretch.day))
    if closing <= now():
        return _l("Le tirage de ce moment se fait maintenant. Revenez dans quelques minutes.")
    local = closing.astimezone(ZoneInfo(slot.house.timezone))
    return _l(
        "Ce moment est très demandé : il se tire au sort. Les responsables classent leurs souhaits jusqu’au %(day)s, "
        "%(time)s.",
        day=day_long(local),
        time=hm(local),
    )

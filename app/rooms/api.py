"""The JSON door of rooms: the slots of a house, claim one, give one back."""

import re
from datetime import date, datetime, timedelta
from typing import Any

from apiflask.fields import Boolean, Date, Raw
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError

from app.core.errors import Invalid
from app.houses.queries import house_by_slug
from app.rooms import actions
from app.rooms.queries import Slot, room_by_slug, rooms_of, slots_between, today_in, viewer_for
from app.rooms.series.actions import claim_series
from app.rooms.show import booked_json, slot_json
from app.web.api import (
    SOMETIMES,
    Answer,
    Integer,
    Length,
    List,
    Nested,
    PageQuery,
    Schema,
    String,
    YesOrNo,
    blueprint,
    decode_cursor,
    paged,
)
from app.web.guard import actor, actor_or_none, public

bp = blueprint("rooms")

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)
MOST_DAYS = 100
MOST_SIGNS = 200
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Day(Date):
    """``YYYY-MM-DD`` alone: Python also reads ``20261110`` and ``2026-W46-2``."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not DAY.fullmatch(value):
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        return super()._deserialize(value, attr, data, **kwargs)


class SlotsQuery(PageQuery):
    """Days of the house's calendar: today and six more if nothing is said."""

    from_ = Day(data_key="from", metadata={"description": "first day"})
    to = Day(metadata={"description": "last day, excluded"})
    room = String(metadata={"description": "slug of a room"})


class HolderOut(Answer):
    """Who holds a slot; only what the caller may know is there."""

    id = String(metadata=SOMETIMES)
    club = String(metadata=SOMETIMES)
    title = String(metadata=SOMETIMES)
    public = Boolean(metadata=SOMETIMES)
    door_word = String(metadata=SOMETIMES)


class SlotOut(Answer):
    """A stretch of a room that is claimed whole. Other states than ``free`` mean not free."""

    id = String()
    room = String()
    start = String(metadata={"format": "date-time"})
    end = String(metadata={"format": "date-time"})
    evening = Boolean()
    scarce = Boolean()
    state = String(metadata={"enum": ["free", "held", "claimed", "closed"]})
    held_until = String(metadata=SOMETIMES | {"format": "date-time"})
    claim = Nested(HolderOut, metadata=SOMETIMES)


class SlotsOut(Answer):
    """A page of slots, by time, then by room."""

    items = List(Nested(SlotOut))
    next_cursor = String(allow_none=True)


class Repeated(Raw):
    """A rule or a list of dates; which dates it means is read by the action."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        texts = value if isinstance(value, list) else [value]
        if not all(isinstance(each, str) and len(each) <= MOST_SIGNS for each in texts) or len(texts) > MOST_DAYS:
            raise ValidationError("Not a rule, nor a list of dates.")
        return value


REPEAT = {
    "oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string", "format": "date"}}],
    "description": "an RRULE (WEEKLY, INTERVAL 1 or 2, COUNT or UNTIL) or dates, 26 at most, at the slot's local times",
    "examples": ["FREQ=WEEKLY;COUNT=4", ["2026-11-24", "2026-12-08"]],
}


class ClaimIn(Schema):
    """What the club does there. ``size``: the lower bound of the band of people expected."""

    club = String(required=True, validate=Length(1, 40))
    title = String(required=True, validate=Length(1, 400))
    public = YesOrNo(load_default=False)
    size = Integer(load_default=1, metadata={"enum": [1, 5, 10, 20]})
    repeat = Repeated(metadata=REPEAT)


class OccurrenceOut(Answer):
    """What was said of one date. ``code``: why it was refused; ``claim``: the id of what was claimed."""

    start = String(metadata={"format": "date-time"})
    end = String(metadata={"format": "date-time"})
    slot = String(allow_none=True)
    state = String(metadata={"enum": ["claimed", "refused"]})
    code = String(metadata=SOMETIMES)
    claim = String(metadata=SOMETIMES)


class ClaimOut(Answer):
    """A claim, for the members of its club."""

    id = String()
    slot = String()
    room = String()
    start = String(metadata={"format": "date-time"})
    end = String(metadata={"format": "date-time"})
    club = String()
    title = String()
    public = Boolean()
    state = String(metadata={"enum": ["claimed", "released"]})
    door_word = String()
    occurrences = List(Nested(OccurrenceOut), metadata=SOMETIMES)


class KeyHeader(Schema):
    """Asking twice under one key gives the same claim."""

    key = String(data_key="Idempotency-Key")


@bp.get("/houses/<slug>/slots")
@public
@bp.input(SlotsQuery, location="query")
@bp.output(SlotsOut)
@bp.doc(summary="Slots of a house")
def list_slots(slug: str, query_data: dict[str, Any]) -> dict[str, Any]:
    """The slots of some days; who holds one is said only to those who may know."""
    house = house_by_slug(slug)
    first, last = _days(query_data, today_in(house))
    rooms = rooms_of(house)
    if "room" in query_data:
        rooms = [room_by_slug(rooms, query_data["room"])]
    viewer = viewer_for(actor_or_none())
    after = decode_cursor(query_data.get("cursor")) or ""
    slots = [slot for slot in slots_between(house, rooms, first, last) if _place(slot) > after]
    return paged(slots, query_data["limit"], _place, lambda slot: slot_json(slot, viewer))


def _days(asked: dict[str, Any], today: date) -> tuple[date, date]:
    first = asked.get("from_", today)
    if not FIRST_DAY <= first < LAST_DAY:
        raise Invalid("from_invalid", field="from")
    last = asked.get("to", first + timedelta(days=7))
    if not first <= last <= first + timedelta(days=MOST_DAYS):
        raise Invalid("to_invalid", _l("Demandez cent jours au plus."), field="to")
    return first, last


def _place(slot: Slot) -> str:
    """Where a slot stands in the list, as a text that sorts alike."""
    start: datetime = slot.start
    return f"{start:%Y-%m-%dT%H:%M} {slot.room.number:010d} {slot.end:%Y-%m-%dT%H:%M}"


@bp.post("/slots/<slot_id>/claim")
@bp.input(ClaimIn, location="json")
@bp.input(KeyHeader, location="headers")
@bp.output(ClaimOut, 201)
@bp.doc(summary="Claim a slot", responses=[403, 409, 410])
def claim_slot(slot_id: str, json_data: dict[str, Any], headers_data: dict[str, Any]) -> dict[str, Any]:
    """Take a whole free slot for a club that one leads; the same key again gets the same answer.

    With ``repeat``, the same local times on several dates: what can be claimed is, and the answer says so of each. The
    rest of it is the first claim.
    """
    repeat = json_data.pop("repeat", None)
    wish = actions.Wish(slot=slot_id, **json_data)
    if repeat is not None:
        several = claim_series(actor(), wish, repeat, headers_data.get("key"))
        return booked_json(several.booked) | {"occurrences": several.occurrences}
    return booked_json(actions.claim_slot(actor(), wish, headers_data.get("key")))


@bp.delete("/claims/<claim_id>")
@bp.output({}, 204)
@bp.doc(summary="Give a slot back", responses=[403, 410])
def release_claim(claim_id: str) -> str:
    """Give back a claim of a club that one leads."""
    actions.release_claim(actor(), claim_id)
    return ""

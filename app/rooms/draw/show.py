"""A draw as its pages show it: moments on the house's clock, results with their sentence."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.core.db import db
from app.rooms.draw.models import Draw
from app.rooms.draw.record import results_in
from app.rooms.draw.words import sentence
from app.rooms.models import Room
from app.rooms.queries import Slot
from app.web.filters import wall

Shown = dict[str, Any]


def shown_slots(draw: Draw, slots: Sequence[Slot]) -> list[Shown]:
    """What is drawn; of a draw that is made, what was."""
    if draw.record is None:
        return [
            {"id": slot.id, "room": slot.room.name, "start": wall(slot.start), "end": wall(slot.end)} for slot in slots
        ]
    names = _room_names(draw)
    return [
        {
            "id": told["id"], "room": names.get(told["room"], told["room"]),
            "start": wall(datetime.fromisoformat(told["start"])), "end": wall(datetime.fromisoformat(told["end"])),
        }
        for told in draw.record["slots"]
    ]  # fmt: skip


def shown_results(draw: Draw) -> list[Shown]:
    """In the order of turns, in the language of who reads; empty before the draw."""
    if draw.record is None:
        return []
    slots = {told["id"]: told for told in shown_slots(draw, [])}
    return [
        {
            "label": one.label,
            "outcome": one.outcome,
            "wish": one.wish,
            "slot": slots.get(one.slot),
            "why": sentence(one),
        }
        for one in results_in(draw.record)
    ]


def _room_names(draw: Draw) -> dict[str, str]:
    return {room.slug: room.name for room in db.session.scalars(select(Room).where(Room.house_id == draw.house_id))}

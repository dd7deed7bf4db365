"""Slots and claims as the JSON door says them; how much of a claim depends on who looks."""

from typing import Any

from app.rooms.alternatives import Alternative
from app.rooms.live import wall_stamp
from app.rooms.queries import Booked, Slot, Viewer


def slot_json(slot: Slot, viewer: Viewer) -> dict[str, Any]:
    """CONTRACT 4: ``claim`` is there only for those who may know."""
    claim = claim_seen(slot, viewer)
    return {
        "id": slot.id,
        "room": slot.room.slug,
        "start": wall_stamp(slot.start, slot.house),
        "end": wall_stamp(slot.end, slot.house),
        "evening": slot.stretch.evening,
        "scarce": slot.stretch.scarce,
        "state": slot.state,
        **({"held_until": wall_stamp(slot.hold.until, slot.house)} if slot.hold and _is_own(slot, viewer) else {}),
        **({"claim": claim} if claim else {}),
    }


def _is_own(slot: Slot, viewer: Viewer) -> bool:
    """To others a slot is kept, whatever for: an hour told would say when to be there before who waits."""
    return slot.club is not None and slot.club.id in viewer.clubs


def claim_seen(slot: Slot, viewer: Viewer) -> dict[str, Any] | None:
    """All of it to the club's own members, the door word to the house's staff, a public title to everyone."""
    claim, club = slot.claim, slot.club
    if claim is None or club is None:
        return None
    if club.id in viewer.clubs:
        return {
            "id": claim.id,
            "club": club.slug,
            "title": claim.title,
            "public": claim.public,
            "door_word": claim.door_word,
        }
    if slot.house.id in viewer.houses:
        return {"id": claim.id, "club": club.slug, "door_word": claim.door_word}
    if club.listed and claim.public:
        return {"club": club.slug, "title": claim.title}
    return None


def alternative_json(choice: Alternative) -> dict[str, Any]:
    """A slot that was free when this was said; ``house`` where it lies."""
    return {"kind": choice.kind, "house": choice.slot.house.slug, "slot": slot_json(choice.slot, Viewer())}


def booked_json(booked: Booked) -> dict[str, Any]:
    """A claim for a member of its club."""
    claim = booked.claim
    return {
        "id": claim.id,
        "slot": booked.slot_id,
        "room": booked.room.slug,
        "start": wall_stamp(claim.starts_at, booked.house),
        "end": wall_stamp(claim.ends_at, booked.house),
        "club": booked.club.slug,
        "title": claim.title,
        "public": claim.public,
        "state": "claimed" if claim.released_at is None else "released",
        "door_word": claim.door_word,
    }

"""How a claim or a hold comes to stand in a room, moves, and goes: in the caller's transaction, behind its locks."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.clubs import live
from app.clubs.models import Club, Membership
from app.core.clock import now
from app.core.db import at_end, db
from app.core.errors import Taken
from app.core.ids import new_id
from app.houses.models import House
from app.rooms.calendar import Stretch, stretch_at
from app.rooms.door_words import draw_door_word, words_in_use
from app.rooms.evenings.holders import forget_holder
from app.rooms.models import Claim, Hold, Room
from app.rooms.queries import Slot
from app.rooms.quota import keep_outside
from app.rooms.series.history import By, lead_id, place_of, remember
from app.rooms.spans import lock_words, occupy, vacate

OUT_OF_TURN = _l("Ce moment se libère, mais un autre club l’attendait. Voici d’autres moments libres.")
# Kinds of hold that the club's own claim uses up.
USED_UP = ("form", "offer")
# What is done with a stretch of a room that has become free, when all else in its transaction is written: an exchange
# frees a room for a moment only. The room is locked.
freed: list[Callable[[Room, datetime, datetime], None]] = []
# What is done for a club that has just got a claim, new or moved.
placed: list[Callable[[Claim], None]] = []
# Whether a stretch that is free now is another club's turn: a wait comes before whoever sees it first.
others_turn: list[Callable[[Slot, Club], bool]] = []


def refuse_out_of_turn(slot: Slot, club: Club) -> None:
    """What a lapsed hold leaves is for who waits, before the clock has told them. Raises Taken. The room is locked."""
    if slot.state == "free" and any(asked(slot, club) for asked in others_turn):
        raise Taken("slot_taken", OUT_OF_TURN)


def place_claim(stretch: Stretch, house: House, club: Club, by: By, **said: object) -> Claim:
    """A claim of this club on this stretch, with its door word. Raises Overlaps.

    said: ``title``, and if need be ``title_by_id``, ``public``, ``size``, ``session_id`` and the like. The caller holds
    the club's lock and the room's.
    """
    maker = lead_id(by)
    claim = Claim(
        id=new_id(),
        club_id=club.id,
        room_id=stretch.room.id,
        starts_at=stretch.start,
        ends_at=stretch.end,
        door_word="",
        made_by_id=maker,
        made_at=now(),
        scarce=stretch.scarce,
        **{"title_by_id": maker, **said},
    )
    with db.session.begin_nested():
        db.session.add(claim)
        db.session.flush()
        occupy(stretch.room, stretch.start, stretch.occupied_until, claim)
    lock_words(house)
    claim.door_word = draw_door_word(house, stretch)
    live.record(club.id, "claim:made", claim.id)
    remember("made", claim, by, to=place_of(claim))
    for each in placed:
        each(claim)
    return claim


def move_claim(claim: Claim, old: Room, slot: Slot, by: Membership | None = None) -> None:
    """The same claim on another slot, with another door word; who comes goes along. Raises Overlaps.

    The caller holds the locks of the club and of both rooms.
    """
    was = place_of(claim)
    since, until = claim.starts_at, claim.ends_at
    keep_outside(claim, slot.start)
    with db.session.begin_nested():
        vacate(old, claim)
        claim.room_id, claim.starts_at, claim.ends_at = slot.room.id, slot.start, slot.end
        claim.scarce = slot.stretch.scarce
        db.session.flush()
        occupy(slot.room, slot.start, slot.stretch.occupied_until, claim)
    # Who waits for what becomes free is asked behind the lock of the house that is left.
    lock_words(slot.house, db.session.get_one(House, old.house_id))
    claim.door_word = draw_door_word(slot.house, slot.stretch)
    # Clients that know only these two kinds follow: gone from there, made here.
    live.record(claim.club_id, "claim:released", claim.id)
    live.record(claim.club_id, "claim:made", claim.id)
    remember("moved", claim, by, was=was, to=place_of(claim))
    for each in placed:
        each(claim)
    _tell_freed(old, since, until)


def set_free(claim: Claim, room: Room, by: By = None) -> None:
    """Give a slot back; a closure that waited for it takes its place."""
    claim.released_at = now()
    remember("released", claim, by, was=place_of(claim))
    forget_holder(claim)
    live.record(claim.club_id, "claim:released", claim.id)
    vacate(room, claim)
    _tell_freed(room, claim.starts_at, claim.ends_at)


def take_back(claim: Claim, room: Room, house: House) -> None:
    """A claim that was given back stands again, with its door word if nobody else has it now. Raises Overlaps.

    The caller holds the claim, its club and its room.
    """
    stretch = stretch_at(room, claim.starts_at, claim.ends_at, ZoneInfo(house.timezone))
    with db.session.begin_nested():
        occupy(room, stretch.start, stretch.occupied_until, claim)
    lock_words(house)
    if claim.door_word in words_in_use(house, stretch):
        claim.door_word = draw_door_word(house, stretch)
    claim.released_at = claim.unused_at = None
    live.record(claim.club_id, "claim:made", claim.id)
    remember("made", claim, None, to=place_of(claim))
    for each in placed:
        each(claim)


def _tell_freed(room: Room, start: datetime, end: datetime) -> None:
    for each in freed:
        at_end(partial(each, room, start, end))


def place_hold(
    stretch: Stretch,
    club: Club,
    kind: str,
    until: datetime,
    by: Membership | None = None,
    place: int | None = None,
) -> Hold:
    """Keep a stretch for a club until a moment: nobody else gets it, and it is no claim yet. Raises Overlaps.

    place: which of the three that a club may have while it votes on dates.
    """
    hold = Hold(
        id=new_id(), club_id=club.id, room_id=stretch.room.id, kind=kind, starts_at=stretch.start, ends_at=stretch.end,
        until=until, made_by_id=by.id if by else None, made_at=now(), place=place,
    )  # fmt: skip
    with db.session.begin_nested():
        db.session.add(hold)
        db.session.flush()
        occupy(stretch.room, stretch.start, stretch.occupied_until, hold)
    return hold


def drop_hold(hold: Hold, room: Room) -> None:
    """It is not kept any more: given up, or at its end. The caller holds the room's lock."""
    _drop(hold, room)
    _tell_freed(room, hold.starts_at, hold.ends_at)


def _drop(hold: Hold, room: Room) -> None:
    vacate(room, hold)
    if hold.kind == "form":
        # Its row stays for the night: how many a club had in an hour is counted there, whatever process is asked.
        hold.until = min(hold.until, now())
    else:
        db.session.delete(hold)
    db.session.flush()


def drop_own_holds(club: Club, stretch: Stretch, kinds: Sequence[str]) -> None:
    """What was kept for this club gives way to its own claim."""
    mine = select(Hold).where(
        Hold.club_id == club.id,
        Hold.room_id == stretch.room.id,
        Hold.kind.in_(kinds),
        Hold.starts_at < stretch.occupied_until,
        Hold.ends_at > stretch.start,
    )
    for hold in db.session.scalars(mine.execution_options(populate_existing=True)).all():
        _drop(hold, stretch.room)

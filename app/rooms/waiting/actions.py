"""Verbs of waiting: get on the list, take what is offered or not, leave the list; keep a slot for some minutes."""

import math
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from app.clubs import live
from app.clubs.models import Club
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Gone, Invalid, NotAllowed, Taken, TooMany
from app.core.ids import new_id
from app.rooms.actions import NOT_A_LEAD, PAST, TOO_FAR, Wish, check_slot, claim_slot, club_of_lead, too_big
from app.rooms.claims import drop_hold, place_hold, refuse_out_of_turn
from app.rooms.models import SIZES, Hold, Room
from app.rooms.queries import ONE_DAY, Booked, Slot, find_slot, rooms_of, slots_between
from app.rooms.quota import check_quota
from app.rooms.refusals import why_not
from app.rooms.spans import Overlaps, lock_rooms, lock_words
from app.rooms.waiting.models import Waiting
from app.rooms.waiting.policy import can_hold_slot, can_wait
from app.rooms.waiting.queries import Place, evening_bounds, place_at, place_for

WHILE_TYPING = timedelta(minutes=5)
HOLDS, AN_HOUR = 3, timedelta(hours=1)
MOST_PLACES = 6


@dataclass(frozen=True)
class Wait:
    """What a club waits for: one slot, or any room that is large enough on its evening."""

    slot: str
    club: str
    evening: bool = False
    size: int = 1


def wait_for_slot(actor: Actor, wish: Wait) -> Waiting:
    """A lead puts a club on the list for what is not free; asking twice keeps the first place."""
    with transaction():
        slot = find_slot(wish.slot)
        club, _membership = club_of_lead(actor, wish.club, can_wait)
        _check(slot, wish)
        if slot.club is not None and slot.club.id == club.id and not wish.evening:
            raise Taken("already_yours", _l("Ce moment est déjà à votre club."))
        known = place_at(club, slot, evening=wish.evening)
        if known is not None:
            return known
        if _places(club) >= MOST_PLACES:
            raise Taken("list_full", _l("Votre club attend déjà 6 moments. Quittez une liste d’abord."))
        start, end = evening_bounds(slot) if wish.evening else (slot.start, slot.end)
        place = Waiting(
            id=new_id(), club_id=club.id, house_id=slot.house.id, room_id=None if wish.evening else slot.room.id,
            starts_at=start, ends_at=end, size=wish.size, asked_at=now(),
        )  # fmt: skip
        db.session.add(place)
        db.session.flush()
        return place


def _check(slot: Slot, wish: Wait) -> None:
    if wish.size not in SIZES:
        raise Invalid("size_unknown", _l("Choisissez une réponse."), field="size")
    if slot.past:
        raise Gone("slot_past", PAST)
    if slot.too_far:
        raise Invalid("too_far", TOO_FAR)
    if wish.evening:
        if not slot.stretch.evening:
            raise Invalid("not_evening", _l("Ce moment n’est pas en soirée. Attendez cette salle."), field="what")
        if _free_that_evening(slot, wish.size):
            raise Taken("room_free", _l("Une autre salle est libre ce soir-là : prenez-la."))
        return
    if slot.state not in ("claimed", "held"):
        raise Taken("not_taken", _l("On attend un moment réservé. Celui-ci est libre, ou fermé."))
    if wish.size > slot.room.capacity:
        raise Invalid("size_too_big", too_big(slot.room, wish.size), field="size")


def _free_that_evening(slot: Slot, size: int) -> bool:
    rooms = [room for room in rooms_of(slot.house) if room.capacity >= size]
    day = slot.stretch.day
    return any(other.open for other in slots_between(slot.house, rooms, day, day + ONE_DAY, evenings=True))


def _places(club: Club) -> int:
    ahead = select(Waiting.id).where(Waiting.club_id == club.id, Waiting.ends_at > now())
    return len(db.session.scalars(ahead).all())


def accept_offer(actor: Actor, waiting_id: str, title: str = "") -> Booked:
    """A lead takes what is kept for the club: a claim like any other, its quota included."""
    place = _led_place(actor, waiting_id)
    if place.hold is None:
        raise Taken("no_offer", _l("Rien n’est encore libre. Vous restez sur la liste."))
    if not place.offered:
        raise Gone("offer_over", OVER)
    with force_locale(str(current_app.config["DEFAULT_LOCALE"])):
        usual = _("Rencontre")
    size = min(place.waiting.size, place.room.capacity) if place.room else place.waiting.size
    wish = Wish(place.slot_id, place.club.slug, title.strip() or usual, size=size)
    return claim_slot(actor, wish)


OVER = _l("Le temps est passé : ce moment est proposé plus loin.")


def _led_place(actor: Actor, waiting_id: str) -> Place:
    place = place_for(actor, waiting_id)
    if not can_wait(place.membership):
        raise NotAllowed("not_a_lead", NOT_A_LEAD)
    return place


def leave_list(actor: Actor, waiting_id: str) -> Place:
    """A lead takes the club off the list; what was offered goes to the next one at once."""
    with transaction():
        place = _led_place(actor, waiting_id)
        live.hold(place.club.id)
        if place.hold is not None and place.room is not None:
            lock_rooms([place.room])
            kept = db.session.get(Hold, place.hold.id, populate_existing=True)
            if kept is not None:
                drop_hold(kept, place.room)
        # Who offers what is free has the list to itself meanwhile.
        lock_words(place.house)
        still = db.session.get(Waiting, waiting_id, populate_existing=True)
        if still is not None:
            # Offered at this very moment: it lapses, and the clock offers it on.
            db.session.execute(update(Hold).where(Hold.id == still.hold_id).values(until=now()))
            db.session.delete(still)
        return place


def hold_slot(actor: Actor, slot_id: str, slug: str) -> Hold:
    """A lead has a slot kept for five minutes while the page of its claim is filled: one at a time, three an hour.

    Asked again it is the same one, until the same moment.
    """
    with transaction():
        return _hold_slot(actor, find_slot(slot_id), slug)


def _hold_slot(actor: Actor, slot: Slot, slug: str) -> Hold:
    club, membership = club_of_lead(actor, slug, can_hold_slot)
    if slot.hold is not None and slot.hold.club_id == club.id:
        return slot.hold
    _check_holds(club)
    check_slot(slot)
    if slot.state != "free":
        raise Taken("slot_taken", why_not(slot))
    check_quota(club, slot.stretch)
    before = db.session.execute(
        select(Hold, Room)
        .join(Room, Room.id == Hold.room_id)
        .where(Hold.kind == "form", Hold.made_by_id == membership.id, Hold.until > now())
    ).all()
    lock_rooms([slot.room, *(room for _hold, room in before)])
    refuse_out_of_turn(slot, club)
    for one, room in before:
        drop_hold(one, room)
    try:
        until = min(now() + WHILE_TYPING, slot.end)
        return place_hold(slot.stretch, club, "form", until, membership)
    except Overlaps:
        raise Taken("slot_taken", why_not(slot)) from None


def _check_holds(club: Club) -> None:
    """Counted where all processes look; the caller holds the club. Raises TooMany."""
    lately = select(Hold.made_at).where(Hold.club_id == club.id, Hold.kind == "form", Hold.made_at > now() - AN_HOUR)
    made = db.session.scalars(lately.order_by(Hold.made_at)).all()
    if len(made) >= max(1, int(HOLDS * float(current_app.config["LIMIT_FACTOR"]))):
        raise TooMany(math.ceil((made[0] + AN_HOUR - now()).total_seconds()))

"""Verbs of rooms: claim a slot, release a claim, close a room."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from app.clubs import live
from app.clubs.models import Club, Membership
from app.clubs.queries import member_club_for
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import constraint_of, db, is_sqlite, transaction
from app.core.errors import Gone, Invalid, NotAllowed, NotFound, Taken
from app.core.ids import new_id
from app.houses.models import House
from app.rooms.alternatives import alternatives_for
from app.rooms.calendar import Stretch
from app.rooms.door_words import draw_door_word
from app.rooms.models import SIZES, Claim, ClaimRequest, Closure, Room, Span
from app.rooms.policy import can_claim_slot, can_release_claim
from app.rooms.queries import Booked, Slot, claim_for, find_slot
from app.rooms.quota import check_quota
from app.rooms.show import alternative_json
from app.web.forms import clean_line

MAX_TITLE = 80
MAX_KEY = 200
NOT_A_LEAD = _l("Seules les personnes responsables du club réservent et rendent une salle.")


@dataclass(frozen=True)
class Wish:
    """What a lead asks for. ``size``: the lower bound of the band of people expected."""

    slot: str
    club: str
    title: str
    public: bool = False
    size: int = 1

    @property
    def digest(self) -> str:
        return _sha256(json.dumps(asdict(self), sort_keys=True))


class _Lost(Exception):
    """Somebody holds the slot, or it is closed."""


def claim_slot(actor: Actor, wish: Wish, key: str | None = None) -> Booked:
    """A lead takes a whole free slot for a club, within its quota; of two at once the database keeps the first.

    key: asking twice under one key gives the same claim.
    """
    if key is not None and not 0 < len(key) <= MAX_KEY:
        raise Invalid("idempotency_key_invalid")
    try:
        with transaction():
            return _claim_slot(actor, wish, key)
    except _Lost:
        gone = find_slot(wish.slot)
        choices = [alternative_json(choice) for choice in alternatives_for(gone, wish.size)]
        detail = _l("Ce moment vient d’être pris. Voici d’autres moments libres.")
        raise Taken("slot_taken", detail, alternatives=choices) from None


def _claim_slot(actor: Actor, wish: Wish, key: str | None) -> Booked:
    slot = find_slot(wish.slot)
    club, membership = member_club_for(actor, wish.club)
    # From here on the club is locked: its quota and its keys are counted by one claim at a time, its leads stay leads.
    live.hold(club.id)
    db.session.refresh(membership)
    if not membership.active:
        raise NotFound()
    if not can_claim_slot(membership):
        raise NotAllowed("not_a_lead", NOT_A_LEAD)
    known = _asked_before(actor, wish, key)
    if known is not None:
        return Booked(known, slot.room, slot.house, club, membership)
    title = _checked(wish, slot, club)
    check_quota(club, slot.stretch)
    _lock_house(slot.house)
    if slot.state == "closed" and slot.why == "holiday":
        raise _Lost
    claim = _hold(slot.stretch, slot.house, club, membership, title=title, public=wish.public, size=wish.size)
    if key is not None:
        db.session.add(
            ClaimRequest(membership_id=membership.id, key_hash=_sha256(key), digest=wish.digest, claim_id=claim.id)
        )
    live.record(club.id, "claim:made", claim.id)
    return Booked(claim, slot.room, slot.house, club, membership)


def _checked(wish: Wish, slot: Slot, club: Club) -> str:
    title = str(clean_line(wish.title))
    if not title:
        raise Invalid("title_empty", _l("Écrivez un titre."), field="title")
    if len(title) > MAX_TITLE:
        raise Invalid("title_too_long", _l("Le titre est trop long : 80 signes au plus."), field="title")
    if wish.size not in SIZES:
        raise Invalid("size_unknown", _l("Choisissez une réponse."), field="size")
    if wish.size > slot.room.capacity:
        raise Invalid("size_too_big", too_big(slot.room, wish.size), field="size")
    if wish.public and not club.listed:
        raise Invalid("public_not_listed", _l("Ce club n’est pas affiché : ses rencontres non plus."), field="public")
    if slot.past:
        raise Gone("slot_past", _l("Ce moment est passé. Choisissez-en un autre."))
    if slot.too_far:
        raise Invalid("too_far", _l("C’est trop tôt : on réserve huit semaines à l’avance, au plus."))
    return title


def too_big(room: Room, size: int) -> object:
    """Why that many do not fit, in plain words."""
    band = {5: _l("5 à 9"), 10: _l("10 à 19"), 20: _l("20 et plus")}[size]
    return _l(
        "%(room)s : %(places)s places. Vous avez choisi %(band)s.", room=room.name, places=room.capacity, band=band
    )


def _asked_before(actor: Actor, wish: Wish, key: str | None) -> Claim | None:
    """The claim given for that key, whichever club the actor asked for. Raises Invalid for another request."""
    if key is None:
        return None
    row = db.session.execute(
        select(ClaimRequest.digest, Claim)
        .join(Claim, Claim.id == ClaimRequest.claim_id)
        .join(Membership, Membership.id == ClaimRequest.membership_id)
        .where(ClaimRequest.key_hash == _sha256(key), Membership.account_id == actor.account_id)
    ).first()
    if row is None:
        return None
    if row[0] != wish.digest:
        raise Invalid("idempotency_key_reused", _l("Cette clé a déjà servi pour une autre demande."))
    claim: Claim = row[1]
    return claim


def _lock_house(house: House) -> None:
    """One claim at a time in a house: spans and door words are settled in a queue, not in a crowd of deadlocks."""
    if not is_sqlite():
        db.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"rooms:{house.id}"))))


def _hold(stretch: Stretch, house: House, club: Club, by: Membership | None, **said: object) -> Claim:
    claim = Claim(
        id=new_id(),
        club_id=club.id,
        room_id=stretch.room.id,
        starts_at=stretch.start,
        ends_at=stretch.end,
        door_word=draw_door_word(house, stretch),
        made_by_id=by.id if by else None,
        made_at=now(),
        **said,
    )
    span = Span(id=new_id(), room_id=stretch.room.id, starts_at=stretch.start, ends_at=stretch.occupied_until)
    try:
        with db.session.begin_nested():
            db.session.add(claim)
            db.session.flush()
            span.claim_id = claim.id
            db.session.add(span)
            db.session.flush()
    except IntegrityError as error:
        if "span_overlaps" not in constraint_of(error):
            raise
        raise _Lost from None
    return claim


def release_claim(actor: Actor, claim_id: str) -> Booked:
    """A lead gives a slot back: it is free for everyone at once."""
    with transaction():
        booked = claim_for(actor, claim_id, lock=True)
        if not can_release_claim(booked.membership):
            raise NotAllowed("not_a_lead", NOT_A_LEAD)
        if booked.claim.released_at is not None:
            raise NotFound()
        if booked.claim.ends_at <= now():
            raise Gone("claim_past", _l("Cette rencontre est passée."))
        booked.claim.released_at = now()
        db.session.execute(delete(Span).where(Span.claim_id == claim_id))
        live.record(booked.club.id, "claim:released", claim_id)
        return booked


def close_room(house: House, room: Room | None, starts_at: datetime, ends_at: datetime, reason: str) -> Closure:
    """Shut a room, or every room of the house, for a time. Raises Taken when a claim stands there.

    Where it is shut already nothing is added: two closures may overlap, their spans may not.
    """
    with transaction():
        _lock_house(house)
        closure = Closure(
            id=new_id(), house_id=house.id, room_id=room.id if room else None,
            starts_at=starts_at, ends_at=ends_at, reason=reason,
        )  # fmt: skip
        db.session.add(closure)
        db.session.flush()
        for each in [room] if room else db.session.scalars(select(Room).where(Room.house_id == house.id)):
            for start, end in _still_open(each, starts_at, ends_at):
                db.session.add(Span(id=new_id(), room_id=each.id, starts_at=start, ends_at=end, closure_id=closure.id))
        try:
            db.session.flush()
        except IntegrityError as error:
            raise Taken("claimed", _l("Un club a déjà réservé à ce moment.")) from error
        return closure


def _still_open(room: Room, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """The parts of a stretch that no closure of the room covers yet."""
    shut = db.session.execute(
        select(Span.starts_at, Span.ends_at)
        .where(Span.room_id == room.id, Span.closure_id.is_not(None), Span.starts_at < end, Span.ends_at > start)
        .order_by(Span.starts_at)
    )
    parts = []
    for shut_from, shut_until in shut:
        if shut_from > start:
            parts.append((start, shut_from))
        start = max(start, shut_until)
    return [*parts, (start, end)] if end - start > timedelta(0) else parts


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

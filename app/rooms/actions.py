"""Verbs of rooms: claim a slot, release a claim, close a room."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.clubs import live
from app.clubs.models import Club, Membership
from app.clubs.queries import member_club_for
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import DomainError, Gone, Invalid, NotAllowed, NotFound, Taken
from app.core.ids import new_id
from app.houses.models import House
from app.rooms.claims import USED_UP, drop_own_holds, place_claim, refuse_out_of_turn, set_free
from app.rooms.draw.gate import refuse_in_draw
from app.rooms.evenings.holders import write_holder
from app.rooms.models import SIZES, Claim, ClaimRequest, Closure, Room
from app.rooms.policy import can_claim_slot, can_release_claim
from app.rooms.queries import Booked, Slot, claim_for, find_slot
from app.rooms.quota import check_quota
from app.rooms.refusals import EXPLAINED, explained, why_not
from app.rooms.series.history import By
from app.rooms.spans import Overlaps, lock_house, lock_rooms, shut
from app.web.forms import clean_line

MAX_TITLE = 80
MAX_KEY = 200
PAST = _l("Ce moment est passé. Choisissez-en un autre.")
TOO_FAR = _l("C’est trop tôt : on réserve huit semaines à l’avance, au plus.")
NOT_A_LEAD = _l("Seules les personnes responsables du club réservent et rendent une salle.")


@dataclass(frozen=True)
class Wish:
    """What a lead asks for. ``size``: the lower bound of the band of people expected.

    holder: who agreed to be known to the team, for an evening; not a part of what is asked for.
    """

    slot: str
    club: str
    title: str
    public: bool = False
    size: int = 1
    holder: str = field(default="", repr=False)

    @property
    def digest(self) -> str:
        return self.digest_with()

    def digest_with(self, *more: str) -> str:
        """By which the same request is known again; more: what it says beside."""
        asked = {name: value for name, value in asdict(self).items() if name != "holder"}
        return _sha256(json.dumps([asked, *more] if more else asked, sort_keys=True))


def claim_slot(actor: Actor, wish: Wish, key: str | None = None) -> Booked:
    """A lead takes a whole free slot for a club, within its quota; of two at once the database keeps the first.

    key: asking twice under one key gives the same claim.
    """
    check_key(key)
    try:
        with transaction():
            return _claim_slot(actor, wish, key)
    except Overlaps:
        raise _refused(actor, wish, None) from None
    except DomainError as error:
        if error.code not in EXPLAINED:
            raise
        raise _refused(actor, wish, error) from None


def _refused(actor: Actor, wish: Wish, error: DomainError | None) -> DomainError:
    slot = find_slot(wish.slot)
    club, _membership = member_club_for(actor, wish.club)
    return explained(error or Taken("slot_taken", why_not(slot)), slot, wish.size, club)


def check_key(key: str | None) -> None:
    """Raises Invalid for an ``Idempotency-Key`` that cannot be one."""
    if key is not None and not 0 < len(key) <= MAX_KEY:
        raise Invalid("idempotency_key_invalid")


def _claim_slot(actor: Actor, wish: Wish, key: str | None) -> Booked:
    slot = find_slot(wish.slot)
    club, membership = club_of_lead(actor, wish.club)
    known = asked_before(actor, wish.digest, key)
    if known is not None:
        return booked_by(known, club, membership)
    said = checked_words(wish, slot.room, club)
    claim = take_slot(slot, club, membership, said)
    if wish.holder and slot.stretch.evening:
        write_holder(claim, membership.id, wish.holder)
    keep_request(membership, key, wish.digest, claim)
    return Booked(claim, slot.room, slot.house, club, membership)


def booked_by(claim: Claim, club: Club, membership: Membership) -> Booked:
    """A claim where it stands now, for a member of its club."""
    room, house = db.session.execute(select(Room, House).join(House).where(Room.id == claim.room_id)).one()
    return Booked(claim, room, house, club, membership)


def club_of_lead(actor: Actor, slug: str, may: Callable[[Membership], bool] | None = None) -> tuple[Club, Membership]:
    """A club that the actor leads, locked: its quota is counted by one claim at a time, its leads stay leads."""
    club, membership = member_club_for(actor, slug)
    live.hold(club.id)
    db.session.refresh(membership)
    if not membership.active:
        raise NotFound()
    if not (may or can_claim_slot)(membership):
        raise NotAllowed("not_a_lead", NOT_A_LEAD)
    return club, membership


def take_slot(slot: Slot, club: Club, by: By, said: Mapping[str, object]) -> Claim:
    """One slot for a club, by every rule that a slot has; whatever asks for several asks this for each.

    The caller holds the club. Raises Gone, Invalid, SlotInDraw, QuotaReached, Overlaps.
    """
    check_slot(slot)
    check_quota(club, slot.stretch)
    lock_rooms([slot.room])
    refuse_out_of_turn(slot, club)
    drop_own_holds(club, slot.stretch, USED_UP)
    if slot.state == "closed" and slot.why == "holiday":
        raise Overlaps
    return place_claim(slot.stretch, slot.house, club, by, **said)


def check_slot(slot: Slot) -> None:
    """May anybody claim it at this moment, as long as it is free? Raises Gone, Invalid, SlotInDraw."""
    if slot.past:
        raise Gone("slot_past", PAST)
    if slot.too_far:
        raise Invalid("too_far", TOO_FAR)
    refuse_in_draw(slot)


def checked_words(wish: Wish, room: Room, club: Club) -> dict[str, object]:
    """What a club says of a meeting, as the claim keeps it. Raises Invalid."""
    title = checked_title(wish.title)
    if wish.size not in SIZES:
        raise Invalid("size_unknown", _l("Choisissez une réponse."), field="size")
    if wish.size > room.capacity:
        raise Invalid("size_too_big", too_big(room, wish.size), field="size")
    if wish.public and not club.listed:
        raise Invalid("public_not_listed", _l("Ce club n’est pas affiché : ses rencontres non plus."), field="public")
    return {"title": title, "public": wish.public, "size": wish.size}


def checked_title(text: str) -> str:
    """How a meeting is called. Raises Invalid."""
    title = str(clean_line(text))
    if not title:
        raise Invalid("title_empty", _l("Écrivez un titre."), field="title")
    if len(title) > MAX_TITLE:
        raise Invalid("title_too_long", _l("Le titre est trop long : 80 signes au plus."), field="title")
    return title


def too_big(room: Room, size: int) -> object:
    """Why that many do not fit, in plain words."""
    band = {5: _l("5 à 9"), 10: _l("10 à 19"), 20: _l("20 et plus")}[size]
    return _l(
        "%(room)s : %(places)s places. Vous avez choisi %(band)s.", room=room.name, places=room.capacity, band=band
    )


def asked_before(actor: Actor, digest: str, key: str | None) -> Claim | None:
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
    if row[0] != digest:
        raise Invalid("idempotency_key_reused", _l("Cette clé a déjà servi pour une autre demande."))
    claim: Claim = row[1]
    return claim


def keep_request(membership: Membership, key: str | None, digest: str, claim: Claim) -> None:
    """Remember what was given for a key; without a key there is nothing to remember."""
    if key is not None:
        told = {"membership_id": membership.id, "key_hash": _sha256(key), "digest": digest, "claim_id": claim.id}
        db.session.add(ClaimRequest(**told))


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
        set_free(booked.claim, booked.room, booked.membership)
        return booked


def close_room(house: House, room: Room | None, starts_at: datetime, ends_at: datetime, reason: str) -> Closure:
    """Shut a room, or every room of the house, for a time. Raises Taken when a claim stands there.

    Where it is shut already nothing is added: two closures may overlap, their spans may not.
    """
    with transaction():
        lock_house(house)
        closure = Closure(
            id=new_id(), house_id=house.id, room_id=room.id if room else None,
            starts_at=starts_at, ends_at=ends_at, reason=reason,
        )  # fmt: skip
        db.session.add(closure)
        db.session.flush()
        for each in [room] if room else db.session.scalars(select(Room).where(Room.house_id == house.id)):
            try:
                shut(each, closure)
            except Overlaps:
                raise Taken("claimed", _l("Un club a déjà réservé à ce moment.")) from None
        return closure


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

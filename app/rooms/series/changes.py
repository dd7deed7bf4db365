"""Verbs of a claim that stands: give back, change or move it, alone or with its series; ``following`` cuts a series."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.clubs import live
from app.clubs.models import Membership
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import DomainError, Gone, Invalid, NotAllowed, NotFound, Taken
from app.core.ids import new_id
from app.rooms.actions import NOT_A_LEAD, Wish, check_slot, checked_words, too_big
from app.rooms.claims import USED_UP, drop_own_holds, move_claim, refuse_out_of_turn, set_free
from app.rooms.models import Claim, Room
from app.rooms.policy import can_change_claim, can_move_claim, can_release_claim
from app.rooms.presence.queries import EARLY
from app.rooms.queries import Booked, Slot, claim_for, find_slot
from app.rooms.quota import check_quota_moved
from app.rooms.refusals import TAKEN
from app.rooms.series.history import Place, place_of, remember
from app.rooms.series.models import ClaimSeries
from app.rooms.series.queries import slots_alike
from app.rooms.spans import Overlaps, lock_rooms

SCOPES = ("this", "following", "all")
# What the floors above do when a claim stands elsewhere: called in its transaction, with where it stood.
moved: list[Callable[[Claim, Place], None]] = []


@dataclass(frozen=True)
class Part:
    """The claim that was asked, and those that go with it, the soonest first, all locked."""

    booked: Booked
    claims: list[Claim]
    rooms: dict[str, Room]

    @property
    def by(self) -> Membership:
        return self.booked.membership


def release_part(actor: Actor, claim_id: str, scope: str) -> int:
    """A lead gives back a date of a series, it and those that follow, or all that are ahead. Returns how many."""
    with transaction():
        part = _part(actor, claim_id, scope, can_release_claim)
        lock_rooms(part.rooms.values())
        for claim in part.claims:
            set_free(claim, part.rooms[claim.room_id], part.by)
        return len(part.claims)


def change_part(actor: Actor, claim_id: str, scope: str, wish: Wish) -> int:
    """A lead says otherwise what a claim is, or several of a series. Returns how many. Raises Invalid."""
    with transaction():
        part = _part(actor, claim_id, scope, can_change_claim)
        for claim in part.claims:
            said = checked_words(wish, part.rooms[claim.room_id], part.booked.club)
            if said["title"] != claim.title:
                # A title goes with who wrote it.
                claim.title_by_id = part.by.id
            claim.title, claim.public, claim.size = str(said["title"]), wish.public, wish.size
            remember("changed", claim, part.by, was=place_of(claim))
            live.record(claim.club_id, "claim:released", claim.id)
            live.record(claim.club_id, "claim:made", claim.id)
        _cut(part, scope)
        return len(part.claims)


def move_part(actor: Actor, claim_id: str, scope: str, slot_id: str) -> tuple[int, int]:
    """A lead moves a claim to a free slot; those that go with it move as far, each on its own date.

    Returns how many moved, and how many could not and stay. Raises Taken, QuotaReached, Invalid, Gone for the first.
    """
    try:
        with transaction():
            return _move_part(actor, claim_id, scope, slot_id)
    except Overlaps:
        raise Taken("slot_taken", TAKEN) from None


def _move_part(actor: Actor, claim_id: str, scope: str, slot_id: str) -> tuple[int, int]:
    part = _part(actor, claim_id, scope, can_move_claim)
    target = find_slot(slot_id)
    lock_rooms([*part.rooms.values(), target.room])
    first = part.booked.claim
    days = target.stretch.day - _day(first, part.booked)
    others = [claim for claim in part.claims if claim.id != first.id]
    slots = slots_alike(target, [_day(claim, part.booked) + days for claim in others]) if others else []
    wanted = dict(zip([claim.id for claim in others], slots, strict=True)) | {first.id: target}
    # They must not meet each other: whoever goes forward starts with the last.
    order = sorted(part.claims, key=lambda claim: claim.starts_at, reverse=target.start > first.starts_at)
    stay = 0
    for claim in order:
        try:
            _move(claim, part, wanted[claim.id])
        except (DomainError, Overlaps):
            if claim.id == first.id:
                raise
            stay += 1
    _cut(part, scope)
    return len(order) - stay, stay


def _move(claim: Claim, part: Part, slot: Slot) -> None:
    _check_may_go(claim)
    if claim.size > slot.room.capacity:
        raise Invalid("size_too_big", too_big(slot.room, claim.size))
    check_slot(slot)
    check_quota_moved(part.booked.club, claim, slot.stretch)
    if slot.state == "closed":
        raise Overlaps
    refuse_out_of_turn(slot, part.booked.club)
    was = place_of(claim)
    with db.session.begin_nested():
        drop_own_holds(part.booked.club, slot.stretch, USED_UP)
        move_claim(claim, part.rooms[claim.room_id], slot, part.by)
    tell_moved(claim, was)


def _check_may_go(claim: Claim) -> None:
    """What was had stays had: neither its time nor what it counts in a draw is left behind by a move."""
    if claim.starts_at <= now():
        raise Gone("claim_begun", _l("Cette rencontre a commencé : elle ne se déplace plus."))
    if claim.scarce and claim.starts_at - now() < EARLY:
        raise Gone(
            "scarce_near", _l("Ce moment est très demandé. Dans les 3 derniers jours, on le rend ou on le garde.")
        )


def tell_moved(claim: Claim, was: Place) -> None:
    """Let the floors above tell who comes."""
    for each in moved:
        each(claim, was)


def _day(claim: Claim, booked: Booked) -> date:
    return claim.starts_at.astimezone(ZoneInfo(booked.house.timezone)).date()


def _part(actor: Actor, claim_id: str, scope: str, may: Callable[[Membership], bool]) -> Part:
    """Lock the claims, then their club. Raises NotFound, NotAllowed, Gone, Invalid."""
    if scope not in SCOPES:
        raise Invalid("scope_unknown", _l("Choisissez une réponse."), field="scope")
    booked = claim_for(actor, claim_id)
    claim = booked.claim
    ids = _ids(claim, scope)
    locked = select(Claim).where(Claim.id.in_(ids)).order_by(Claim.id).with_for_update()
    found = db.session.scalars(locked.execution_options(populate_existing=True)).all()
    live.hold(booked.club.id)
    db.session.refresh(booked.membership)
    if not booked.membership.active:
        raise NotFound()
    if not may(booked.membership):
        raise NotAllowed("not_a_lead", NOT_A_LEAD)
    if claim.released_at is not None:
        raise NotFound()
    if claim.ends_at <= now():
        raise Gone("claim_past", _l("Cette rencontre est passée."))
    living = [each for each in found if each.released_at is None and each.ends_at > now()]
    rooms = db.session.scalars(select(Room).where(Room.id.in_({each.room_id for each in living})))
    in_order = sorted(living, key=lambda each: each.starts_at)
    return Part(booked, in_order, {room.id: room for room in rooms})


def _ids(claim: Claim, scope: str) -> Sequence[str]:
    if scope == "this" or claim.series_id is None:
        return [claim.id]
    there = select(Claim.id).where(Claim.series_id == claim.series_id, Claim.released_at.is_(None))
    return db.session.scalars(there if scope == "all" else there.where(Claim.starts_at >= claim.starts_at)).all()


def _cut(part: Part, scope: str) -> None:
    """What follows becomes a series of its own, linked to the first half; nothing to cut where nothing is before."""
    first = part.booked.claim
    if scope != "following" or first.series_id is None:
        return
    old = db.session.get_one(ClaimSeries, first.series_id)
    ids = [claim.id for claim in part.claims]
    before = select(Claim.id).where(Claim.series_id == old.id, Claim.released_at.is_(None), Claim.id.not_in(ids))
    if db.session.scalars(before.limit(1)).first() is None:
        return
    half = ClaimSeries(id=new_id(), club_id=old.club_id, continues_id=old.id, rule=old.rule, answer=[], made_at=now())
    db.session.add(half)
    db.session.flush()
    for claim in part.claims:
        claim.series_id = half.id
    remember("cut", first, part.by, was=place_of(first), series_id=old.id)

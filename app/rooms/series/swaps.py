"""Verbs of an exchange: a lead proposes one of their club's claims for another club's, whose leads say yes or no.

Neither club learns more of the other than the week shows. Both claims keep their ids, and so who comes.
"""

from collections.abc import Callable
from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.clubs import live
from app.clubs.models import Membership
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import DomainError, Gone, Invalid, NotAllowed, NotFound, Taken
from app.core.ids import new_id
from app.rooms.actions import NOT_A_LEAD, too_big
from app.rooms.claims import placed
from app.rooms.door_words import draw_door_word
from app.rooms.models import Claim
from app.rooms.policy import can_swap_claims
from app.rooms.queries import claim_for, find_slot
from app.rooms.quota import check_quota_moved, keep_outside
from app.rooms.series.changes import tell_moved
from app.rooms.series.history import By, place_of, remember
from app.rooms.series.models import ClaimSwap
from app.rooms.series.swap_queries import Side, side_of, swap_for
from app.rooms.spans import Overlaps, lock_rooms, lock_words, occupy, vacate

AHEAD = timedelta(hours=24)
LASTS = timedelta(days=7)
# Asked again once all is locked: may the one who acts still do so? Raises what is said if not.
Still = Callable[[], None]
CHANGED = _l("L’un des deux moments a changé. L’échange n’est plus possible.")


def ask_swap(actor: Actor, claim_id: str, slot_id: str) -> ClaimSwap:
    """A lead proposes their claim for a slot that another club holds. Raises Gone, Invalid, Taken."""
    with transaction():
        booked = claim_for(actor, claim_id)
        return propose(booked.claim, slot_id, lambda: _lead(booked.membership))


def propose(claim: Claim, slot_id: str, still: Still) -> ClaimSwap:
    """A claim is proposed for a slot that another club holds, in the caller's transaction. Raises as ``ask_swap``."""
    ours = side_of(claim)
    theirs = _theirs(slot_id, ours)
    _lock([ours.claim.id, theirs.claim.id], [ours.claim.club_id, theirs.claim.club_id])
    still()
    if ours.claim.released_at is not None:
        raise NotFound()
    _check_ahead(ours, theirs)
    if ours.claim.size > theirs.room.capacity:
        raise Invalid("size_too_big", too_big(theirs.room, ours.claim.size))
    return _write(ours, theirs)


def _theirs(slot_id: str, ours: Side) -> Side:
    slot = find_slot(slot_id)
    if slot.claim is None or slot.claim.club_id == ours.claim.club_id:
        raise Taken("swap_gone", _l("Aucun autre club n’a réservé ce moment."))
    return side_of(slot.claim)


def _check_ahead(ours: Side, theirs: Side) -> None:
    if min(ours.claim.starts_at, theirs.claim.starts_at) - now() <= AHEAD:
        raise Invalid("swap_too_near", _l("Un échange se propose au plus tard 24 heures avant le premier moment."))


def _write(ours: Side, theirs: Side) -> ClaimSwap:
    moment, first = now(), min(ours.claim.starts_at, theirs.claim.starts_at)
    mine = ClaimSwap.ours_id == ours.claim.id
    lapsed = update(ClaimSwap).where(mine, ClaimSwap.outcome.is_(None), ClaimSwap.until <= moment)
    db.session.execute(lapsed.values(outcome="lapsed", ended_at=ClaimSwap.until))
    same = select(ClaimSwap.id).where(
        mine, ClaimSwap.theirs_id == theirs.claim.id, ClaimSwap.outcome == "refused",
        ClaimSwap.ours_slot == ours.slot_id, ClaimSwap.theirs_slot == theirs.slot_id,
    )  # fmt: skip
    if db.session.scalars(same).first() is not None:
        raise Taken("swap_refused", _l("L’autre club a déjà dit non à cet échange."))
    swap = ClaimSwap(
        id=new_id(), ours_id=ours.claim.id, theirs_id=theirs.claim.id, ours_slot=ours.slot_id,
        theirs_slot=theirs.slot_id, asked_at=moment, until=min(moment + LASTS, first - AHEAD),
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(swap)
            db.session.flush()
    except IntegrityError:
        raise Taken("swap_waits", _l("Vous avez déjà proposé un échange pour ce moment. Retirez-le d’abord.")) from None
    _record(swap, "swap:asked", ours, theirs)
    return swap


def _record(swap: ClaimSwap, kind: str, *sides: Side) -> None:
    for side in sorted(sides, key=lambda each: each.claim.club_id):
        live.record(side.claim.club_id, kind, swap.id)


def withdraw_swap(actor: Actor, swap_id: str) -> None:
    """A lead of the club that asked takes it back."""
    with transaction():
        seen = swap_for(actor, swap_id, "ours")
        end(seen.swap, "withdrawn", lambda: _lead(seen.membership))


def refuse_swap(actor: Actor, swap_id: str) -> None:
    """A lead of the club that was asked says no."""
    with transaction():
        seen = swap_for(actor, swap_id, "theirs")
        end(seen.swap, "refused", lambda: _lead(seen.membership))


def accept_swap(actor: Actor, swap_id: str) -> None:
    """A lead of the club that was asked says yes: both claims change places, or nothing does. Raises Gone, Invalid."""
    try:
        with transaction():
            seen = swap_for(actor, swap_id, "theirs")
            exchange(seen.swap, lambda: _lead(seen.membership), seen.membership)
    except Overlaps:
        raise Gone("swap_changed", CHANGED) from None


def exchange(swap: ClaimSwap, still: Still, by: By) -> None:
    """Both claims change places, in the caller's transaction. Raises as ``accept_swap``, and Overlaps."""
    ours, theirs = _waiting(swap, still)
    _check_still(swap, ours, theirs)
    _exchange(ours, theirs, by)
    _end(swap, "accepted", ours, theirs)


def end(swap: ClaimSwap, outcome: str, still: Still) -> None:
    """It waits no more, in the caller's transaction. outcome: ``withdrawn`` or ``refused``. Raises Gone."""
    ours, theirs = _waiting(swap, still)
    _end(swap, outcome, ours, theirs)


def _waiting(swap: ClaimSwap, still: Still) -> tuple[Side, Side]:
    """Both sides of a proposal that waits, with everything it stands on locked."""
    claims = db.session.scalars(select(Claim).where(Claim.id.in_([swap.ours_id, swap.theirs_id]))).all()
    _lock([claim.id for claim in claims], [claim.club_id for claim in claims])
    db.session.refresh(swap)
    still()
    ours, theirs = (side_of(db.session.get_one(Claim, each)) for each in (swap.ours_id, swap.theirs_id))
    if swap.outcome is not None or swap.until <= now():
        raise Gone("swap_ended", _l("Cette proposition n’attend plus de réponse."))
    return ours, theirs


def _lead(membership: Membership) -> None:
    db.session.refresh(membership)
    if not membership.active:
        raise NotFound()
    if not can_swap_claims(membership):
        raise NotAllowed("not_a_lead", NOT_A_LEAD)


def _lock(claim_ids: list[str], club_ids: list[str]) -> None:
    locked = select(Claim).where(Claim.id.in_(claim_ids)).order_by(Claim.id).with_for_update()
    db.session.scalars(locked.execution_options(populate_existing=True)).all()
    for club_id in sorted(set(club_ids)):
        live.hold(club_id)


def _check_still(swap: ClaimSwap, ours: Side, theirs: Side) -> None:
    stands = ours.claim.released_at is None and theirs.claim.released_at is None
    if not stands or (ours.slot_id, theirs.slot_id) != (swap.ours_slot, swap.theirs_slot):
        raise Gone("swap_changed", CHANGED)
    if ours.claim.size > theirs.room.capacity:
        raise Gone("swap_changed", CHANGED)
    if theirs.claim.size > ours.room.capacity:
        raise Invalid("size_too_big", too_big(ours.room, theirs.claim.size))
    check_quota_moved(theirs.club, theirs.claim, ours.stretch)
    try:
        check_quota_moved(ours.club, ours.claim, theirs.stretch)
    except DomainError:
        # Why the other club cannot is for it alone.
        raise Gone("swap_changed", CHANGED) from None


def _exchange(ours: Side, theirs: Side, by: By) -> None:
    lock_rooms([ours.room, theirs.room])
    places = {side.claim.id: place_of(side.claim) for side in (ours, theirs)}
    with db.session.begin_nested():
        for side in (ours, theirs):
            vacate(side.room, side.claim)
        for side, other in ((ours, theirs), (theirs, ours)):
            keep_outside(side.claim, other.stretch.start)
            side.claim.room_id, side.claim.starts_at, side.claim.ends_at = (
                other.stretch.room.id, other.stretch.start, other.stretch.end,
            )  # fmt: skip
            side.claim.scarce = other.stretch.scarce
        db.session.flush()
        for side, other in ((ours, theirs), (theirs, ours)):
            occupy(other.room, other.stretch.start, other.stretch.occupied_until, side.claim)
    lock_words(ours.house, theirs.house)
    for side, other in ((ours, theirs), (theirs, ours)):
        side.claim.door_word = draw_door_word(other.house, other.stretch)
        db.session.flush()
        who, was = (by if side is theirs else None), places[side.claim.id]
        remember("swapped", side.claim, who, was=was, to=place_of(side.claim))
        tell_moved(side.claim, was)
        for each in placed:
            each(side.claim)
    for side in sorted((ours, theirs), key=lambda each: each.claim.club_id):
        live.record(side.claim.club_id, "claim:released", side.claim.id)
        live.record(side.claim.club_id, "claim:made", side.claim.id)


def _end(swap: ClaimSwap, outcome: str, ours: Side, theirs: Side) -> None:
    swap.outcome, swap.ended_at = outcome, now()
    _record(swap, "swap:ended", ours, theirs)

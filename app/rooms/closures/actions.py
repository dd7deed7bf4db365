"""Verbs of closures: shut rooms for some days, once each claim that stands there has its answer; lift; end the rest."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.clubs import live
from app.core import jobs
from app.core.actor import Actor
from app.core.db import db, transaction
from app.core.errors import Invalid, NotFound, Taken
from app.core.ids import new_id
from app.houses.journal import note
from app.houses.models import House
from app.houses.queries import house_of_staff
from app.rooms.claims import move_claim, set_free
from app.rooms.closures import notices
from app.rooms.closures.queries import TOLD, Plan, Shutting, choices_for, closure_of, hit_by, hits, shutting
from app.rooms.models import Claim, Closure, Room
from app.rooms.queries import Slot, find_slot, today_in
from app.rooms.spans import Overlaps, fill, fill_again, lock_house
from app.rooms.staff.queries import Standing
from app.rooms.waiting.offers import withdraw_offers

MAX_REASON = 80
MOST_DAYS = 366


class Unanswered(Taken):
    """A claim that the closure hits has no answer yet, or was made meanwhile: nothing was done."""

    code = "unanswered"
    detail = _l("Dites pour chaque réservation ce qu’elle devient. Rien n’est encore fermé.")


class SlotLost(Taken):
    """The slot to which a claim should move was taken meanwhile: nothing was done. claim_id: which claim."""

    code = "slot_lost"
    detail = _l("Un autre moment vient d’être pris. Choisissez encore. Rien n’est encore fermé.")

    def __init__(self, claim_id: str) -> None:
        super().__init__()
        self.claim_id = claim_id


def close(actor: Actor, slug: str, plan: Plan, answers: Mapping[str, str]) -> Closure:
    """One of the team shuts a room or the house; each claim there is told, moved or cancelled, all at once or nothing.

    answers: by claim, ``tell``, ``cancel`` or ``move:<slot>``. Raises Invalid, NotFound, Unanswered, SlotLost.
    """
    with transaction():
        house = house_of_staff(actor, slug)
        _check(house, plan)
        planned = shutting(house, plan)
        _lock(planned)
        standing = hit_by(planned)
        if not all(_is_answer(answers.get(one.claim.id, ""), planned) for one in standing):
            raise Unanswered()
        told, cancelled = [], []
        for one in standing:
            answer = answers[one.claim.id]
            if answer == "tell":
                told.append(one)
            elif answer == "cancel":
                set_free(one.claim, one.room)
                cancelled.append(one)
        moved = [
            _move(one, answers[one.claim.id].removeprefix("move:"), planned)
            for one in standing
            if answers[one.claim.id].startswith("move:")
        ]
        for room in planned.rooms:
            withdraw_offers(room, planned.start, planned.end)
        closure = _shut(planned, plan.reason)
        _write_down(actor, planned, closure, {"told": told, "cancelled": cancelled, "moved": [m[0] for m in moved]})
        _tell(planned, plan.reason, told, cancelled, moved)
        if told:
            jobs.enqueue("closures:end_told", {"closure": closure.id}, planned.start - TOLD)
        return closure


def _check(house: House, plan: Plan) -> None:
    if not plan.reason:
        raise Invalid("reason_empty", _l("Écrivez ce que les clubs liront."), field="say")
    if len(plan.reason) > MAX_REASON:
        raise Invalid("reason_too_long", _l("C’est trop long : 80 signes au plus."), field="say")
    if plan.first < today_in(house):
        raise Invalid("day_past", _l("Ce jour est passé."), field="since")
    if plan.last < plan.first or (plan.last - plan.first).days > MOST_DAYS:
        raise Invalid("days_order", _l("Le dernier jour vient après le premier, un an après au plus."), field="until")


def _lock(planned: Shutting) -> None:
    """Claims, then their clubs, then the house: who claims or gives back meets these in the same order."""
    found = hit_by(planned)
    ids = [one.claim.id for one in found]
    db.session.scalars(select(Claim.id).where(Claim.id.in_(ids)).order_by(Claim.id).with_for_update()).all()
    for club_id in sorted({one.club.id for one in found}):
        live.hold(club_id)
    lock_house(planned.house)


def _is_answer(answer: str, planned: Shutting) -> bool:
    return answer == "cancel" or (answer == "tell" and planned.may_tell) or answer.startswith("move:")


def _move(one: Standing, slot_id: str, planned: Shutting) -> tuple[Standing, Slot]:
    """The same claim elsewhere: who comes, and what was prepared, goes along."""
    slot = _target(slot_id, one, planned)
    claim = one.claim
    try:
        move_claim(claim, one.room, slot)
    except Overlaps:
        raise SlotLost(claim.id) from None
    return one, slot


def _target(slot_id: str, one: Standing, planned: Shutting) -> Slot:
    try:
        slot = find_slot(slot_id)
    except NotFound:
        raise SlotLost(one.claim.id) from None
    fits = slot.house.id == planned.house.id and slot.room.capacity >= one.claim.size
    if not fits or not slot.open or planned.shuts(slot):
        raise SlotLost(one.claim.id)
    return slot


def _shut(planned: Shutting, reason: str) -> Closure:
    closure = Closure(
        id=new_id(), house_id=planned.house.id, room_id=planned.room.id if planned.room else None,
        starts_at=planned.start, ends_at=planned.end, reason=reason,
    )  # fmt: skip
    db.session.add(closure)
    db.session.flush()
    for room in planned.rooms:
        fill(closure, room)
    return closure


def _write_down(actor: Actor, planned: Shutting, closure: Closure, done: dict[str, list[Standing]]) -> None:
    note("closure:made", actor, house_id=planned.house.id, subject_id=closure.id, claims=sum(map(len, done.values())))
    for what, several in done.items():
        for one in several:
            note(f"claim:{what}", actor, house_id=planned.house.id, club_id=one.claim.club_id, subject_id=one.claim.id)


def _tell(
    planned: Shutting,
    reason: str,
    told: list[Standing],
    cancelled: list[Standing],
    moved: list[tuple[Standing, Slot]],
) -> None:
    for one in told:
        notices.told(one, planned.house, reason, until=planned.start - TOLD)
    for one in cancelled:
        notices.cancelled(one, planned.house, reason, choices_for(one, planned))
    for one, slot in moved:
        notices.moved(one, planned.house, reason, slot)


def lift(actor: Actor, slug: str, closure_id: str) -> None:
    """One of the team opens again what was to be shut; clubs that still stand there are told."""
    with transaction():
        house, closure, rooms = closure_of(actor, slug, closure_id)
        lock_house(house)
        start, end = closure.starts_at, closure.ends_at
        db.session.delete(closure)
        db.session.flush()
        for room in rooms:
            # Another closure may have left this time to the one that goes.
            fill_again(room, start, end)
        note("closure:lifted", actor, house_id=house.id, subject_id=closure_id)
        for one in hits([room.id for room in rooms], start, end):
            notices.lifted(one, house)


def end_told(closure_id: str) -> None:
    """48 hours before a closure, what its clubs left standing is cancelled, and they are told three other moments."""
    with transaction():
        closure = db.session.get(Closure, closure_id)
        if closure is None:
            return
        house = db.session.get_one(House, closure.house_id)
        rooms = list(db.session.scalars(select(Room).where(Room.house_id == house.id, Room.closed_at.is_(None))))
        shut = [room for room in rooms if closure.room_id in (None, room.id)]
        room = shut[0] if closure.room_id and shut else None
        planned = Shutting(house, shut, room, closure.starts_at, closure.ends_at)
        _lock(planned)
        for one in hit_by(planned):
            set_free(one.claim, one.room)
            note("claim:cancelled", None, house_id=house.id, club_id=one.claim.club_id, subject_id=one.claim.id)
            notices.cancelled(one, house, closure.reason, choices_for(one, planned))

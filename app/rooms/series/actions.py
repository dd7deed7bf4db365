"""Verbs of series: claim the same moment on several dates, and fill a date that was refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.clubs.models import Club, Membership
from app.clubs.queries import member_club_for
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import DomainError, Invalid, NotFound, Taken
from app.core.ids import new_id
from app.rooms.actions import (
    Wish,
    asked_before,
    booked_by,
    check_key,
    checked_words,
    club_of_lead,
    keep_request,
    take_slot,
)
from app.rooms.evenings.holders import write_holder
from app.rooms.live import wall_stamp
from app.rooms.models import Claim
from app.rooms.queries import Booked, Slot, find_slot
from app.rooms.refusals import TAKEN, explained, why_not
from app.rooms.series.models import ClaimSeries
from app.rooms.series.queries import series_for, slots_alike
from app.rooms.series.repeats import Said, read_repeat
from app.rooms.spans import Overlaps, lock_rooms

Occurrence = dict[str, Any]
CLOSED = {"holiday": "holiday", "none": "slot_unlisted"}


@dataclass(frozen=True)
class Several:
    """What was said of each date, and the first claim that was made."""

    series: ClaimSeries
    occurrences: list[Occurrence]
    booked: Booked


class _Nothing(Exception):
    """No date could be claimed: nothing is written. why: what was said of the first."""

    def __init__(self, why: tuple[str, Any], occurrences: list[Occurrence]) -> None:
        super().__init__(why[0])
        self.why, self.occurrences = why, occurrences


def claim_series(actor: Actor, wish: Wish, repeat: Said, key: str | None = None) -> Several:
    """A lead takes the same local moment on several dates: each by the rules of one, all that can be in one go.

    Raises Taken, with the code of the first date, when there is none; otherwise as ``claim_slot``.
    """
    check_key(key)
    try:
        with transaction():
            return _claim_series(actor, wish, repeat, key)
    except _Nothing as nothing:
        gone = find_slot(wish.slot)
        club, _membership = member_club_for(actor, wish.club)
        refused = Taken(*nothing.why, occurrences=nothing.occurrences)
        raise explained(refused, gone, wish.size, club) from None


def _claim_series(actor: Actor, wish: Wish, repeat: Said, key: str | None) -> Several:
    first = find_slot(wish.slot)
    club, membership = club_of_lead(actor, wish.club)
    asked = read_repeat(repeat, first.stretch.day, ZoneInfo(first.house.timezone))
    digest = wish.digest_with(asked.rule)
    known = asked_before(actor, digest, key)
    if known is not None:
        return _several(known, club, membership)
    said = checked_words(wish, first.room, club)
    lock_rooms([first.room])
    series = ClaimSeries(id=new_id(), club_id=club.id, rule=asked.rule, answer=[], made_at=now())
    db.session.add(series)
    db.session.flush()
    answer, why = [], []
    made: Claim | None = None
    for slot in slots_alike(first, asked.dates):
        claim, refusal = _one(slot, club, membership, {**said, "series_id": series.id})
        made = made or claim
        why += [refusal] if refusal else []
        answer.append(_occurrence(slot, claim, refusal))
    if made is None:
        raise _Nothing(why[0], answer)
    series.answer = answer
    if wish.holder and first.stretch.evening and made.starts_at == first.start:
        write_holder(made, membership.id, wish.holder)
    keep_request(membership, key, digest, made)
    return Several(series, answer, Booked(made, first.room, first.house, club, membership))


def _one(
    slot: Slot, club: Club, by: Membership, said: dict[str, object]
) -> tuple[Claim | None, tuple[str, Any] | None]:
    """A claim, or the code and the words of its refusal."""
    if slot.state == "closed" and not slot.past:
        return None, (CLOSED.get(slot.why, "slot_closed"), why_not(slot))
    try:
        return take_slot(slot, club, by, said), None
    except Overlaps:
        return None, ("slot_taken", TAKEN)
    except DomainError as error:
        return None, (error.code, error.detail)


def _occurrence(slot: Slot, claim: Claim | None, refusal: tuple[str, Any] | None) -> Occurrence:
    return {
        "start": wall_stamp(slot.start, slot.house),
        "end": wall_stamp(slot.end, slot.house),
        "slot": None if slot.why == "none" else slot.id,
        "state": "claimed" if claim else "refused",
        **({"code": refusal[0]} if refusal else {}),
        **({"claim": claim.id} if claim else {}),
    }


def _several(claim: Claim, club: Club, membership: Membership) -> Several:
    series = db.session.get_one(ClaimSeries, claim.series_id)
    return Several(series, said_first(series), booked_by(claim, club, membership))


def said_first(series: ClaimSeries) -> list[Occurrence]:
    """What was said of each date when the series was made, whatever was taken instead since then."""
    return [{name: value for name, value in each.items() if name != "instead"} for each in series.answer]


def fill_date(actor: Actor, series_id: str, number: int, slot_id: str) -> Booked:
    """A lead takes another moment for a date of the series that was refused. Raises Taken, as ``claim_slot``."""
    try:
        with transaction():
            return _fill_date(actor, series_id, number, slot_id)
    except Overlaps:
        raise Taken("slot_taken", TAKEN) from None


def _fill_date(actor: Actor, series_id: str, number: int, slot_id: str) -> Booked:
    dates = series_for(actor, series_id)
    club, membership = club_of_lead(actor, dates.club.slug)
    series = dates.series
    db.session.refresh(series)
    slot, model = find_slot(slot_id), _last(series)
    if model is None or not 0 <= number < len(series.answer):
        raise NotFound()
    if series.answer[number]["state"] == "claimed" or "instead" in series.answer[number]:
        raise Taken("date_filled", _l("Cette date est déjà réservée."))
    if slot.room.capacity < model.size:
        raise Invalid("size_too_big", _l("Cette salle est trop petite pour vous."))
    said = {"title": model.title, "public": model.public, "size": model.size, "series_id": series.id}
    claim = take_slot(slot, club, membership, said)
    told = [dict(each) for each in series.answer]
    told[number]["instead"] = claim.id
    series.answer = told
    return Booked(claim, slot.room, slot.house, club, membership)


def _last(series: ClaimSeries) -> Claim | None:
    """The claim whose title and size the next one takes."""
    there = select(Claim).where(Claim.series_id == series.id).order_by(Claim.starts_at.desc())
    return db.session.scalars(there.limit(1)).first()


def missing(series: ClaimSeries) -> Sequence[tuple[int, Occurrence]]:
    """The dates that were refused and for which nothing was taken since, each with its number."""
    return [(n, one) for n, one in enumerate(series.answer) if one["state"] == "refused" and "instead" not in one]

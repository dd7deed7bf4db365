"""Seven days before: in one transaction an evening opens, or is shut and each club that booked gets other moments."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from app.clubs import live
from app.clubs.models import Club
from app.core import jobs
from app.core.clock import now
from app.core.db import db, transaction
from app.core.ids import new_id
from app.houses.journal import note
from app.houses.models import House
from app.rooms.claims import drop_hold, set_free
from app.rooms.closures.queries import slot_held
from app.rooms.evenings import notices
from app.rooms.evenings.bounds import ONE_DAY, evening_of
from app.rooms.evenings.hopes import clubs_asking, end_hopes, one_a_club
from app.rooms.evenings.models import EveningRule
from app.rooms.evenings.queries import number_of_clubs, standing_on, undecided_anywhere
from app.rooms.models import Claim, Closure, Hold, Room
from app.rooms.queries import Slot, rooms_of, stretches_of
from app.rooms.refusals import choices_for
from app.rooms.spans import fill, lock_house
from app.rooms.staff.queries import Standing

TRIES = 5
Part = tuple[Room, datetime, datetime]


class _Joined(Exception):
    """Another club came while the others were waited for: its lock comes before those of the rooms."""


def decide(rule_id: str) -> None:
    """The moment of an evening has come. Running again does nothing more; half of it is never done."""
    for _turn in range(TRIES):
        try:
            with transaction():
                _decide(rule_id)
                return
        except _Joined:
            continue
    raise _Joined


def _decide(rule_id: str) -> None:
    wanted = select(EveningRule).where(EveningRule.id == rule_id).with_for_update()
    rule = db.session.scalars(wanted.execution_options(populate_existing=True)).first()
    if rule is None or rule.decided_at is not None:
        return
    if now() < rule.decides_at:
        jobs.enqueue("evenings:decide", {"rule": rule.id}, rule.decides_at)
        return
    house = db.session.get_one(House, rule.house_id)
    standing = _lock(house, rule)
    begun = evening_of(rule.day, ZoneInfo(house.timezone))[0] <= now()
    # A clock that stood still until the evening itself turns nobody away.
    rule.opens = begun or number_of_clubs(standing) >= rule.clubs
    rule.decided_at = now()
    if rule.opens:
        _open(house, rule, [] if begun else standing)
    else:
        _shut(house, rule, standing)


def _lock(house: House, rule: EveningRule) -> list[Standing]:
    """Claims, then their clubs, then the house, as everywhere. Raises _Joined."""
    found, asking = standing_on(house, rule.day), clubs_asking(house, rule)
    ids = [one.claim.id for one in found]
    db.session.scalars(select(Claim.id).where(Claim.id.in_(ids)).order_by(Claim.id).with_for_update()).all()
    for club_id in sorted({one.club.id for one in found} | asking):
        live.hold(club_id)
    lock_house(house)
    standing = standing_on(house, rule.day)
    if {one.claim.id for one in standing} - set(ids) or clubs_asking(house, rule) - asking:
        raise _Joined
    return standing


def _open(house: House, rule: EveningRule, standing: list[Standing]) -> None:
    note("evening:opened", None, house_id=house.id, subject_id=rule.id, day=rule.day.isoformat())
    for one in standing:
        notices.opens(one, house)


def _shut(house: House, rule: EveningRule, standing: list[Standing]) -> None:
    """The rooms are shut before anything is given back, so that nothing of it is offered on."""
    rooms = rooms_of(house)
    for room, start, end in _parts(house, rule, rooms, standing):
        with force_locale(str(current_app.config["DEFAULT_LOCALE"])):
            reason = _("Pas assez de clubs")
        closure = Closure(
            id=new_id(), house_id=house.id, room_id=room.id, starts_at=start, ends_at=end, reason=reason
        )  # fmt: skip
        db.session.add(closure)
        db.session.flush()
        fill(closure, room)
    hopes = end_hopes(house, rule)
    _drop_holds(house, rule, rooms)
    note("evening:dropped", None, house_id=house.id, subject_id=rule.id, day=rule.day.isoformat())
    for one in standing:
        set_free(one.claim, one.room)
        note(
            "evening:dropped", None, house_id=house.id, club_id=one.club.id, subject_id=one.claim.id,
            day=rule.day.isoformat(),
        )  # fmt: skip
    for one in standing:
        notices.dropped(one, house, _choices(slot_held(one, house), one.claim.size, one.club))
    for hope in one_a_club(hopes, {one.club.id for one in standing}):
        note(
            "evening:hoped", None, house_id=house.id, club_id=hope.club.id, subject_id=rule.id,
            day=rule.day.isoformat(),
        )  # fmt: skip
        notices.hoped(hope, _choices(hope.slot, hope.size, hope.club))


def _parts(house: House, rule: EveningRule, rooms: list[Room], standing: list[Standing]) -> list[Part]:
    """Of each room, from its first evening slot or claim to its last: what ends before dusk stays as it is."""
    times: dict[str, list[tuple[datetime, datetime]]] = {room.id: [] for room in rooms}
    for stretch, _house in stretches_of([(room, house) for room in rooms], rule.day, rule.day + ONE_DAY, evenings=True):
        times[stretch.room.id].append((stretch.start, stretch.end))
    for one in standing:
        times.setdefault(one.room.id, []).append((one.claim.starts_at, one.claim.ends_at))
    return [
        (room, min(start for start, _end in found), max(end for _start, end in found))
        for room in rooms
        if (found := times[room.id])
    ]


def _drop_holds(house: House, rule: EveningRule, rooms: list[Room]) -> None:
    """What was kept for somebody that evening is kept no more."""
    start, end = evening_of(rule.day, ZoneInfo(house.timezone))
    by_id = {room.id: room for room in rooms}
    kept = select(Hold).where(Hold.room_id.in_(by_id), Hold.starts_at >= start, Hold.starts_at < end)
    for hold in db.session.scalars(kept).all():
        drop_hold(hold, by_id[hold.room_id])


def _choices(gone: Slot, size: int, club: Club) -> list[Slot]:
    """Three moments that the club can take now, none of which waits for other clubs."""
    waiting = undecided_anywhere()

    def sure(slot: Slot) -> bool:
        return not slot.stretch.evening or (slot.house.id, slot.stretch.day) not in waiting

    return [choice.slot for choice in choices_for(gone, size, [club], sure)]

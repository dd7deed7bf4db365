"""The rounds of a storm: several ways to one slot at once, by chance."""

import random
from datetime import date, timedelta

from sqlalchemy import delete, update

from app.core.clock import now
from app.core.db import db, transaction
from app.core.ids import new_id
from app.rooms.draw.weeks import closes_at, monday_of
from app.rooms.models import Hold
from app.rooms.series.swaps import accept_swap, ask_swap
from app.rooms.waiting.actions import accept_offer
from app.rooms.waiting.jobs import look
from app.rooms.waiting.models import Waiting
from tests.rooms.places import house
from tests.rooms.storm import PROCESSES, WON, Attempt, Round
from tests.rooms.ways import (
    ALONE,
    Ground,
    Lead,
    Target,
    Way,
    allot,
    aside,
    bring,
    claim,
    come_late,
    decide_evening,
    grant,
    keep,
    keep_for,
    move,
    send_there,
    shut,
    shut_house,
    stand,
    take_several,
)  # fmt: skip
from tests.support import factories

# Ways to a slot that nobody has.
TO_A_FREE_ONE: list[Way] = [claim, keep, shut, send_there, take_several, come_late, move, bring]
# Ways to a slot that is kept for somebody else.
TO_A_KEPT_ONE: list[Way] = [claim, shut, send_there, take_several, move, bring]
# Ways to the only slot of a house.
TO_ONE_ALONE: list[Way] = [claim, keep, take_several, move, bring]


def round_of_a_free_one(chance: random.Random, ground: Ground, on: Target) -> Round:
    """Different ways to one free slot."""
    return Round(_attempts(chance, ground, on, chance.sample(TO_A_FREE_ONE, PROCESSES)))


def round_of_an_offer(chance: random.Random, ground: Ground, on: Target) -> Round:
    """The slot is offered to a club that accepts while others try."""
    lead = chance.choice(ground.leads)
    place = _offer(lead, on)

    def accept() -> str:
        accept_offer(lead.actor, place, "Tempête")
        return WON

    others = _attempts(chance, ground, on, chance.sample(TO_A_KEPT_ONE, PROCESSES - 1), but=lead)
    return Round(_shuffled(chance, [accept, *others]))


def round_of_an_exchange(chance: random.Random, ground: Ground, on: Target) -> Round:
    """Two clubs exchange their rooms while others try to get between."""
    ours, theirs = chance.sample(ground.leads, 2)
    mine = stand(ours, on, aside(on.room, PROCESSES - 1))
    stand(theirs, on, on.room)
    swap = ask_swap(ours.actor, mine, on.slot_id).id

    def accept() -> str:
        accept_swap(theirs.actor, swap)
        return WON

    others = _attempts(chance, ground, on, chance.sample(TO_A_KEPT_ONE, PROCESSES - 1))
    return Round(_shuffled(chance, [accept, *others]))


def round_of_a_lapsed_offer(chance: random.Random, ground: Ground, on: Target) -> Round:
    """The club that had the offer is too late; the clock offers the slot on while others try."""
    late, following = chance.sample(ground.leads, 2)
    place = _offer(late, on)

    def lapse() -> None:
        with transaction():
            db.session.execute(delete(Waiting).where(Waiting.hold_id.is_(None)))
            hold = db.session.get_one(Waiting, place).hold_id
            db.session.execute(update(Hold).where(Hold.id == hold).values(until=now() - timedelta(seconds=1)))
            db.session.add(_waiting(following, on))

    def accept() -> str:
        accept_offer(late.actor, place, "Tempête")
        return WON

    def sweep() -> str:
        look()
        return "swept"

    others = _attempts(chance, ground, on, chance.sample(TO_A_KEPT_ONE, PROCESSES - 2), but=following)
    return Round(_shuffled(chance, [accept, sweep, *others]), before=lapse)


def round_of_a_session(chance: random.Random, ground: Ground, on: Target) -> Round:
    """The team grants a session, by two who tap at once, while others try to get one of its dates."""
    tap = grant(ground, on, ground.leads[0], 0)
    others = _attempts(chance, ground, on, chance.sample(TO_A_KEPT_ONE, PROCESSES - 2))
    return Round(_shuffled(chance, [tap, tap, *others]))


def round_of_a_draw(chance: random.Random, ground: Ground, on: Target) -> Round:
    """A draw gives the slot away while others try."""
    return _round_with(allot, TO_ONE_ALONE, chance, ground, on)


def round_of_an_evening(chance: random.Random, ground: Ground, on: Target) -> Round:
    """The moment of an evening that opens only if: who comes just before makes it open, who comes after does not."""
    return _round_with(decide_evening, TO_ONE_ALONE, chance, ground, on)


def round_of_a_shut_house(chance: random.Random, ground: Ground, on: Target) -> Round:
    """The whole house is shut that day while others try."""
    return _round_with(shut_house, TO_ONE_ALONE, chance, ground, on)


def _round_with(door: Way, ways: list[Way], chance: random.Random, ground: Ground, on: Target) -> Round:
    lead = chance.choice(ground.leads)
    others = _attempts(chance, ground, on, chance.sample(ways, PROCESSES - 1), but=lead)
    return Round(_shuffled(chance, [door(ground, on, lead, PROCESSES - 1), *others]))


def _offer(lead: Lead, on: Target) -> str:
    return str(factories.add(_waiting(lead, on, keep_for(lead, on, "offer", on.start))).id)


def _waiting(lead: Lead, on: Target, hold_id: str | None = None) -> Waiting:
    return Waiting(
        id=new_id(), club_id=lead.club_id, house_id=on.house_id, room_id=on.room_id, starts_at=on.start,
        ends_at=on.end, asked_at=now(), hold_id=hold_id,
    )  # fmt: skip


def waiting_for_any_room(lead: Lead, on: Target) -> Waiting:
    """As of an evening: whichever room is free at that time."""
    found = _waiting(lead, on)
    found.room_id = None
    return found


def _attempts(
    chance: random.Random, ground: Ground, on: Target, ways: list[Way], but: Lead | None = None
) -> list[Attempt]:
    leads = chance.sample([lead for lead in ground.leads if lead is not but], len(ways))
    return [way(ground, on, lead, n) for n, (way, lead) in enumerate(zip(ways, leads, strict=True))]


def _shuffled(chance: random.Random, attempts: list[Attempt]) -> list[Attempt]:
    return chance.sample(attempts, len(attempts))


KINDS = (
    round_of_a_free_one, round_of_a_free_one, round_of_an_offer, round_of_a_lapsed_offer, round_of_an_exchange,
    round_of_a_session,
)  # fmt: skip
ALONE_KINDS = (round_of_an_evening, round_of_a_shut_house)


def rounds(chance: random.Random, ground: Ground, amount: int) -> list[tuple[Target, Round]]:
    """Rounds of every kind, each on a slot of its own; in a transaction. A week that is due is drawn once."""
    alone = amount // 5
    targets = [*ground.targets[: amount - alone], *ground.alone[:alone]]
    assert len(targets) == amount
    due, found = due_for_a_draw(ground), []
    for number, on in enumerate(targets):
        kind = ALONE_KINDS[number % 2] if on.room == ALONE else chance.choice(KINDS)
        found.append((on, (round_of_a_draw if on in due else kind)(chance, ground, on)))
    return found


def due_for_a_draw(ground: Ground) -> list[Target]:
    """The first slot of each week whose wishes are closed by the clock, in each house."""
    first: dict[tuple[str, date], Target] = {}
    for on in [*ground.targets, *ground.alone]:
        first.setdefault((on.house, monday_of(on.day)), on)
    return [on for (slug, monday), on in first.items() if closes_at(house(slug), monday) <= now()]

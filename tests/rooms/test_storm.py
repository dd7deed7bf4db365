"""A slot has one holder, however many processes come to it at once and by whatever way: the database says so."""

import multiprocessing
import os
import random
import signal
from collections import Counter
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import event, func, select, text
from sqlalchemy.orm import aliased

from app.core.db import db, is_sqlite, transaction
from app.core.errors import Taken, Unavailable
from app.rooms.actions import Wish, claim_slot, release_claim
from app.rooms.claims import placed
from app.rooms.models import Claim, ClaimRequest, Hold, Span
from app.rooms.waiting.models import Waiting
from tests.rooms import rounds, ways
from tests.rooms.storm import PROCESSES, WON, Attempt, Round, storm
from tests.rooms.ways import Ground, Lead, Target
from tests.support import databases
from tests.support.application import make_app
from tests.support.cast import make_cast

ROUNDS = 100  # on each engine
FEW = 4
# What those who come too late are told, by whatever way they came.
REFUSALS = {
    "slot_taken", "slot_closed", "unanswered", "slot_lost", "offer_over", "not_found", "clash", "answered",
    "slot_in_draw", "void", "dates_lost", "no_offer",
}  # fmt: skip
# A closure goes around a hold, and who was there first takes back from one: what these got, only the table says.
OTHERWISE = {"kept", "shut", "swept", "decided"}
DOORS = (ways.grant, ways.allot, ways.decide_evening, ways.shut_house)


@pytest.fixture
def installation(engine: str) -> Iterator[Flask]:
    """A database of its own; a test may break it."""
    app = make_app(databases.new_database(engine), LIMIT_FACTOR=1000)
    yield app
    databases.close(app)


@pytest.fixture
def ground(installation: Flask) -> Ground:
    with installation.app_context():
        found = ways.make_ground(make_cast())
        db.session.remove()
        return found


def prepared(app: Flask, ground: Ground, amount: int) -> list[tuple[Target, Round]]:
    """Rounds by chance; the seed is printed, so that a storm can be had again."""
    seed = random.randrange(10**6)
    print("seed", seed)
    with app.app_context(), transaction():
        return rounds.rounds(random.Random(seed), ground, amount)


def overlaps() -> int:
    one, other = aliased(Span), aliased(Span)
    there = select(func.count()).where(
        one.room_id == other.room_id, one.id < other.id, one.starts_at < other.ends_at, one.ends_at > other.starts_at
    )
    return int(db.session.scalar(there) or 0)


def holders(on: Target) -> list[str]:
    """Who has the time of that slot, as the table has it; two closures may share it, one after the other."""
    there = select(Span.claim_id, Span.hold_id).where(
        Span.room_id == on.room_id, Span.starts_at < on.until, Span.ends_at > on.start
    )
    found = ["claim" if claim else "hold" if hold else "closure" for claim, hold in db.session.execute(there)]
    return [each for each in found if each != "closure"] + ["closure"] * ("closure" in found)


def claims_without_their_span() -> int:
    """Every living claim stands in the table, and no other."""
    living = db.session.scalar(select(func.count()).where(Claim.released_at.is_(None))) or 0
    stands = Claim.id == Span.claim_id, Claim.room_id == Span.room_id, Claim.starts_at == Span.starts_at
    standing = db.session.scalar(select(func.count()).where(Claim.released_at.is_(None), *stands)) or 0
    spans = db.session.scalar(select(func.count()).where(Span.claim_id.is_not(None))) or 0
    return abs(living - standing) + abs(spans - standing)


def deadlocks() -> int:
    """How many PostgreSQL has ended in this database."""
    if is_sqlite():
        return 0
    return int(
        db.session.scalar(text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")) or 0
    )


def test_a_storm_through_every_way_has_one_winner_each(installation: Flask, ground: Ground) -> None:
    before = prepared(installation, ground, ROUNDS)
    told = storm(installation, [each for _on, each in before])
    print(Counter(code for each in told for code in each))
    assert {code for each in told for code in each} <= {WON, *OTHERWISE, *REFUSALS}
    with installation.app_context():
        found = [(each, holders(on)) for each, (on, _round) in zip(told, before, strict=True)]
        assert [one for one in found if len(one[1]) != 1 or one[0].count(WON) != one[1].count("claim")] == []
        assert (overlaps(), claims_without_their_span(), deadlocks()) == (0, 0, 0)


def test_without_the_constraint_the_storm_has_several(installation: Flask, ground: Ground) -> None:
    with installation.app_context(), transaction():
        drop_the_constraint()
        before = [rounds.round_of_a_free_one(random.Random(n), ground, on) for n, on in enumerate(ground.targets[:FEW])]
    assert any(each.count(WON) > 1 for each in storm(installation, before))
    with installation.app_context():
        assert overlaps() > 0


def drop_the_constraint() -> None:
    if is_sqlite():
        for name in ("INSERT", "UPDATE"):
            db.session.execute(text(f"DROP TRIGGER span_overlaps_{name}"))
    else:
        db.session.execute(text("ALTER TABLE span DROP CONSTRAINT ex_span_overlaps"))


def test_what_came_by_each_of_these_doors_is_kept_by_the_constraint_alone(installation: Flask, ground: Ground) -> None:
    """Who claims right after is refused; without the constraint the slot has two, whichever door it was."""
    lead, late = ground.leads[:2]
    with installation.app_context():
        due = {on.house: on for on in rounds.due_for_a_draw(ground)}
        free = [on for on in (*ground.targets, *ground.alone) if on not in due.values()]
        for dropped in (False, True):
            if dropped:
                with transaction():
                    drop_the_constraint()
            for door in DOORS:
                whole = door in (ways.decide_evening, ways.shut_house)
                on = (
                    due.popitem()[1] if door is ways.allot else next(o for o in free if (o.room == ways.ALONE) is whole)
                )
                free = [each for each in free if each.day != on.day]
                with transaction():
                    act = door(ground, on, lead, 0)
                act()
                assert claimed_by(late, on) is dropped
                assert (len(holders(on)), overlaps() > 0) == (1 + dropped, dropped)


def claimed_by(lead: Lead, on: Target) -> bool:
    try:
        claim_slot(lead.actor, Wish(on.slot_id, lead.slug, "Tempête"))
    except Taken:
        return False
    return True


def test_a_storm_of_one_club_stays_within_its_quota(installation: Flask, ground: Ground) -> None:
    with installation.app_context(), transaction():
        db.session.execute(text("UPDATE house SET claim_quota = 4"))
    lead, targets = ground.leads[0], iter(ground.targets)
    before = [Round([ways.claim(ground, next(targets), lead, n) for n in range(PROCESSES)]) for _ in range(3)]
    told = [code for each in storm(installation, before) for code in each]
    assert sorted(told) == [*["quota_reached"] * (3 * PROCESSES - 4), *[WON] * 4]


def test_one_key_asked_from_several_processes_at_once_gives_one_claim(installation: Flask, ground: Ground) -> None:
    def asks(lead: Lead, on: Target) -> Attempt:
        return lambda: claim_slot(lead.actor, Wish(on.slot_id, lead.slug, "Tempête"), key="une clé").claim.id

    before = [
        Round([asks(lead, on)] * PROCESSES) for lead, on in zip(ground.leads[:4], ground.targets[:4], strict=True)
    ]
    told = storm(installation, before)
    with installation.app_context():
        claims = [
            db.session.scalars(
                select(ClaimRequest.claim_id).join(Claim).filter_by(starts_at=on.start, room_id=on.room_id)
            ).all()
            for on in ground.targets[:4]
        ]
        assert told == [[found] * PROCESSES for each in claims for found in each]
        assert db.session.query(Claim).count() == 4


def test_a_worker_killed_between_lock_and_commit_frees_the_slot_at_once(installation: Flask, ground: Ground) -> None:
    dying, living = ground.leads[:2]
    on = ground.targets[0]
    hears, tells = os.pipe()

    def stop(_claim: Claim) -> None:
        os.write(tells, b"x")
        signal.pause()

    def die() -> None:
        placed.append(stop)
        with installation.app_context():
            claim_slot(dying.actor, Wish(on.slot_id, dying.slug, "Tempête"))

    databases.close(installation)
    process = multiprocessing.get_context("fork").Process(target=die)
    process.start()
    assert os.read(hears, 1) == b"x"
    with installation.app_context():
        assert is_locked(on)
        assert process.is_alive()
        process.kill()
        process.join()
        claim_slot(living.actor, Wish(on.slot_id, living.slug, "Tempête"))
        assert [each.club_id for each in db.session.scalars(select(Claim))] == [living.club_id]


@pytest.mark.parametrize("engine", ["postgresql"])  # SQLite has one writer at a time
def test_who_takes_a_room_is_offered_no_other_at_that_moment(installation: Flask, ground: Ground) -> None:
    waits, gives = ground.leads[:2]
    on = ground.targets[0]
    other = next(each for each in ground.targets if each.start == on.start and each.room != on.room)
    with installation.app_context():
        given = claim_slot(gives.actor, Wish(other.slot_id, gives.slug, "Tempête")).claim.id
        with transaction():
            db.session.add(rounds.waiting_for_any_room(waits, on))
    hears, tells = os.pipe()
    heard, told = os.pipe()

    def slowly(_claim: Claim) -> None:
        """Commit once somebody asks for what this transaction holds."""
        os.write(tells, b"x")
        os.read(heard, 1)

    def tell(_connection: object, _cursor: object, _statement: str, parameters: object, *_more: object) -> None:
        if "words:" in str(parameters):
            os.write(told, b"x")

    def take() -> None:
        placed.append(slowly)
        with installation.app_context():
            claim_slot(waits.actor, Wish(on.slot_id, waits.slug, "Tempête"))

    databases.close(installation)
    process = multiprocessing.get_context("fork").Process(target=take)
    process.start()
    assert os.read(hears, 1) == b"x"
    with installation.app_context():
        event.listen(db.engine, "before_cursor_execute", tell)
        release_claim(gives.actor, given)
        process.join(30)
        assert process.exitcode == 0
        assert (db.session.query(Hold).count(), db.session.query(Waiting).count()) == (0, 0)


def is_locked(on: Target) -> bool:
    """Does somebody stand between lock and commit?"""
    if is_sqlite():
        with pytest.raises(Unavailable), transaction(patience=0.1):
            pass
        return True
    mine = func.pg_try_advisory_xact_lock(func.hashtextextended(f"room:{on.room_id}", 0))
    got = db.session.scalar(select(mine))
    db.session.rollback()
    return not got

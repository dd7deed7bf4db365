"""Claims under contention: eight processes ask for one slot at the same instant, two hundred times over.

Beside it, in the same run and behind the same barrier: a bare INSERT of the same span by the same engine, with the same
constraint, by a program that does nothing else.
"""

import multiprocessing
import sqlite3
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from multiprocessing.synchronize import Barrier
from typing import Any

from sqlalchemy import text

from app.core.db import db, transaction
from app.core.errors import DomainError
from app.core.ids import new_id
from app.houses.models import House
from app.rooms.actions import Wish, claim_slot
from app.rooms.models import Claim, Room, Span
from app.rooms.queries import ONE_DAY, open_slots_of, today_in
from bench.house import make_large_house, make_lead
from bench.places import fresh, percentile
from tests.support.application import make_app
from tests.support.cast import Person

PROCESSES = 8
ROUNDS = 200
Told = list[tuple[str, float]]


def run(engine: str) -> dict[str, Any]:
    """right: how many rounds had exactly one winner; latencies in ms, of the winner, from the barrier."""
    url, app = fresh(engine)
    with app.app_context():
        house = make_large_house(6, 0)
        leads = [(make_lead(f"chef-{number}", house), f"chef-{number}") for number in range(PROCESSES)]
        slots = _slots(house)
        db.session.remove()
        db.engine.dispose()
    ours = _storm(_Claiming(url, leads, slots))
    with app.app_context():
        claims, spans = db.session.query(Claim).count(), db.session.query(Span).count()
        room = db.session.scalars(db.select(Room.id)).first()
        with transaction():
            db.session.execute(text("DELETE FROM span"))
        db.session.remove()
        db.engine.dispose()
    bare = _storm(_Inserting(url, str(room)))
    mine, reference = _figures(ours), _figures(bare)
    return {
        "rounds": ROUNDS, "processes": PROCESSES, "claims": claims, "spans": spans,
        "ours": mine, "bare insert": reference,
        "p50 / bare": round(mine["p50_ms"] / reference["p50_ms"], 1),
        "p99 / bare": round(mine["p99_ms"] / reference["p99_ms"], 1),
    }  # fmt: skip


def _slots(house: House) -> list[str]:
    rooms = [(room, house) for room in db.session.scalars(db.select(Room).where(Room.house_id == house.id))]
    first = today_in(house) + 4 * ONE_DAY
    found = [slot for slot in open_slots_of(rooms, first, first + timedelta(weeks=7)) if not slot.stretch.evening]
    return [slot.id for slot in found[:ROUNDS]]


def _figures(rounds: list[Told]) -> dict[str, Any]:
    won = [[seconds for said, seconds in told if said == "made"] for told in rounds]
    first = [min(each) * 1000 for each in won if each]
    errors = sum(said not in ("made", "slot_taken") for told in rounds for said, _ in told)
    return {
        "right": sum(len(each) == 1 for each in won),
        "errors": errors,
        "p50_ms": round(percentile(first, 0.5), 2),
        "p99_ms": round(percentile(first, 0.99), 2),
    }


class _Claiming:
    """Through the action, as page and JSON do."""

    def __init__(self, url: str, leads: Sequence[tuple[Person, str]], slots: Sequence[str]) -> None:
        self.url, self.leads, self.slots = url, leads, slots

    def begin(self, number: int) -> Callable[[int], str]:
        app = make_app(self.url)
        person, club = self.leads[number]

        def act(round_number: int) -> str:
            with app.app_context():
                try:
                    claim_slot(person.actor, Wish(self.slots[round_number], club, "Tempête"))
                except DomainError as error:
                    return error.code
                return "made"

        return act


class _Inserting:
    """By the driver alone."""

    def __init__(self, url: str, room: str) -> None:
        self.url, self.room = url, room

    def begin(self, _number: int) -> Callable[[int], str]:
        return self._sqlite() if self.url.startswith("sqlite") else self._postgresql()

    def _sqlite(self) -> Callable[[int], str]:
        connection = sqlite3.connect(self.url.removeprefix("sqlite:///"), isolation_level=None, timeout=30)
        connection.execute("PRAGMA synchronous=FULL")

        def act(round_number: int) -> str:
            start, end = self._times(round_number)
            try:
                connection.execute("BEGIN IMMEDIATE")
                row = (new_id(), self.room, start, end, self.closure)
                connection.execute(
                    "INSERT INTO span (id, room_id, starts_at, ends_at, closure_id) VALUES (?,?,?,?,?)", row
                )
                connection.execute("COMMIT")
            except sqlite3.IntegrityError:
                connection.execute("ROLLBACK")
                return "slot_taken"
            return "made"

        return act

    closure = "bare"

    def _postgresql(self) -> Callable[[int], str]:
        import psycopg

        connection = psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True)
        connection.execute("SET session_replication_role = replica")  # the closure that a span refers to is not there

        def act(round_number: int) -> str:
            start, end = self._times(round_number)
            try:
                with connection.transaction():
                    connection.execute("SELECT pg_advisory_xact_lock(1)")
                    connection.execute(
                        "INSERT INTO span (id, room_id, starts_at, ends_at, closure_id) VALUES (%s, %s, %s, %s, %s)",
                        (new_id(), self.room, start, end, self.closure),
                    )
            except psycopg.errors.ExclusionViolation:
                return "slot_taken"
            return "made"

        return act

    def _times(self, round_number: int) -> tuple[str, str]:
        day = f"20{30 + round_number // 300}-{round_number % 300 // 28 + 1:02d}-{round_number % 28 + 1:02d}"
        return f"{day} 10:00:00.000000", f"{day} 12:00:00.000000"


def _storm(kind: Any) -> list[Told]:
    """Every process acts at the same instant, once a round; what each was told, and after how many seconds."""
    context = multiprocessing.get_context("fork")
    barrier, answers = context.Barrier(PROCESSES), context.Queue()
    processes = [context.Process(target=_act, args=(kind, number, barrier, answers.put)) for number in range(PROCESSES)]
    for process in processes:
        process.start()
    told = dict(answers.get(timeout=600) for _ in processes)
    for process in processes:
        process.join(30)
    return [[told[number][n] for number in range(PROCESSES)] for n in range(ROUNDS)]


def _act(kind: Any, number: int, barrier: Barrier, answer: Callable[[Any], None]) -> None:
    act, told = kind.begin(number), []
    for round_number in range(ROUNDS):
        barrier.wait(120)
        begun = time.perf_counter()
        said = act(round_number)
        told.append((said, time.perf_counter() - begun))
    answer((number, told))

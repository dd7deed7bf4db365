"""Several processes that act at the same instant, through the action."""

import multiprocessing
from collections.abc import Callable, Sequence
from multiprocessing.synchronize import Barrier
from typing import Any

from app.core.db import db
from app.core.errors import DomainError
from app.rooms.actions import Wish, claim_slot
from tests.support.application import make_app
from tests.support.cast import Person

PROCESSES = 4
Attempt = tuple[Person, str, str]


def storm(database_url: str, rounds: Sequence[Sequence[Attempt]]) -> list[list[str]]:
    """Each round is one attempt for each process, at once. Returns, by round, ``made`` or the code of a refusal."""
    context = multiprocessing.get_context("fork")
    barrier, answers = context.Barrier(PROCESSES), context.Queue()
    processes = []
    for number in range(PROCESSES):
        mine = [attempts[number] for attempts in rounds]
        processes.append(context.Process(target=_act, args=(database_url, number, mine, barrier, answers.put)))
    for process in processes:
        process.start()
    told = dict(answers.get(timeout=120) for _ in processes)
    for process in processes:
        process.join(30)
        assert process.exitcode == 0
    return [[told[number][n] for number in range(PROCESSES)] for n in range(len(rounds))]


def _act(
    database_url: str, number: int, attempts: Sequence[Attempt], barrier: Barrier, answer: Callable[[Any], None]
) -> None:
    app = make_app(database_url)
    told = []
    for person, club, slot in attempts:
        with app.app_context():
            barrier.wait(60)
            told.append(_one(person, club, slot))
    with app.app_context():
        db.engine.dispose()
    answer((number, told))


def _one(person: Person, club: str, slot: str) -> str:
    try:
        claim_slot(person.actor, Wish(slot, club, "Tempête"))
    except DomainError as error:
        return error.code
    return "made"

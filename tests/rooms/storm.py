"""Several processes that act at the same instant, through the actions."""

import multiprocessing
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from typing import Any

from flask import Flask

from app.core.errors import DomainError
from tests.support import databases

PROCESSES = 4
WON = "won"
# What somebody does in a round. Returns WON, or what else is to be known of it; a refusal is told by its code.
Attempt = Callable[[], str]


def nothing() -> None:
    """For a round that needs no preparation."""


@dataclass(frozen=True)
class Round:
    """One attempt for each process, all of them at once. before: done by one of them while the others wait."""

    attempts: Sequence[Attempt]
    before: Callable[[], object] = nothing


def storm(app: Flask, rounds: Sequence[Round]) -> list[list[str]]:
    """What each process was told, by round."""
    # No process may begin with a connection of its parent.
    databases.close(app)
    context = multiprocessing.get_context("fork")
    barrier, answers = context.Barrier(PROCESSES), context.Queue()
    processes = [
        context.Process(target=_act, args=(app, number, rounds, barrier, answers.put)) for number in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    told = dict(answers.get(timeout=240) for _ in processes)
    for process in processes:
        process.join(30)
        assert process.exitcode == 0
    return [[told[number][n] for number in range(PROCESSES)] for n in range(len(rounds))]


def _act(app: Flask, number: int, rounds: Sequence[Round], barrier: Barrier, answer: Callable[[Any], None]) -> None:
    told = []
    for one in rounds:
        with app.app_context():
            barrier.wait(60)
            if one.before is not nothing:
                if number == 0:
                    one.before()
                barrier.wait(60)
            told.append(_one(one.attempts[number]))
    databases.close(app)
    answer((number, told))


def _one(attempt: Attempt) -> str:
    try:
        return attempt()
    except DomainError as error:
        return error.code
    except Exception as error:  # a fault of ours is told like an answer, so that the round can be read
        return f"{type(error).__name__}: {error}"[:2000]

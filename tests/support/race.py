"""Several real processes that start at the same moment."""

import multiprocessing
import traceback
from collections.abc import Callable
from typing import Any

SECONDS = 60


def race(run: Callable[..., Any], *crowd: tuple[Any, ...]) -> list[Any]:
    """Run a module-level function once for each tuple of arguments, each in a process of its own, behind a barrier.

    Returns what each gave, in order. An exception in one is raised here. The processes come from one that has read the
    application and holds nothing else: no connection, no thread.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.support.warm"])
    barrier, answers = context.Barrier(len(crowd)), context.SimpleQueue()
    started = [
        context.Process(target=_enter, args=(run, barrier, answers, number, args)) for number, args in enumerate(crowd)
    ]
    for process in started:
        process.start()
    found = dict(answers.get() for _ in started)
    for process in started:
        process.join(SECONDS)
    for answer in found.values():
        if isinstance(answer, _Failed):
            raise AssertionError(answer.told)
    return [found[number] for number in range(len(crowd))]


class _Failed:
    def __init__(self, told: str) -> None:
        self.told = told


def _enter(run: Callable[..., Any], barrier: Any, answers: Any, number: int, args: tuple[Any, ...]) -> None:
    try:
        answers.put((number, run(barrier, *args)))
    except BaseException:
        barrier.abort()
        answers.put((number, _Failed(traceback.format_exc())))

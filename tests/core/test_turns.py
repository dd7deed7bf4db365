"""A few at once, the others in the order in which they came, and nobody for ever."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from app.core.errors import Unavailable
from app.core.turns import Turns
from tests.support.waiting import wait_for


class Crowd:
    """Each in a thread of its own takes a turn, and keeps it until told."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self.came: list[int] = []
        self.go = [threading.Event() for _ in range(6)]
        self.threads = [threading.Thread(target=self._take, args=(number,)) for number in range(6)]

    def _take(self, number: int) -> None:
        with self.turns.one(20):
            self.came.append(number)
            self.go[number].wait(20)

    def queued(self) -> int:
        return len(self.turns._queue)


@contextmanager
def crowd(at_once: int) -> Iterator[Crowd]:
    """Six, one after the other."""
    found = Crowd(Turns(at_once))
    for number, thread in enumerate(found.threads):
        thread.start()
        if number < at_once:
            wait_for(lambda number=number: len(found.came) == number + 1, "it came")
        else:
            wait_for(lambda number=number: found.queued() == number + 1 - at_once, "it waits")
    yield found
    for each in found.go:
        each.set()
    for thread in found.threads:
        thread.join()


def test_the_others_come_in_their_order() -> None:
    with crowd(2) as found:
        assert found.came == [0, 1]
        for there, number in enumerate((1, 0, 2, 3), 3):
            found.go[number].set()
            wait_for(lambda there=there: len(found.came) == there, "the next one came")
        assert found.came == [0, 1, 2, 3, 4, 5]


def test_who_waits_too_long_is_told_and_takes_nobodys_turn() -> None:
    turns = Turns(1)
    with turns.one(0.01), pytest.raises(Unavailable), turns.one(0.01):
        pass
    with turns.one(0.01):
        pass
    assert (turns._free, len(turns._queue)) == (1, 0)


def test_who_fails_in_a_turn_hands_it_on() -> None:
    turns = Turns(1)
    with pytest.raises(KeyError), turns.one(0.01):
        raise KeyError
    with turns.one(0.01):
        pass

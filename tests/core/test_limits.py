"""Budgets: what is spent, given back, remembered and forgotten."""

from datetime import timedelta

import pytest
import time_machine

from app.core import limits
from app.core.clock import now
from app.core.errors import TooMany
from app.core.limits import Limiter, Window

THREE = Window("three", 3, 10)


def refused(limiter: Limiter, key: str, factor: float = 1) -> int:
    """The seconds to wait, or 0 when it was let through."""
    try:
        limiter.hit_window(THREE, key, factor)
    except TooMany as error:
        return error.retry_after
    return 0


def test_a_window_moves_and_says_when() -> None:
    limiter = Limiter()
    with time_machine.travel(now(), tick=False) as clock:
        assert [refused(limiter, "a") for _ in range(4)] == [0, 0, 0, 600]
        assert refused(limiter, "b") == 0
        clock.shift(599)
        assert refused(limiter, "a") == 1
        clock.shift(1)
        assert refused(limiter, "a") == 0


def test_a_clock_put_back_keeps_nobody_out_for_longer() -> None:
    limiter, start = Limiter(), now()
    with time_machine.travel(start + timedelta(hours=1), tick=False):
        assert [refused(limiter, "a") for _ in range(3)] == [0, 0, 0]
    with time_machine.travel(start, tick=False) as clock:
        assert refused(limiter, "a") == 600
        clock.shift(600)
        assert refused(limiter, "a") == 0


def test_what_is_refused_does_not_prolong_the_wait() -> None:
    limiter = Limiter()
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(50):
            refused(limiter, "a")
        clock.shift(600)
        assert refused(limiter, "a") == 0


def test_given_back() -> None:
    limiter = Limiter()
    for _ in range(5):
        assert refused(limiter, "a") == 0
        limiter.give_back(THREE, "a")
    assert limiter._hits == {}
    limiter.give_back(THREE, "never spent")


def test_the_factor_multiplies() -> None:
    limiter = Limiter()
    assert [bool(refused(limiter, "a", 2)) for _ in range(7)] == [False] * 6 + [True]


def test_refused_tries_leave_nothing_and_made_up_keys_push_no_real_one_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_REMEMBERED", 100)
    limiter = Limiter()
    for _ in range(50):
        refused(limiter, "guessed")
    assert [len(hits) for hits in limiter._hits.values()] == [3]
    for number in range(1000):
        refused(limiter, f"made up {number}")
        assert len(limiter._hits) <= 100
    assert refused(limiter, "guessed")

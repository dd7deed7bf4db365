"""What comes back by the clock, what is parked, and a clock of the machine that jumps."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import delete, select

from app.core import clockwork, jobs
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import NotFound
from app.core.models import ClockJob, Job

pytestmark = pytest.mark.usefixtures("context")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the house comes back by the clock: the test says what does."""
    monkeypatch.setattr(clockwork, "_recurring", {})


@pytest.fixture
def ran(only: None) -> list[str]:
    """What ran: ``tests:well`` every ten minutes, ``tests:broken`` which always fails."""
    seen: list[str] = []

    @jobs.every("tests:broken", minutes=10)
    def broken() -> None:
        seen.append("broken")
        raise OSError("as asked")

    @jobs.every("tests:well", minutes=10)
    def well() -> None:
        seen.append("well")

    return seen


def test_a_house_that_is_emptied_while_it_runs_is_begun_anew(only: None) -> None:
    @jobs.every("tests:emptied", minutes=10)
    def emptied() -> None:
        with transaction():
            db.session.execute(delete(ClockJob))

    assert (clockwork.run_clock(), clockwork.last_ran("tests:emptied")) == (1, None)
    assert clockwork.run_clock() == 1


@pytest.fixture
def essay() -> Iterator[list[int]]:
    """A kind of job that gives up, one that ends well."""
    seen: list[int] = []

    @jobs.handler("essai:perdu")
    def lose(_payload: object) -> None:
        raise jobs.GiveUp("NoSuchPlace 550")

    @jobs.handler("essai")
    def run(payload: dict[str, int]) -> None:
        seen.append(payload["n"])

    yield seen
    jobs._handlers.pop("essai")
    jobs._handlers.pop("essai:perdu")


def states() -> dict[str, tuple[bool, str | None, bool]]:
    db.session.rollback()
    return {each.name: (each.ran_at is not None, each.failure, each.late) for each in jobs.clock_state()}


def test_each_comes_back_when_it_is_due_and_one_that_fails_stops_no_other(ran: list[str]) -> None:
    assert states() == {"tests:broken": (False, None, True), "tests:well": (False, None, True)}
    with time_machine.travel(now(), tick=False) as clock:
        assert (jobs.run_clock(), jobs.run_clock(), ran) == (1, 0, ["broken", "well"])
        assert states() == {"tests:broken": (False, "OSError", False), "tests:well": (True, None, False)}
        clock.shift(timedelta(minutes=10))
        assert (jobs.run_clock(), ran) == (1, ["broken", "well"] * 2)


def test_one_that_nobody_runs_any_more_is_late(ran: list[str]) -> None:
    jobs.run_clock()
    with time_machine.travel(now() + timedelta(minutes=21)):
        assert states()["tests:well"] == (True, None, True)


def test_one_runner_at_a_time_and_a_dead_one_is_replaced(ran: list[str]) -> None:
    assert clockwork._take("tests:well", timedelta(minutes=10)) is True
    assert clockwork._take("tests:well", timedelta(minutes=10)) is False
    with time_machine.travel(now() + clockwork.LEASE + timedelta(seconds=1)):
        jobs.run_clock()
    assert ran == ["broken", "well"]


@pytest.mark.parametrize("jump", [-HOUR, DAY])
def test_a_jump_of_the_clock_holds_nothing_and_repeats_nothing(ran: list[str], jump: timedelta) -> None:
    start = now()
    with time_machine.travel(start, tick=False) as clock:
        jobs.run_clock()
        clock.move_to(start + jump)
        jobs.run_clock()
        # Once after the jump, and then again by its period: never made up for.
        assert (ran, jobs.run_clock()) == (["broken", "well"] * 2, 0)
        clock.shift(timedelta(minutes=10))
        jobs.run_clock()
    assert ran == ["broken", "well"] * 3


def test_a_lease_of_another_clock_does_not_count(ran: list[str], essay: list[int]) -> None:
    with transaction():
        jobs.enqueue("essai", {"n": 1}, now() - DAY)
    with time_machine.travel(now() + HOUR):
        jobs._lease()
        clockwork._take("tests:well", timedelta(minutes=10))
    assert (jobs.run_due(), essay, jobs.run_clock(), ran) == (1, [1], 1, ["broken", "well"])


def test_what_was_put_off_by_a_clock_an_hour_ahead_waits_as_long_as_it_was_meant_to(essay: list[int]) -> None:
    start = now()
    with time_machine.travel(start + HOUR, tick=False), transaction():
        jobs.enqueue("essai", {"n": 1})
        jobs.enqueue("essai", {"n": 2}, now() + timedelta(minutes=20))
    with time_machine.travel(start, tick=False) as clock:
        assert jobs.run_due() == 0
        jobs.run_clock()
        assert (jobs.run_due(), essay) == (1, [1])
        clock.shift(timedelta(minutes=20))
        assert (jobs.run_due(), essay) == (1, [1, 2])


def park(kind: str = "essai:perdu", **payload: int) -> jobs.Parked:
    with transaction():
        jobs.enqueue(kind, payload)
    jobs.run_due()
    (found,) = jobs.parked()
    return found


def test_what_is_of_no_use_is_parked_at_once(essay: list[int]) -> None:
    found = park()
    assert (found.kind, found.failure, found.tries, jobs.run_due()) == ("essai:perdu", "NoSuchPlace 550", 1, 0)


@pytest.mark.parametrize(("does", "left"), [(jobs.retry, [("essai:perdu", None, 0)]), (jobs.drop, [])])
def test_a_parked_job_is_tried_again_or_dropped(essay: list[int], does: Callable[[str], None], left: object) -> None:
    found = park()
    does(found.id)
    assert jobs.parked() == []
    assert [(job.kind, job.failure, job.tries) for job in db.session.scalars(select(Job))] == left


@pytest.mark.parametrize("does", [jobs.retry, jobs.drop])
def test_a_job_that_waits_is_nobodys_to_touch(essay: list[int], does: Callable[[str], None]) -> None:
    with transaction():
        jobs.enqueue("essai", {"n": 1})
    waiting = db.session.scalars(select(Job.id)).one()
    for each in (waiting, "nowhere"):
        with pytest.raises(NotFound):
            does(each)


def test_a_job_that_kills_its_worker_is_parked(essay: list[int]) -> None:
    with transaction():
        jobs.enqueue("essai", {"n": 1})
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(jobs.MAX_TRIES):
            assert jobs._lease() is not None
            clock.shift(jobs.LEASE + timedelta(seconds=1))
        jobs.park_what_kills()
    assert [(job.failure, essay) for job in jobs.parked()] == [("WorkerLost", [])]


def test_one_job_of_a_key_waits_at_a_time(essay: list[int]) -> None:
    for n in (1, 2):
        with transaction():
            jobs.enqueue("essai", {"n": n}, key="one")
    assert (jobs.run_due(), essay) == (1, [1])
    with transaction():
        jobs.enqueue("essai", {"n": 3}, key="one")
    assert (jobs.run_due(), essay) == (1, [1, 3])


def test_a_slow_lane_holds_nothing_else(essay: list[int]) -> None:
    with transaction():
        jobs.enqueue("mail:send", {"sealed": "with another key"})
        jobs.enqueue("essai", {"n": 1})
    assert (jobs.run_due(slow=False), essay, jobs.run_due(slow=True)) == (1, [1], 1)


def test_rows_of_the_clock_are_made_on_first_use(ran: list[str]) -> None:
    jobs.run_clock()
    assert sorted(db.session.scalars(select(ClockJob.name))) == ["tests:broken", "tests:well"]

"""Jobs: written with what wants them, run once due, tried again later, taken over from the dead."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from app.core import jobs
from app.core.clock import now
from app.core.db import db, transaction
from app.core.models import Job

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def done() -> Iterator[list[Any]]:
    """What the job ``essai`` was given; it fails when told so."""
    seen: list[Any] = []

    @jobs.handler("essai")
    def run(payload: dict[str, Any]) -> None:
        seen.append(payload["n"])
        if payload.get("fails"):
            raise ValueError("as asked")

    yield seen
    jobs._handlers.pop("essai")


def ask(n: int, *, after: timedelta = timedelta(0), **more: Any) -> None:
    with transaction():
        jobs.enqueue("essai", {"n": n, **more}, now() + after)


def waiting() -> list[Job]:
    db.session.rollback()
    return list(db.session.scalars(select(Job).execution_options(populate_existing=True)))


def test_a_job_runs_once(done: list[Any]) -> None:
    ask(1)
    assert (jobs.run_due(), jobs.run_due(), done, waiting()) == (1, 0, [1], [])


def test_a_job_of_a_transaction_that_failed_does_not_exist(done: list[Any]) -> None:
    with pytest.raises(KeyError), transaction():
        jobs.enqueue("essai", {"n": 1})
        raise KeyError
    assert (jobs.run_due(), done) == (0, [])


def test_a_job_waits_for_its_time(done: list[Any]) -> None:
    ask(1, after=timedelta(hours=1))
    assert jobs.run_due() == 0
    with time_machine.travel(now() + timedelta(hours=1, seconds=1)):
        assert jobs.run_due() == 1
    assert done == [1]


def test_jobs_run_in_the_order_of_their_time(done: list[Any]) -> None:
    for n in (3, 1, 2):
        ask(n, after=timedelta(seconds=n - 10))
    jobs.run_due()
    assert done == [1, 2, 3]


def test_jobs_of_one_moment_run_in_the_order_they_were_asked_in(done: list[Any]) -> None:
    """Where the database has put them does not count: written again from the last to the first."""
    moment = now()
    for n in range(8):
        ask(n)
    with transaction():
        for job in db.session.scalars(select(Job).order_by(Job.set_at.desc())).all():
            job.run_at = moment
            db.session.flush()
    jobs.run_due()
    assert done == [*range(8)]


def test_a_job_that_fails_does_not_stop_the_others(done: list[Any]) -> None:
    ask(1, fails=True, after=timedelta(seconds=-1))
    ask(2)
    assert (jobs.run_due(), done) == (1, [1, 2])


def test_a_job_that_fails_is_tried_later_and_later_then_parked(done: list[Any]) -> None:
    ask(1, fails=True)
    pauses = []
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(jobs.MAX_TRIES):
            jobs.run_due()
            left = [job for job in waiting() if job.parked_at is None]
            pauses += [round((job.run_at - now()).total_seconds()) for job in left]
            clock.shift(timedelta(days=1))
        jobs.run_due()
    assert pauses == [20, 80, 320, 1280, 5120, 20480, 20480]
    assert (done, [(job.failure, job.tries) for job in jobs.parked()]) == ([1] * jobs.MAX_TRIES, [("ValueError", 8)])


def test_a_job_is_not_run_twice_while_somebody_works_on_it(done: list[Any]) -> None:
    ask(1)
    taken = jobs._lease()  # a worker that dies here never gives it back
    assert (taken is not None, jobs.run_due(), done) == (True, 0, [])
    with time_machine.travel(now() + jobs.LEASE + timedelta(seconds=1)):
        assert jobs.run_due() == 1
    assert done == [1]


def test_a_worker_that_dies_keeps_one_job_and_no_more(done: list[Any]) -> None:
    with transaction():
        ask(1)
        ask(2, after=timedelta(seconds=-1))
    jobs._lease()
    assert (jobs.run_due(), done) == (1, [1])


def test_a_job_of_an_unknown_kind_is_kept_for_a_newer_version() -> None:
    with transaction():
        jobs.enqueue("essai:inconnu", {})
    assert (jobs.run_due(), len(waiting())) == (0, 1)

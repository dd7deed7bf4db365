"""The clock's door: jobs written in the transaction that wants them, run once due, under a lease.

A job that fails is tried again, later and later, at most eight times, then parked: kept, shown at the desk, in nobody's
way. A job whose worker died is taken over when its lease ends, so a handler must bear to run twice. What comes back by
the clock is in ``app.core.clockwork``.

The clock of the machine may jump. A lease that ends later than a lease can last was taken on another clock: it does not
count. ``set_at`` tells by which clock a job was put off, so that ``after_a_jump_back`` can bring it nearer again.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import or_, select

from app.core import metrics
from app.core.clock import now
from app.core.clockwork import SLACK, ClockState, clock_state, every, run_clock
from app.core.db import db, transaction, upsert
from app.core.errors import NotFound
from app.core.ids import new_id
from app.core.models import ClockJob, Job

__all__ = [
    "ClockState", "GiveUp", "clock_state", "drop", "enqueue", "every", "forget_about", "handler", "hasten", "parked",
    "retry", "run_clock", "take_back", "when_dropped",
]  # fmt: skip

LEASE = timedelta(minutes=2)
MAX_TRIES = 8
MAX_FAILURE = 60
# Its row is beside those of what comes back by the clock.
NOTE = "core:due_jobs"

log = structlog.get_logger()
Handler = Callable[[dict[str, Any]], None]
_handlers: dict[str, Handler] = {}
_dropped: dict[str, Handler] = {}
_slow: set[str] = set()
_last_run: list[datetime] = []


class GiveUp(Exception):
    """A handler's word that trying again is of no use: the job is parked at once. Its text is the kind of failure."""


@dataclass(frozen=True)
class Parked:
    """A job that was given up: what it was for, on what it failed, since when. Nothing of what it holds."""

    id: str
    kind: str
    failure: str
    parked_at: datetime
    tries: int


def handler(kind: str, *, slow: bool = False) -> Callable[[Handler], Handler]:
    """Declare what runs a kind of job. slow: it waits for other machines, so it has a lane of its own."""

    def declare(run: Handler) -> Handler:
        _handlers[kind] = run
        if slow:
            _slow.add(kind)
        return run

    return declare


def when_dropped(kind: str) -> Callable[[Handler], Handler]:
    """Declare what becomes of that which a job of this kind was to do, once it is thrown away."""

    def declare(run: Handler) -> Handler:
        _dropped[kind] = run
        return run

    return declare


def enqueue(kind: str, payload: dict[str, Any], run_at: datetime | None = None, *, key: str | None = None) -> None:
    """Write a job in the present transaction. key: one job of this key waits at a time, a second one is left out."""
    moment = now()
    told = {"id": new_id(), "kind": kind, "payload": payload, "run_at": run_at or moment, "set_at": moment, "tries": 0}
    if key is None:
        db.session.add(Job(**told))
    else:
        row = upsert(Job).values(**told, key=key)
        db.session.execute(row.on_conflict_do_nothing(index_elements=["key"]))


def hasten(key: str, run_at: datetime) -> bool:
    """What waits under a key runs no later than this, in the present transaction. False: nothing waits."""
    job = db.session.scalars(select(Job).where(Job.key == key).with_for_update()).first()
    if job is None:
        return False
    if run_at < job.run_at:
        job.run_at, job.set_at = run_at, now()
        db.session.flush()
    return True


def take_back(key: str) -> dict[str, Any] | None:
    """Drop what waits under a key, in the present transaction, also while it runs. Returns what it was to do."""
    job = db.session.scalars(select(Job).where(Job.key == key).with_for_update()).first()
    if job is None:
        return None
    db.session.delete(job)
    db.session.flush()
    return job.payload


def forget_about(ids: Collection[str]) -> None:
    """Drop the jobs that name one of these ids, in the present transaction: whom they were about is going."""
    for job in db.session.scalars(select(Job)):
        if any(each in ids for each in _texts(job.payload)):
            db.session.delete(job)
    db.session.flush()


def _texts(value: Any) -> Iterator[str]:
    """Every text in a payload, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)


def run_due(limit: int = 20, *, slow: bool | None = None) -> int:
    """Run what is due, one after the other; returns how many jobs ended well. slow: only one of the two lanes."""
    done = 0
    for _turn in range(limit):
        leased = _lease(slow)
        if leased is None:
            break
        done += _run_one(*leased)
    _last_run[:] = [now()]
    metrics.JOBS_RAN.set(_last_run[0].timestamp())
    return done


def last_run() -> datetime | None:
    """When this process last looked for due jobs."""
    return _last_run[0] if _last_run else None


def note_run() -> None:
    """Where several processes serve: let the others know when due jobs were last looked for."""
    if _last_run:
        row = {"name": NOTE, "due_at": _last_run[0], "ran_at": _last_run[0]}
        with transaction():
            db.session.execute(upsert(ClockJob).values(**row).on_conflict_do_update(index_elements=["name"], set_=row))


def noted_run() -> datetime | None:
    """When any process last looked for due jobs, as far as was noted."""
    return db.session.scalar(select(ClockJob.ran_at).where(ClockJob.name == NOTE))


def _due(moment: datetime, slow: bool | None) -> Any:
    query = select(Job).where(
        Job.parked_at.is_(None),
        Job.run_at <= moment,
        or_(Job.leased_until.is_(None), Job.leased_until < moment, Job.leased_until > moment + LEASE + SLACK),
    )
    if slow is None:
        return query
    return query.where(Job.kind.in_(_slow) if slow else Job.kind.not_in(_slow))


def _lease(slow: bool | None = None) -> tuple[str, str, dict[str, Any]] | None:
    """Take the job that has waited longest. One at a time: what a dead worker held waits for the end of its lease."""
    # A look first, without the write lane: most of the time nothing is due.
    found = db.session.scalars(_due(now(), slow).limit(1)).first()
    db.session.rollback()
    if found is None:
        return None
    with transaction():
        oldest = _due(now(), slow).order_by(Job.run_at, Job.set_at, Job.id).limit(1).with_for_update(skip_locked=True)
        job = db.session.scalars(oldest).first()
        if job is None:
            return None
        job.leased_until = now() + LEASE
        job.tries += 1
        return job.id, job.kind, job.payload


def _run_one(job_id: str, kind: str, payload: dict[str, Any]) -> int:
    try:
        _handlers[kind](payload)
    except GiveUp as error:
        log.error("job_parked", kind=kind, error=str(error))
        _put_off(job_id, str(error), for_good=True)
        return 0
    except Exception as error:  # a job that fails must not stop the others
        log.error("job_failed", kind=kind, error=type(error).__name__)
        _put_off(job_id, type(error).__name__)
        return 0
    with transaction():
        job = db.session.get(Job, job_id)
        if job is not None:
            db.session.delete(job)
    return 1


def _put_off(job_id: str, failure: str, *, for_good: bool = False) -> None:
    with transaction():
        job = db.session.get(Job, job_id)
        if job is None:
            return
        job.leased_until, job.failure, job.set_at = None, failure[:MAX_FAILURE], now()
        if for_good or job.tries >= MAX_TRIES:
            # Its key is free again: what is parked must not keep a new one from being made.
            job.parked_at, job.key = now(), None
        else:
            job.run_at = now() + timedelta(seconds=5 * 4 ** min(job.tries, 6))


@every("core:jobs_in_time", minutes=2)
def after_a_jump_back() -> None:
    """A clock that was put back leaves jobs in the future: each waits as long as it was meant to, from now on."""
    with transaction():
        moment = now()
        for job in db.session.scalars(select(Job).where(Job.set_at > moment + SLACK)):
            job.run_at -= (job.set_at or moment) - moment
            job.set_at = moment


@every("core:lost_workers", minutes=2)
def park_what_kills() -> None:
    """A job that took its worker with it time after time is parked too."""
    with transaction():
        lost = select(Job).where(Job.parked_at.is_(None), Job.tries >= MAX_TRIES, Job.leased_until < now())
        for job in db.session.scalars(lost):
            job.parked_at, job.failure, job.leased_until, job.key = now(), "WorkerLost", None, None


def parked() -> list[Parked]:
    """What was given up, the newest first."""
    rows = db.session.scalars(select(Job).where(Job.parked_at.is_not(None)).order_by(Job.parked_at.desc(), Job.id))
    return [Parked(job.id, job.kind, job.failure or "", job.parked_at or job.run_at, job.tries) for job in rows]


def retry(job_id: str) -> None:
    """Try a parked job again, from the beginning. Raises NotFound."""
    with transaction():
        job = _parked(job_id)
        job.parked_at, job.failure, job.tries = None, None, 0
        job.run_at = job.set_at = now()


def drop(job_id: str) -> None:
    """Throw a parked job away. Raises NotFound."""
    with transaction():
        job = _parked(job_id)
        if job.kind in _dropped:
            _dropped[job.kind](job.payload)
        db.session.delete(job)


def _parked(job_id: str) -> Job:
    job = db.session.get(Job, job_id)
    if job is None or job.parked_at is None:
        raise NotFound()
    return job

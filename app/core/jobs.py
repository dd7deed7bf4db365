"""The clock's door: jobs written in the transaction that wants them, run once due, under a lease.

A job that fails is tried again, later and later, at most eight times. A job whose worker died is taken over when
its lease ends, so a handler must bear to run twice.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import or_, select

from app.core.clock import now
from app.core.db import db, transaction
from app.core.ids import new_id
from app.core.models import Job

LEASE = timedelta(minutes=2)
MAX_TRIES = 8

log = structlog.get_logger()
_handlers: dict[str, Callable[[dict[str, Any]], None]] = {}
_last_run: list[datetime] = []


def handler(kind: str) -> Callable[[Callable[[dict[str, Any]], None]], Callable[[dict[str, Any]], None]]:
    """Declare what runs a kind of job."""

    def declare(run: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
        _handlers[kind] = run
        return run

    return declare


def enqueue(kind: str, payload: dict[str, Any], run_at: datetime | None = None) -> None:
    """Write a job in the present transaction."""
    db.session.add(Job(id=new_id(), kind=kind, payload=payload, run_at=run_at or now(), tries=0))


def run_due(limit: int = 20) -> int:
    """Run what is due, one after the other; returns how many jobs ended well."""
    done = 0
    for _turn in range(limit):
        leased = _lease()
        if leased is None:
            break
        done += _run_one(*leased)
    _last_run[:] = [now()]
    return done


def last_run() -> datetime | None:
    """When this process last looked for due jobs."""
    return _last_run[0] if _last_run else None


def _due(moment: datetime) -> Any:
    return select(Job).where(Job.run_at <= moment, or_(Job.leased_until.is_(None), Job.leased_until < moment))


def _lease() -> tuple[str, str, dict[str, Any]] | None:
    """Take the job that has waited longest. One at a time: what a dead worker held waits for the end of its lease."""
    # A look first, without the write lane: most of the time nothing is due.
    found = db.session.scalars(_due(now()).limit(1)).first()
    db.session.rollback()
    if found is None:
        return None
    with transaction():
        job = db.session.scalars(_due(now()).order_by(Job.run_at).limit(1).with_for_update(skip_locked=True)).first()
        if job is None:
            return None
        job.leased_until = now() + LEASE
        job.tries += 1
        return job.id, job.kind, job.payload


def _run_one(job_id: str, kind: str, payload: dict[str, Any]) -> int:
    try:
        _handlers[kind](payload)
    except Exception as error:  # a job that fails must not stop the others
        log.error("job_failed", kind=kind, error=type(error).__name__)
        _put_off(job_id)
        return 0
    with transaction():
        job = db.session.get(Job, job_id)
        if job is not None:
            db.session.delete(job)
    return 1


def _put_off(job_id: str) -> None:
    with transaction():
        job = db.session.get(Job, job_id)
        if job is None:
            return
        if job.tries >= MAX_TRIES:
            db.session.delete(job)
            return
        job.leased_until = None
        job.run_at = now() + timedelta(seconds=5 * 4 ** min(job.tries, 6))

"""What comes back by the clock: one row for each, one runner at a time among all processes, by a lease.

A run that was missed is made once, not made up for; a run that fails is made again when it is next due. The clock of
the machine may jump: a moment that lies further ahead than it ever can does not count.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select

from app.core.clock import now
from app.core.db import db, transaction, upsert
from app.core.models import ClockJob

LEASE = timedelta(minutes=5)
# By how much the clocks of two machines may differ before it is a jump.
SLACK = timedelta(minutes=1)
# Whose last run ``/readyz`` tells: see ``app.messaging.canary``.
CANARY = "canary:sing"

log = structlog.get_logger()


@dataclass(frozen=True)
class Recurring:
    """What is run, and how often; next_at: at which moment after a run the next one is due, if not after the period."""

    period: timedelta
    run: Callable[[], None]
    next_at: Callable[[datetime], datetime] | None = None

    def due_after(self, moment: datetime) -> datetime:
        return self.next_at(moment) if self.next_at else moment + self.period


@dataclass(frozen=True)
class ClockState:
    """For the desk. ran_at: when it last ended well. failure: on what it failed since. late: it should have run."""

    name: str
    ran_at: datetime | None
    failure: str | None
    late: bool


_recurring: dict[str, Recurring] = {}


def every(
    name: str, *, minutes: int, next_at: Callable[[datetime], datetime] | None = None
) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Declare what comes back by the clock, as ``feature:what``. It must bear to be run twice, and too late.

    next_at: after a run, when the next one is due, within ``minutes``: for what has its hour.
    """

    def declare(run: Callable[[], None]) -> Callable[[], None]:
        _recurring[name] = Recurring(timedelta(minutes=minutes), run, next_at)
        return run

    return declare


def run_clock() -> int:
    """Run what is due; returns how many ended well."""
    rows = _rows()
    due = [name for name, known in _recurring.items() if _is_due(rows.get(name), known.period, now())]
    return sum(_run(name, _recurring[name]) for name in due if _take(name, _recurring[name].period))


def clock_state() -> list[ClockState]:
    """When each last ran, by name."""
    rows, moment = _rows(), now()
    return [_state(name, _recurring[name].period, rows.get(name), moment) for name in sorted(_recurring)]


def last_ran(name: str) -> datetime | None:
    """When one last ended well."""
    return db.session.scalar(select(ClockJob.ran_at).where(ClockJob.name == name))


def _state(name: str, period: timedelta, row: ClockJob | None, moment: datetime) -> ClockState:
    if row is None:
        return ClockState(name, None, None, late=True)
    return ClockState(name, row.ran_at, row.failure, row.due_at + max(period, LEASE) < moment)


def _rows() -> dict[str, ClockJob]:
    return {row.name: row for row in db.session.scalars(select(ClockJob).execution_options(populate_existing=True))}


def _is_due(row: ClockJob | None, period: timedelta, moment: datetime) -> bool:
    if row is None:
        return True
    held = row.leased_until is not None and moment < row.leased_until <= moment + LEASE + SLACK
    return not held and not moment < row.due_at <= moment + period + SLACK


def _take(name: str, period: timedelta) -> bool:
    """Lease it, unless somebody else did a moment ago."""
    with transaction():
        first = upsert(ClockJob).values(name=name, due_at=now())
        db.session.execute(first.on_conflict_do_nothing(index_elements=["name"]))
        one = select(ClockJob).where(ClockJob.name == name).execution_options(populate_existing=True)
        row = db.session.scalars(one.with_for_update()).one()
        if not _is_due(row, period, now()):
            return False
        row.leased_until = now() + LEASE
        return True


def _run(name: str, known: Recurring) -> int:
    try:
        known.run()
    except Exception as error:  # one that fails must not stop the others
        db.session.rollback()
        log.error("clock_job_failed", name=name, error=type(error).__name__)
        _end(name, known, type(error).__name__)
        return 0
    _end(name, known, None)
    return 1


def _end(name: str, known: Recurring, failure: str | None) -> None:
    with transaction():
        row = db.session.get(ClockJob, name)
        if row is None:  # the house was emptied, or a backup put back, meanwhile: the next look makes it anew
            return
        row.leased_until, row.due_at, row.failure = None, known.due_after(now()), failure
        if failure is None:
            row.ran_at = now()

"""How long each thing is kept: one register, of which the nightly purge and the words on the pages are both made.

A table either has a rule (``rule`` or ``by_key``), or a reason why no clock ends it (``stays``); a test fails for one
that has neither. What is old is deleted in slices, each a transaction of its own: nobody waits long for the write lane,
and a purge that is killed half-way goes on where it stopped.
"""

import time
from calendar import monthrange
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, func, select

from app.core.clock import now
from app.core.db import db, transaction, truncate_journal

SLICE = 200
# Between two slices the others write.
BREATH = 0.005


@dataclass(frozen=True)
class Lasting:
    """A time that things are kept: so many months, or so many days."""

    months: int = 0
    days: int = 0

    def before(self, moment: datetime) -> datetime:
        """What lies before this was kept long enough."""
        return _months_from(moment, -self.months) - timedelta(days=self.days)

    def after(self, moment: datetime) -> datetime:
        """When what came at this moment has been kept long enough."""
        return _months_from(moment, self.months) + timedelta(days=self.days)


def _months_from(moment: datetime, months: int) -> datetime:
    """The same day of another month, or its last one."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


@dataclass(frozen=True)
class Rule:
    """What ends by the clock. count: how many are too old at a moment; purge: deletes some of them, says how many."""

    name: str
    tables: tuple[str, ...]
    lasts: Lasting
    count: Callable[[datetime], int]
    purge: Callable[[datetime], int]


_rules: dict[str, Rule] = {}
_stays: dict[str, str] = {}


def rule(
    name: str,
    tables: Sequence[str],
    lasts: Lasting,
    count: Callable[[datetime], int],
    purge: Callable[[datetime], int],
) -> None:
    """Declare what ends by the clock, as ``feature:what``. Rules run in the order in which features are opened."""
    _rules[name] = Rule(name, tuple(tables), lasts, count, purge)


def by_key(
    name: str,
    tables: Sequence[str],
    lasts: Lasting,
    key: Any,
    old: Callable[[datetime], Select[Any]],
    drop: Callable[[Sequence[Any]], object] | None = None,
    some: Callable[[datetime], Select[Any]] | None = None,
    at_once: int = SLICE,
) -> None:
    """As ``rule``, for rows that one column names. old: the keys of those kept too long; drop: instead of a delete.

    It is asked twice: a look without the write lane, then in the transaction that deletes. some: a narrower question
    that finds some of them without reading a large table from end to end. at_once: how many in one transaction.
    """
    look = some or old

    def purge(moment: datetime) -> int:
        found = db.session.scalars(look(moment).limit(at_once)).all()
        db.session.rollback()
        if not found:
            return 0
        with transaction():
            still = db.session.scalars(old(moment).where(key.in_(found))).all()
            if drop is not None:
                drop(still)
            else:
                db.session.execute(delete(key.class_).where(key.in_(still)))
        return len(still)

    def count(moment: datetime) -> int:
        return int(db.session.scalar(select(func.count()).select_from(old(moment).subquery())) or 0)

    rule(name, tables, lasts, count, purge)


def stays(tables: Sequence[str] | str, why: str) -> None:
    """Declare tables that no clock ends, and why."""
    for table in (tables,) if isinstance(tables, str) else tables:
        _stays[table] = why


def rules() -> list[Rule]:
    return list(_rules.values())


def rule_named(name: str) -> Rule:
    return _rules[name]


def rules_of(table: str) -> list[Rule]:
    """By which rules rows of a table end."""
    return [each for each in _rules.values() if table in each.tables]


def reasons() -> dict[str, str]:
    """Why no clock ends a table."""
    return dict(_stays)


def run(only: Collection[str] = (), *, seconds: float | None = None) -> Iterator[tuple[str, int]]:
    """Delete what is too old; says of each rule how much went. seconds: after so long the rest waits for the next run.

    One moment for all: what is old at the beginning is what goes.
    """
    moment, end = now(), time.monotonic() + seconds if seconds else None
    for each in rules():
        if not only or each.name in only:
            yield each.name, _all_of(each, moment, end)


def _all_of(each: Rule, moment: datetime, end: float | None) -> int:
    gone = 0
    while end is None or time.monotonic() < end:
        part = each.purge(moment)
        if not part:
            break
        gone += part
        time.sleep(BREATH)
    return gone


def look() -> Iterator[tuple[str, int]]:
    """As ``run``, but nothing is deleted: how much would go."""
    moment = now()
    for each in rules():
        yield each.name, each.count(moment)
    db.session.rollback()


def leave_no_bytes() -> bool:
    """After a purge: what was overwritten leaves the files too. False when a reader was in the way."""
    return truncate_journal()

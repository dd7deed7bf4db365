"""The long poll: who waits for a change of a club, in this process, without holding a connection.

``live.push_here`` wakes at once those of this process. For the changes of other processes one query a second reads the
heads of all clubs that are waited for, whatever the number of those who wait: the first to look looks for all, and
``live.look`` does where several processes serve.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import Row, select

from app.clubs.models import Club
from app.core.db import db

LOOK_SECONDS = 1.0


class Waiter:
    """One request that waits for a club to move beyond ``head``."""

    def __init__(self, club_id: str) -> None:
        self.club_id = club_id
        self.head = 0
        self._moved = threading.Event()

    def wake(self) -> None:
        self._moved.set()

    def wait(self, seconds: float) -> None:
        """Until the club moves, or the time is over. The session must have been given back."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            if self._moved.wait(min(LOOK_SECONDS, left)):
                return
            _look()


_waiters: dict[str, set[Waiter]] = defaultdict(set)
_looking = threading.Lock()
_looked_at: list[float] = [0.0]


@contextmanager
def waiting_for(club_id: str) -> Iterator[Waiter]:
    """Be woken by what happens from here on: enter before reading, so that nothing falls between."""
    waiter = Waiter(club_id)
    _waiters[club_id].add(waiter)
    try:
        yield waiter
    finally:
        _waiters[club_id].discard(waiter)
        if not _waiters[club_id]:
            _waiters.pop(club_id, None)


def wake(club_id: str) -> None:
    """Something was committed in a club."""
    for waiter in list(_waiters.get(club_id, ())):
        waiter.wake()


def _look() -> None:
    """Read the heads once for everybody, at most once a second; others go on waiting meanwhile."""
    if time.monotonic() - _looked_at[0] < LOOK_SECONDS or not _looking.acquire(blocking=False):
        return
    try:
        _looked_at[0] = time.monotonic()
        heads = db.session.execute(select(Club.id, Club.seq).where(Club.id.in_(list(_waiters)))).all()
        db.session.remove()
        looked(heads)
    finally:
        _looking.release()


def waited_for() -> set[str]:
    """The clubs that somebody waits for here."""
    return set(_waiters)


def looked(heads: Iterable[Row[str, int]]) -> None:
    """The heads have just been read: wake those whose club has moved; nobody need look for a second."""
    _looked_at[0] = time.monotonic()
    for club_id, head in heads:
        for waiter in list(_waiters.get(club_id, ())):
            if head > waiter.head:
                waiter.wake()


def wake_all() -> None:
    """This process ends: let everybody be answered."""
    for club_id in list(_waiters):
        wake(club_id)

"""SQLite's write lane: one writer at a time, in the order in which they came; who waits shares the next commit.

A commit waits for the disk. It does so off the loop, so that others come to the lane meanwhile; they then write one
after the other into one transaction, and the last of them commits for all. Nobody is told before that.
"""

import threading

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.core.errors import Unavailable
from app.core.offload import offload
from app.core.turns import Turns

MOST_IN_GROUP = 64


class Group:
    """Transactions that share one commit. The first one's session holds the connection; the others have a savepoint."""

    def __init__(self, session: Session) -> None:
        self.session, self.connection = session, session.connection()
        self.members = 0
        self._driver = self.connection.connection.dbapi_connection
        self._ended = threading.Event()
        self._failure: BaseException | None = None
        self._undone_by: BaseException | None = None

    @property
    def stands(self) -> bool:
        """SQLite undoes a whole transaction by itself when the disk is full or fails."""
        return bool(self._driver is not None and self._driver.in_transaction)

    def failed(self, failure: BaseException) -> None:
        """One of its members: if the whole fell with it, the others are told what the database said, nothing else."""
        if not self.stands and isinstance(failure, OperationalError):
            self._undone_by = self._undone_by or failure

    def commit(self) -> None:
        """For all of its members. What goes wrong is theirs to raise, each for itself."""
        try:
            if not self.stands:
                raise self._undone_by or Unavailable()
            offload(self._to_disk, own_thread=True)
            self.session.commit()
        except BaseException as failure:
            self._failure = failure
            self.session.rollback()
        finally:
            self._ended.set()

    def _to_disk(self) -> None:
        assert self._driver is not None
        try:
            self._driver.execute("COMMIT")
        except Exception as error:  # as it would be named had SQLAlchemy said it
            raise OperationalError("COMMIT", None, error) from error

    def wait(self) -> None:
        """Until it is on the disk. Raises what went wrong."""
        self._ended.wait()
        if self._failure is not None:
            raise self._failure


class Lane:
    """Whose turn it is. ``group``: what has been written in the present turn and those before it, not committed yet."""

    def __init__(self) -> None:
        self.group: Group | None = None
        self._turns = Turns(1)

    def take(self, patience: float) -> bool:
        """Wait for one's turn; False when patience ends first."""
        return self._turns.take(patience, self.end_turn)

    def end_turn(self) -> None:
        """Hand on to who waits; with nobody there, or enough in the group, commit what it holds first."""
        group = self.group
        if group is not None and group.stands and group.members < MOST_IN_GROUP and self._turns.hand_on():
            return
        try:
            self.settle()
        finally:  # whatever breaks, the next one has their turn
            self._turns.end()

    def settle(self) -> None:
        """In one's turn: commit what others have written."""
        group, self.group = self.group, None
        if group is not None and group.members:
            group.commit()

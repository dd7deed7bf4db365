"""A process that posts as a serving one does, many at a time, until it is killed; and the one that gives birth to it.

``python -m tests.support.mortal URL INSTANCE`` reads one task a line (``Task`` as JSON), forks, and says ``over`` once
what it forked has ended. In between the fork tells each post as soon as it is answered. Patched for gevent as the
server is: posts wait for the lane, and share commits.
"""

import json
import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from app.config import ROOT

AT_ONCE = 16
UNDONE = "undone"  # what is posted with this text fails after it was written
KILL = ("told", "written", "committing")


@dataclass
class Task:
    """posts: account, client_id and text of each. dies: by which of KILL, and the how manieth of it; nothing: it lives.

    told: somebody was answered. written: a post stands in a transaction that is not committed. committing: a commit
    begins, or, of several that share one, has reached the disk.
    """

    thread: str
    posts: list[tuple[str, str, str]]
    dies: tuple[str, int] | None = None


@dataclass
class Ended:
    """What a task has told: the answered posts by client_id, as number in the log, id and whether it was new."""

    answered: dict[str, tuple[int, str, bool]] = field(default_factory=dict)
    undone: int = 0
    commits: int = 0
    killed: bool = False


class Mother:
    def __init__(self, url: str, instance: object, settings: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.mortal", url, str(instance)],
            cwd=ROOT,
            env={**os.environ, **settings},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, task: Task) -> Ended:
        """Have a task done until it ends or dies."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(asdict(task)) + "\n")
        self.process.stdin.flush()
        ended = Ended()
        for line in self.process.stdout:
            what, *told = json.loads(line)
            if what == "told":
                client_id, seq, message_id, created = told
                ended.answered[client_id] = (seq, message_id, created)
            elif what == "over":
                ended.killed = told == [-signal.SIGKILL]
                assert ended.killed or told == [0], told
                return ended
            else:
                setattr(ended, what, getattr(ended, what) + 1)
        raise AssertionError("nobody is there to give birth")


@contextmanager
def mother(url: str, instance: object, **settings: str) -> Iterator[Mother]:
    born = Mother(url, instance, settings)
    try:
        yield born
    finally:
        assert born.process.stdin
        born.process.stdin.close()
        born.process.wait(30)


def _say(*told: Any) -> None:
    """One line, in one piece: what was said before a kill is said."""
    os.write(1, (json.dumps(told) + "\n").encode())


class Fate:
    """Dies at the right moment, as by ``kill -9``."""

    def __init__(self, dies: tuple[str, int] | None) -> None:
        self.by, self.left = dies or ("", 0)

    def reach(self, what: str) -> None:
        if what == self.by:
            self.left -= 1
            if not self.left:
                os.kill(os.getpid(), signal.SIGKILL)


def _live(app: Any, task: Task) -> None:
    import gevent
    from sqlalchemy import event

    from app.core.db import db

    fate, waiting = Fate(task.dies), deque(task.posts)

    def commits(connection: Any) -> None:
        if connection.get_execution_options().get("pepiniere_write"):
            _say("commits")
            fate.reach("committing")

    with app.app_context():
        event.listen(db.engine, "commit", commits)

    def write() -> None:
        while waiting:
            with app.app_context():
                _post(task.thread, *waiting.popleft(), fate.reach)

    gevent.joinall([gevent.spawn(write) for _ in range(AT_ONCE)], raise_error=True)


def _post(thread: str, account: str, client_id: str, body: str, reach: Callable[[str], None]) -> None:
    from app.core.actor import Actor
    from app.core.db import db, transaction
    from app.messaging.actions import Draft, post_message

    try:
        with transaction():
            posted = post_message(Actor(account, "session:x"), thread, Draft(client_id, body))
            reach("written")
            if body == UNDONE:
                raise KeyError
        _say("told", client_id, posted.message.seq, posted.message.id, posted.created)
        reach("told")
    except KeyError:
        _say("undone")
    finally:
        db.session.remove()


def main() -> None:
    from tests.support import warm  # noqa: F401
    from tests.support.application import make_app
    from tests.support.databases import close

    url, instance = sys.argv[1:]
    app = make_app(url, INSTANCE_DIR=instance, LIMIT_FACTOR="100000")
    close(app)
    for line in iter(sys.stdin.readline, ""):
        child = os.fork()
        if not child:
            told = json.loads(line)
            _live(app, Task(told["thread"], told["posts"], told["dies"]))
            os._exit(0)
        _say("over", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


if __name__ == "__main__":
    from gevent import monkey

    monkey.patch_all()
    main()

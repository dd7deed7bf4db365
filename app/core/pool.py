"""PostgreSQL's connections: waited for on the loop, and asked whether they live only where that is in doubt.

By itself the driver makes a poll object and a timer under gevent for every answer that it waits for; and a pool that
asks each connection before it is used goes one more way to the server for every statement that stands alone.
"""

import time
from typing import Any

import psycopg
from gevent import get_hub, monkey
from gevent.hub import Waiter
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import InvalidatePoolError

# A server that goes takes longer than that to come back; whoever meets it at that very moment hears of it.
RESTED_SECONDS = 1.0
DOUBT_SECONDS = 60.0


class Line(psycopg.Connection[Any]):
    """A connection that waits by one watcher of the loop; whoever is cut while waiting leaves it to the pool."""

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        hub = get_hub()
        try:
            wanted = next(gen)
            while True:
                watcher = hub.loop.io(self.pgconn.socket, int(wanted))
                waiter = Waiter(hub)
                watcher.start(waiter.switch, pass_events=True)
                try:
                    ready = waiter.get()
                finally:
                    watcher.stop()
                    watcher.close()
                wanted = gen.send(ready)
        except StopIteration as done:
            return done.value


class Care:
    """Of one engine: which connections are asked before they are used."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.doubted = float("-inf")
        event.listen(engine, "do_connect", self._connect)
        event.listen(engine, "checkin", self._rests)
        event.listen(engine, "checkout", self._is_taken)
        event.listen(engine, "invalidate", self._is_lost)

    def _connect(self, _dialect: Any, _record: Any, told: Any, named: Any) -> Any:
        """On the loop, where there is one."""
        return Line.connect(*told, **named) if monkey.is_module_patched("select") else None

    def _rests(self, _connection: Any, record: Any) -> None:
        record.info["since"] = time.monotonic()

    def _is_taken(self, connection: Any, record: Any, _fairy: Any) -> None:
        moment = time.monotonic()
        since = record.info.get("since", moment)
        doubtful = moment - since > RESTED_SECONDS or moment - self.doubted < DOUBT_SECONDS
        if "since" in record.info and doubtful and not self.engine.dialect._do_ping_w_event(connection):
            raise InvalidatePoolError()

    def _is_lost(self, _connection: Any, _record: Any, _error: Any) -> None:
        self.doubted = time.monotonic()

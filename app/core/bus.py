"""Nudges between the processes of a house, through Redis: "look, this club has moved".

What is true stands in the database; a nudge only makes it heard sooner. While Redis is away nudges are lost, and each
process finds by itself, within two seconds, what they would have said. They carry ids and numbers, never content nor a
name, and nothing of them is kept. Without REDIS_URL there is one process, and nobody to nudge.
"""

import json
import random
import threading
from collections.abc import Callable, Iterator
from typing import Any

import structlog
from flask import Flask, current_app

from app.core.db import db
from app.core.ids import new_id
from app.core.sealed import keyed_hash

# Beyond it a nudge is dropped: whoever is that far behind looks by itself.
MOST_WAITING = 10_000
AT_ONCE = 200
SILENT_SECONDS = 2.0
LONGEST_PAUSE = 15.0

log = structlog.get_logger()
Payload = dict[str, str | int]
Handler = Callable[[Payload], None]
_handlers: dict[str, Handler] = {}


def on(topic: str) -> Callable[[Handler], Handler]:
    """Declare what a process does when another one nudges it. It must bear to be called twice, too late, or never."""

    def declare(handler: Handler) -> Handler:
        _handlers[topic] = handler
        return handler

    return declare


def nudge(topic: str, payload: Payload) -> None:
    """Tell the other processes, once what it is about is committed. Never waits, never fails."""
    bus: Bus | None = current_app.extensions.get("bus")
    if bus is not None:
        bus.send(topic, payload)


def connected() -> bool:
    """Do the processes hear each other at this moment?"""
    bus: Bus | None = current_app.extensions.get("bus")
    return bus is not None and bus.up


def start(app: Flask, url: str) -> "Bus":
    """Nudge and be nudged, from now on."""
    with app.app_context():
        bus = app.extensions["bus"] = Bus(app, url, f"pepiniere:{keyed_hash('bus', 'channel')[:32]}")
    bus.start()
    return bus


def client_of(url: str, seconds: float) -> Any:
    """A connection that waits no longer than so many seconds, and does not try again by itself."""
    import redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    return redis.Redis.from_url(
        url, socket_timeout=seconds, socket_connect_timeout=seconds, retry=Retry(NoBackoff(), 0), decode_responses=True
    )


def pauses(first: float = 0.1, longest: float = LONGEST_PAUSE) -> Iterator[float]:
    """Seconds to wait before the next try: longer and longer, with some chance in it."""
    while True:
        yield random.uniform(first / 2, first)
        first = min(longest, first * 2)


class Bus:
    """One process on the channel of its house. ``up``: it hears the others."""

    def __init__(self, app: Flask, url: str, channel: str) -> None:
        self.app, self.url, self.channel = app, url, channel
        self.me = new_id()
        self.up = False
        self._changed = threading.Condition()
        self._ended = threading.Event()
        self._said_away = False
        # Both by what is said: a nudge that waits already is not added a second time.
        self._out: dict[str, None] = {}
        self._in: dict[str, None] = {}
        self._to_send, self._to_hear = threading.Event(), threading.Event()

    def start(self) -> None:
        for work in (self._send_all, self._listen, self._hear_all):
            threading.Thread(target=work, name=f"bus {work.__name__}", daemon=True).start()

    def stop(self) -> None:
        """End; a nudge on its way may still be heard."""
        self._ended.set()
        self._to_send.set()
        self._to_hear.set()

    def send(self, topic: str, payload: Payload) -> None:
        if self.up and len(self._out) < MOST_WAITING:
            self._out[json.dumps([self.me, topic, payload], sort_keys=True)] = None
            self._to_send.set()

    def _send_all(self) -> None:
        client = client_of(self.url, SILENT_SECONDS)
        while not self._ended.is_set():
            self._to_send.wait()
            self._to_send.clear()
            while batch := list(self._out)[:AT_ONCE]:
                for said in batch:
                    self._out.pop(said, None)
                self._publish(client, batch)

    def _publish(self, client: Any, batch: list[str]) -> None:
        from redis.exceptions import RedisError

        try:
            with client.pipeline(transaction=False) as pipe:
                for said in batch:
                    pipe.publish(self.channel, said)
                pipe.execute()
        except (RedisError, OSError):  # the listener finds out by itself, and says so
            self._out.clear()

    def _listen(self) -> None:
        waits = pauses()
        while not self._ended.is_set():
            client = client_of(self.url, SILENT_SECONDS)
            try:
                self._follow(client)
            except Exception as error:  # also what the driver cannot read: who listens no more would hear nothing
                waits = pauses() if self.up else waits
                self._is_away(type(error).__name__)
            finally:
                client.close()
            self._ended.wait(next(waits))

    def _follow(self, client: Any) -> None:
        """Hear what comes until the line breaks, or is silent for too long; then it raises."""
        with client.pubsub() as line:
            line.subscribe(self.channel)
            asked = False
            while not self._ended.is_set():
                said = line.get_message(timeout=SILENT_SECONDS)
                if said is None and asked:
                    raise TimeoutError
                asked = said is None
                if said is None:
                    line.ping()
                elif said["type"] == "subscribe":
                    self._is_back()
                elif said["type"] == "message" and len(self._in) < MOST_WAITING:
                    self._in[str(said["data"])] = None
                    self._to_hear.set()

    def _is_back(self) -> None:
        self._become(True)
        if self._said_away:
            self._said_away = False
            log.info("redis_back")

    def _is_away(self, error: str) -> None:
        self._become(False)
        if not self._said_away:
            self._said_away = True
            log.warning("redis_away", error=error)

    def _become(self, up: bool) -> None:
        with self._changed:
            self.up = up
            self._changed.notify_all()

    def wait_for(self, up: bool, seconds: float) -> bool:
        """Wait until it hears the others, or no longer does; did that happen?"""
        with self._changed:
            return self._changed.wait_for(lambda: self.up is up, seconds)

    def _hear_all(self) -> None:
        while not self._ended.is_set():
            self._to_hear.wait()
            self._to_hear.clear()
            while self._in:
                # Taken out before it is read: what comes meanwhile is heard again.
                said = next(iter(self._in))
                del self._in[said]
                self._hear(said)

    def _hear(self, said: str) -> None:
        try:
            sender, topic, payload = json.loads(said)
            handler = _handlers.get(topic) if sender != self.me else None
        except (ValueError, TypeError, RecursionError):  # it is not from us
            return
        if handler is None:
            return
        # A context of its own each time: one kept open would give one person's identity to the next.
        with self.app.app_context():
            try:
                handler(payload)
            except Exception as error:
                log.error("nudge_failed", topic=topic, error=type(error).__name__)
            finally:
                db.session.remove()

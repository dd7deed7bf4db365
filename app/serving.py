"""One process that serves, or runs the jobs: alone, or one of several under ``app.supervisor``.

A process that retires takes no new connection, sends its sockets away one after the other (they come back to the
others), lets every request end, and goes.
"""

import gc
import json
import os
import random
import resource
import signal
import socket
import time
from argparse import Namespace
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import gevent
import gevent.event
import structlog
from flask import Flask
from gevent import monkey
from gevent.pywsgi import WSGIServer
from sqlalchemy.exc import SQLAlchemyError

from app import create_app
from app.accounts.entrance import sender_of
from app.clubs import waiting
from app.clubs.live import look, pulse
from app.config import SettingError, Settings, listening
from app.control import Control
from app.core import bus, jobs, metrics, realtime
from app.core.db import db, dispose, sqlite_fault
from app.messaging.canary.jobs import begin as begin_canary
from app.prepare import prepare
from app.web.bodies import most_at
from app.web.patience import Handler, WholeBody
from app.web.sockets import being_answered, sweep

log = structlog.get_logger()
BACKLOG = 1024
MOST_FILES = 65_536
STOP_SECONDS = 3.5
# How long a retiring process lets its sockets leave, its idle connections ask once more, its requests end.
SPREAD_SECONDS, IDLE_SECONDS, LINGER_SECONDS = 3.0, 15.0, 40.0
Work = tuple[float, Callable[[], object]]
_ending = gevent.event.Event()


def serve(settings: Settings, asked: Namespace) -> int:
    """Serve until somebody asks to end; how that went, as a process says it. Raises SettingError."""
    _keep_traces_out_of_the_log()
    _allow_open_files()
    if settings.redis_url and (fault := sqlite_fault(settings.database_url)):
        raise SettingError("DATABASE_URL", fault)
    app = create_app(settings)
    control = _control(asked.control)
    told = ""
    try:
        if asked.prepare:
            prepare(app, settings)
        if control is None or asked.first:
            told = _announcement(app, settings)
    except SQLAlchemyError as error:
        why = "cannot be used. Is it there, and up to date (flask --app app db upgrade)?"
        raise SettingError("DATABASE_URL", f"{why} ({type(error).__name__})") from error
    if control is not None:
        control.say(f"prepared {json.dumps(told)}")
        if control.expect("go") is None:
            return 0
    _join_the_others(app, settings)
    if control is None and settings.admin_port:
        with listening("ADMIN_PORT", settings.admin_host, settings.admin_port):
            metrics.serve(settings.admin_host, settings.admin_port)
    server = _server(app, settings, asked.listen)
    # What stands now stands until the end: looked through again and again for what could go, it would hold the loop.
    gc.collect()
    gc.freeze()
    with listening("PORT", settings.host, settings.port):
        server.start()
    if control is None:
        print(told, flush=True)
    else:
        control.say("ready")
    if settings.canary:
        begin_canary()
    background = start_background(app, _of_a_server(settings))
    delay = _until_the_end(control)
    if delay is not None:
        _retire(server, delay)
    _stop(server, background)
    _close_database(app)
    return 0


def _allow_open_files() -> None:
    """A member who listens holds two files; until a process asks for more, most systems let it have a thousand."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def run_jobs(settings: Settings, control_fd: int | None) -> int:
    """Run due jobs and what comes back by the clock, until somebody asks to end."""
    _keep_traces_out_of_the_log()
    app = create_app(settings)
    control = _control(control_fd)
    _join_the_others(app, settings)
    if settings.canary:
        begin_canary()
    background = start_background(app, _of_the_clock(settings))
    if control is not None:
        control.say("ready")
    retires = _until_the_end(control) is not None
    _ending.set()
    if retires:
        gevent.joinall(background, timeout=LINGER_SECONDS)
    _give_up_after(STOP_SECONDS)
    gevent.killall(background, timeout=STOP_SECONDS / 2)
    _close_database(app)
    return 0


def _control(fd: int | None) -> Control | None:
    return None if fd is None else Control(socket.socket(fileno=fd))


def _join_the_others(app: Flask, settings: Settings) -> None:
    """A house whose Redis is away starts too: it is waited for a moment only."""
    if settings.redis_url:
        bus.start(app, settings.redis_url).wait_for(True, 1.0)


def _server(app: Flask, settings: Settings, fd: int | None) -> WSGIServer:
    whole = WholeBody(app, int(app.config["MAX_CONTENT_LENGTH"]), partial(most_at, app), partial(sender_of, app))
    # One of several takes one connection at a time, so that the others get theirs.
    environ = {"wsgi.multiprocess": fd is not None}
    known = {"handler_class": Handler, "log": None, "error_log": None, "environ": environ}
    if fd is not None:
        return WSGIServer(socket.socket(fileno=fd), whole, **known)
    return WSGIServer((settings.host, settings.port), whole, backlog=BACKLOG, **known)


def _until_the_end(control: Control | None) -> float | None:
    """Wait for the end; in how many seconds sockets are to be sent away, or None when all must end at once."""
    stopped = gevent.event.AsyncResult()
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, stopped.set, None)
    if control is not None:

        def obey() -> None:
            delay = control.expect("retire")
            stopped.set(None if delay is None else float(delay))

        gevent.spawn(obey)
    delay: float | None = stopped.get()
    return delay


def _keep_traces_out_of_the_log() -> None:
    """gevent would print what a greenlet failed on: addresses, and what people wrote."""

    def say(_context: object, kind: type[BaseException], _value: object, _trace: object) -> None:
        log.error("greenlet_failed", error=kind.__name__)

    gevent.get_hub().print_exception = say


def start_background(app: Flask, works: list[Work]) -> list[gevent.Greenlet]:
    """What is done again and again in this process."""
    return [gevent.spawn(_every, app, seconds, work) for seconds, work in works]


def _of_a_server(settings: Settings) -> list[Work]:
    works: list[Work] = [
        (1.0, realtime.poll_revocations),
        (1.0, realtime.end_what_is_over),
        (5.0, sweep),
        (float(realtime.PULSE_SECONDS), pulse),
    ]
    if settings.redis_url:
        works.append((1.0, look))
    return works if settings.workers > 1 else works + _of_the_clock(settings)


def _of_the_clock(settings: Settings) -> list[Work]:
    works: list[Work] = [(1.0, quick_jobs), (1.0, slow_jobs), (5.0, jobs.run_clock)]
    return [*works, (5.0, jobs.note_run)] if settings.redis_url else works


def quick_jobs() -> None:
    """What waits for nobody."""
    jobs.run_due(slow=False)


def slow_jobs() -> None:
    """What waits for other machines (mails): it must not hold the rest."""
    jobs.run_due(slow=True)


def _every(app: Flask, seconds: float, work: Callable[[], object]) -> None:
    while not _ending.is_set():
        # A context of its own each time: one kept open would give one person's identity to the next.
        with app.app_context():
            try:
                work()
            except Exception as error:
                if _ending.is_set():  # cut in the middle of a read: its lease brings it back
                    return
                log.error("background_failed", work=work.__name__, error=type(error).__name__)
            finally:
                db.session.remove()
        _ending.wait(seconds)


def _announcement(app: Flask, settings: Settings) -> str:
    from app.demo.load import announcement

    with app.app_context():
        return announcement(settings)


def _retire(server: WSGIServer, delay: float) -> None:
    """Leave the house to the others, in the middle of everything: nobody loses what they asked."""
    server.close()
    Handler.leaving = True
    waiting.wake_all()
    gevent.sleep(delay)
    began = time.monotonic()
    for held in realtime.connections():
        gevent.spawn_later(random.uniform(0, SPREAD_SECONDS), _send_away, held.sid)
    while (passed := time.monotonic() - began) < LINGER_SECONDS:
        busy = any(each.busy for each in list(Handler.here))
        if not Handler.here or (passed > IDLE_SECONDS and not busy):
            return
        if passed > SPREAD_SECONDS + 1:  # who has come in by a connection that was open
            for held in realtime.connections():
                _send_away(held.sid)
            waiting.wake_all()
        gevent.sleep(0.05)


def _send_away(sid: str) -> None:
    deadline = time.monotonic() + STOP_SECONDS
    while sid in being_answered and time.monotonic() < deadline:
        gevent.sleep(0.01)
    with suppress(KeyError):
        realtime.send_away(sid)


def _give_up_after(seconds: float) -> None:
    """A thread of its own, so that nothing the loop is busy with can keep the process. What is committed is on disk."""
    sleep, start = monkey.get_original("time", "sleep"), monkey.get_original("_thread", "start_new_thread")

    def watch() -> None:
        sleep(seconds)
        os._exit(0)

    start(watch, ())


def _stop(server: WSGIServer, background: list[gevent.Greenlet]) -> None:
    """Gone within five seconds: no new connection, sockets told and closed, the rest cut."""
    _give_up_after(STOP_SECONDS)
    _ending.set()
    server.close()
    # What is under way ends by itself if it can: cut in the middle of a statement, a job would say that it failed.
    gevent.joinall(background, timeout=1)
    gevent.killall(background, block=False)
    with gevent.Timeout(1, False):
        for held in realtime.connections():
            realtime.close(held.sid)
        gevent.idle()
    server.stop(timeout=0.5)


def _close_database(app: Flask) -> None:
    """SQLite folds its journal into the file when the last connection closes."""
    with app.app_context():
        dispose()

"""Several processes serve one house: this one holds the port, starts them, and starts again what dies.

It imports nothing of the house, so it runs on while the code on disk is exchanged: SIGHUP starts new processes from
that code, waits until they are ready, then lets the old ones retire one after the other. All listen on one socket that
stays open here: a connection waits in it for whoever takes it, whatever dies.
"""

import json
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

import gevent
import gevent.event
import structlog
from gevent import subprocess

from app.config import ROOT, Settings, listening
from app.control import Control
from app.core.log import write_from

log = structlog.get_logger()
BACKLOG = 1024
# Ended by SIGTERM: within five seconds, with what a process needs itself.
STOP_SECONDS = 4.2
READY_SECONDS = 120.0
# Between two processes that retire, so that not all sockets come back at once.
APART_SECONDS = 4.0
FIRST_PAUSE, LONGEST_PAUSE, STEADY_SECONDS = 0.5, 30.0, 60.0
JOBS = "jobs"
# Where prometheus-client looks for the folder in which several processes count.
COUNTED = "PROMETHEUS_MULTIPROC_DIR"


def supervise(settings: Settings, *, prepare: bool) -> int:
    """Serve with several processes until somebody asks to end. Raises SettingError."""
    # Named by somebody else, it would be counted in and taken away at the end.
    os.environ.pop(COUNTED, None)
    write_from(settings.log_level)
    try:
        if settings.admin_port:
            _serve_metrics(settings)
        listener = _listen(settings.host, settings.port)
        return Supervisor(listener, settings.workers, prepare).run()
    finally:
        shutil.rmtree(os.environ.get(COUNTED, ""), ignore_errors=True)


def _serve_metrics(settings: Settings) -> None:
    """The sums of all processes, which write in a folder of this run."""
    os.environ[COUNTED] = tempfile.mkdtemp(prefix="pepiniere-counted-")
    # Not before the folder is named: on that it depends where each process counts.
    from app.core import metrics

    with listening("ADMIN_PORT", settings.admin_host, settings.admin_port):
        metrics.serve(settings.admin_host, settings.admin_port)


def _no_more_counted(pid: int) -> None:
    if COUNTED in os.environ:
        from app.core import metrics

        metrics.forget_process(pid)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with listening("PORT", host, port):
        return socket.create_server((host, port), family=family, backlog=BACKLOG)


@dataclass(eq=False)
class Child:
    """One process, and what is said with it."""

    place: str
    process: subprocess.Popen
    control: Control
    since: float = field(default_factory=time.monotonic)


def _end(children: Iterable[Child]) -> None:
    for child in children:
        child.process.terminate()


class Supervisor:
    """``places``: who serves now, by place, and the one for the jobs. ``children``: with those that come and go."""

    def __init__(self, listener: socket.socket, workers: int, prepare: bool) -> None:
        self.listener, self.prepare = listener, prepare
        self.names = [str(number) for number in range(1, workers + 1)]
        self.places: dict[str, Child] = {}
        self.children: set[Child] = set()
        self.pauses: dict[str, float] = {}
        self.stopped = gevent.event.Event()
        self.renewing = True

    def run(self) -> int:
        for number in (signal.SIGTERM, signal.SIGINT):
            gevent.signal_handler(number, self.stopped.set)
        gevent.signal_handler(signal.SIGHUP, self.renew)
        code = gevent.event.AsyncResult()
        starting = gevent.spawn(self._start)
        starting.link_value(lambda done: done.value and code.set(done.value))
        starting.link_exception(lambda _done: code.set(1))
        gevent.spawn(lambda: self.stopped.wait() and code.set(0))
        ended: int = code.get()
        self._stop()
        return ended

    def _start(self) -> int:
        """Start all; 0, or what the process said that could not."""
        fresh = self._fresh("--first")
        told = self._make_ready(fresh)
        if told is None:
            return next((code for code in (each.process.poll() for each in fresh) if code), 1)
        print(told, flush=True)
        self._take_places(fresh)
        self._start_at(JOBS)
        self.renewing = False
        return 0

    def _fresh(self, *asked: str) -> list[Child]:
        """One process for each place, not yet serving. The first prepares the house for all of them.

        Raises OSError when the machine has no room for so many; then none of them stays.
        """
        first = [*asked, *(["--prepare"] if self.prepare else [])]
        fresh: list[Child] = []
        try:
            for name in self.names:
                fresh.append(self._spawn(name, *(() if fresh else first)))
        except OSError:
            _end(fresh)
            raise
        return fresh

    def _make_ready(self, fresh: list[Child]) -> str | None:
        """Let them serve once the house is prepared; what is to be announced, or None when one could not."""
        told = fresh[0].control.expect("prepared")
        if told is None:
            fresh[0].process.wait(READY_SECONDS)
            return None
        for each in fresh:
            each.control.say("go")
        if any(each.control.expect("ready", READY_SECONDS) is None for each in fresh):
            return None
        announcement: str = json.loads(told)
        return announcement

    def _take_places(self, fresh: list[Child]) -> None:
        for each in fresh:
            self.places[each.place] = each

    def _spawn(self, place: str, *asked: str) -> Child:
        ours, theirs = socket.socketpair()
        passed = [theirs.fileno()]
        command = [sys.executable, "-m", "app.server", "--control", str(theirs.fileno()), *asked]
        if place == JOBS:
            command.append("--jobs")
        else:
            passed.append(self.listener.fileno())
            command += ["--listen", str(self.listener.fileno())]
        process = subprocess.Popen(command, cwd=ROOT, pass_fds=passed)
        theirs.close()
        child = Child(place, process, Control(ours))
        self.children.add(child)
        gevent.spawn(self._watch, child)
        return child

    def _start_at(self, place: str) -> None:
        child = self._spawn(place)
        child.control.say("go")
        self._take_places([child])

    def _watch(self, child: Child) -> None:
        """Start again what has died, later and later if it dies young."""
        code = child.process.wait()
        child.control.close()
        self.children.discard(child)
        _no_more_counted(child.process.pid)
        if self.stopped.is_set() or self.places.get(child.place) is not child:
            return
        young = time.monotonic() - child.since < STEADY_SECONDS
        pause = min(LONGEST_PAUSE, self.pauses.get(child.place, 0.0) * 2 or FIRST_PAUSE) if young else FIRST_PAUSE
        self.pauses[child.place] = pause
        log.error("worker_died", place=child.place, code=code, again_in=pause)
        gevent.sleep(pause)
        if not self.stopped.is_set() and self.places.get(child.place) is child:
            self._start_at(child.place)

    def renew(self) -> None:
        """Go over to the code on disk, with nobody noticing. If that does not start, the old one stays."""
        if self.renewing:
            return
        self.renewing = True
        gevent.spawn(self._renew)

    def _renew(self) -> None:
        try:
            self._go_over()
        except OSError as error:
            log.error("renewal_failed", error=type(error).__name__)
        finally:
            self.renewing = False

    def _go_over(self) -> None:
        began, fresh = time.monotonic(), self._fresh()
        if self._make_ready(fresh) is None:
            log.error("renewal_failed", codes=[each.process.poll() for each in fresh])
            _end(fresh)
        else:
            old = [self.places[name] for name in self.names]
            self._take_places(fresh)
            for number, each in enumerate(old):
                each.control.say(f"retire {number * APART_SECONDS}")
            jobs = self.places[JOBS]
            self._start_at(JOBS)
            jobs.control.say("retire 0")
            log.info("renewed", seconds=round(time.monotonic() - began, 1))

    def _stop(self) -> None:
        """Everyone is asked to end; who does not is cut."""
        self.stopped.set()
        self.listener.close()
        here = list(self.children)
        _end(here)
        gevent.joinall([gevent.spawn(child.process.wait) for child in here], timeout=STOP_SECONDS)
        for child in here:
            if child.process.poll() is None:
                child.process.kill()

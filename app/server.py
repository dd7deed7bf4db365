"""The server: gevent, patched before anything else is imported.

``python -m app.server`` serves; with ``--prepare`` it migrates first, and fills the demo house of an empty database.
"""

from gevent import monkey

monkey.patch_all()

import os  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
from collections.abc import Callable  # noqa: E402

import gevent  # noqa: E402
import gevent.event  # noqa: E402
import structlog  # noqa: E402
from flask import Flask  # noqa: E402
from gevent.pywsgi import WSGIServer  # noqa: E402
from sqlalchemy.exc import SQLAlchemyError  # noqa: E402

from app import create_app  # noqa: E402
from app.clubs.live import pulse  # noqa: E402
from app.config import SettingError, Settings, load_settings  # noqa: E402
from app.core import jobs, realtime  # noqa: E402
from app.core.db import db, dispose  # noqa: E402
from app.prepare import prepare  # noqa: E402
from app.web.patience import Handler, WholeBody  # noqa: E402
from app.web.sockets import sweep  # noqa: E402

log = structlog.get_logger()
BACKLOG = 1024
STOP_SECONDS = 3.5


def main() -> int:
    try:
        settings = load_settings()
    except SettingError as error:
        print(f"pepiniere: {error}", file=sys.stderr)
        return 2
    _keep_traces_out_of_the_log()
    app = create_app(settings)
    try:
        if "--prepare" in sys.argv[1:]:
            prepare(app, settings)
        told = _announcement(app, settings)
    except SQLAlchemyError as error:
        why = "cannot be used. Is it there, and up to date (flask --app app db upgrade)?"
        print(f"pepiniere: DATABASE_URL: {why} ({type(error).__name__})", file=sys.stderr)
        return 2
    whole = WholeBody(app, int(app.config["MAX_CONTENT_LENGTH"]))
    server = WSGIServer(
        (settings.host, settings.port), whole, handler_class=Handler, log=None, error_log=None, backlog=BACKLOG
    )
    server.start()
    print(told, flush=True)
    background = start_background(app)
    stopped = gevent.event.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, stopped.set)
    stopped.wait()
    _stop(server, background)
    _close_database(app)
    return 0


def _keep_traces_out_of_the_log() -> None:
    """gevent would print what a greenlet failed on: addresses, and what people wrote."""

    def say(_context: object, kind: type[BaseException], _value: object, _trace: object) -> None:
        log.error("greenlet_failed", error=kind.__name__)

    gevent.get_hub().print_exception = say


def start_background(app: Flask) -> list[gevent.Greenlet]:
    """What the clock does in this process."""
    return [
        gevent.spawn(_every, app, 1.0, realtime.poll_revocations),
        gevent.spawn(_every, app, 1.0, jobs.run_due),
        gevent.spawn(_every, app, 5.0, sweep),
        gevent.spawn(_every, app, float(realtime.PULSE_SECONDS), pulse),
    ]


def _every(app: Flask, seconds: float, work: Callable[[], object]) -> None:
    while True:
        # A context of its own each time: one kept open would give one person's identity to the next.
        with app.app_context():
            try:
                work()
            except Exception as error:
                log.error("background_failed", work=work.__name__, error=type(error).__name__)
            finally:
                db.session.remove()
        gevent.sleep(seconds)


def _announcement(app: Flask, settings: Settings) -> str:
    from app.demo.load import announcement

    with app.app_context():
        return announcement(settings)


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
    server.close()
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


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # Taking a large program apart lasts seconds on a busy machine, and there is nothing left to save.
    os._exit(code)

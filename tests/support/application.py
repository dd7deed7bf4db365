"""The application under test, made by the same factory as in real life."""

import itertools
import os
from pathlib import Path

from flask import Flask
from jinja2 import FileSystemBytecodeCache

from app import create_app
from app.config import load_settings
from app.core.limits import Limiter
from tests.support.run import folder

SECRET = "a secret that only the tests know"
_numbers = itertools.count()


def new_instance() -> Path:
    """A folder of its own for one installation."""
    path = folder() / f"instance-{os.getpid()}-{next(_numbers)}"
    path.mkdir()
    return path


def make_app(database_url: str, **settings: object) -> Flask:
    """The application on a database, with any setting by its name."""
    environ = {"SECRET_KEY": SECRET, "DATABASE_URL": database_url, "LOG_LEVEL": "error"}
    environ |= {name: str(value) for name, value in settings.items()}
    app = create_app(load_settings(environ, Path(environ.get("INSTANCE_DIR") or new_instance())))
    app.testing = False  # errors must become the pages that people see
    # A template is compiled once for the run, not once for each application.
    compiled = folder() / "templates"
    compiled.mkdir(exist_ok=True)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(compiled))
    return app


def forget(app: Flask) -> None:
    """Bring back what a process remembers between requests."""
    from app.clubs import live
    from app.core import realtime

    app.extensions["limiter"] = Limiter()
    live._heads.clear()
    for kept in (realtime._connections, realtime._rooms, realtime._held):
        kept.clear()
    realtime._seen_revocations.clear()

"""A migrated database in an instant: Alembic runs once for each engine, the rest are copies."""

import itertools
import os
import shutil
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import inspect, text

from tests.support import postgres
from tests.support.run import folder, once

ENGINES = ("sqlite", "postgresql")
_numbers = itertools.count()


def new_database(engine: str) -> str:
    """The address of a new database with every migration applied and no row."""
    name = f"t{os.getpid()}_{next(_numbers)}"
    if engine == "postgresql":
        return postgres.create_database(name, _postgres_template())
    copy = folder() / f"{name}.sqlite3"
    shutil.copyfile(_sqlite_template(), copy)
    return f"sqlite:///{copy}"


def empty_database(engine: str) -> str:
    """The address of a new database without any table."""
    name = f"e{os.getpid()}_{next(_numbers)}"
    if engine == "postgresql":
        return postgres.create_database(name)
    return f"sqlite:///{folder() / name}.sqlite3"


def _sqlite_template() -> Path:
    with once("template.sqlite3") as path:
        if not path.exists():
            working = folder() / "migrating.sqlite3"
            migrate(f"sqlite:///{working}")
            working.rename(path)
        return path


def _postgres_template() -> str:
    with once("template.postgres") as path:
        if not path.exists():
            migrate(postgres.create_database("pepiniere_template"))
            path.write_text("pepiniere_template")
        return path.read_text()


def migrate(url: str) -> None:
    """Apply every migration, as ``flask db upgrade`` does."""
    from tests.support.application import make_app

    app = make_app(url)
    with app.app_context():
        upgrade()
    close(app)


def close(app: Flask) -> None:
    """Close the pool; SQLite then folds its journal into the file."""
    from app.core.db import db

    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def empty(app: Flask, *, keep: str = "") -> None:
    """Delete every row of every table (but one)."""
    from app.core.db import db

    with app.app_context(), db.engine.connect() as connection:
        names = [name for name in inspect(connection).get_table_names() if name not in ("alembic_version", keep)]
        if connection.dialect.name == "sqlite":
            connection.execute(text("PRAGMA defer_foreign_keys = ON"))
            for name in names:
                connection.execute(text(f'DELETE FROM "{name}"'))
        else:
            quoted = ", ".join(f'"{name}"' for name in names)
            connection.execute(text(f"TRUNCATE {quoted} RESTART IDENTITY CASCADE"))
        connection.commit()


def rest(app: Flask) -> None:
    """Leave no transaction open behind a test."""
    from app.core.db import db

    with app.app_context():
        db.session.remove()

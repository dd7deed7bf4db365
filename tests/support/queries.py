"""Hear and count what the database is asked."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event

from app.core import questions
from app.core.db import db


class Queries(list[str]):
    """The statements of a block, without BEGIN and the like."""


@contextmanager
def heard(app: Flask, note: Callable[[str, Any], None]) -> Iterator[None]:
    """Call ``note(statement, values)`` for everything that the database is asked."""

    def hear(_connection: object, _cursor: object, statement: str, values: Any, *_rest: object) -> None:
        note(statement, values)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", hear)
    questions.heard.append(note)
    try:
        yield
    finally:
        questions.heard.remove(note)
        event.remove(engine, "before_cursor_execute", hear)


@contextmanager
def counted(app: Flask) -> Iterator[Queries]:
    """``with counted(app) as queries: …; assert len(queries) == 3``"""
    seen = Queries()

    def note(statement: str, _values: object) -> None:
        if not statement.upper().startswith(("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")):
            seen.append(statement)

    with heard(app, note):
        yield seen

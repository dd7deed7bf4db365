"""Count what the database is asked."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event

from app.core.db import db


class Queries(list[str]):
    """The statements of a block, without BEGIN and the like."""


@contextmanager
def counted(app: Flask) -> Iterator[Queries]:
    """``with counted(app) as queries: …; assert len(queries) == 3``"""
    seen = Queries()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.upper().startswith(("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)

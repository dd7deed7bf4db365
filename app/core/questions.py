"""Reads that every event and every page ask: compiled once, then given to the driver as they are.

SQLite answers who a credential speaks for in ten microseconds; by way of a session the same question costs fifty times
that. So a question holds no session, no snapshot and no connection once it is answered. Inside ``transaction()`` it is
asked on the connection of that transaction, in the moment of what is done there.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select
from sqlalchemy.engine import Dialect

from app.core.db import begins_by_itself, db, in_transaction

Row = tuple[Any, ...]
# Who wants to hear what the driver is asked: called with the statement and its values.
heard: list[Callable[[str, Any], None]] = []


class Question:
    """A SELECT of columns with bound values; without lists of them, which change the statement."""

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self.statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def first(self, **asked: Any) -> Row | None:
        """The first row."""
        rows = self.all(**asked)
        return rows[0] if rows else None

    def all(self, **asked: Any) -> list[Row]:
        """Every row. Raises what SQLAlchemy says of a fault."""
        engine = db.engine
        compiled = self._compiled.get(engine.dialect.name)
        if compiled is None:
            compiled = self._compiled[engine.dialect.name] = _Compiled(self.statement, engine.dialect)
        if in_transaction():
            return self._inside(compiled, asked)
        try:
            held = engine.raw_connection()
        except engine.dialect.loaded_dbapi.Error:
            return self._by_session(asked)
        try:
            return compiled.rows(held.driver_connection, asked)
        except engine.dialect.loaded_dbapi.Error:
            held.invalidate()
        except BaseException:
            held.invalidate()
            raise
        finally:
            held.close()
        # Once more the ordinary way, which knows every fault by its name.
        return self._by_session(asked)

    def _inside(self, compiled: "_Compiled", asked: dict[str, Any]) -> list[Row]:
        """On the connection of the present transaction, with what it has written so far."""
        db.session.flush()
        held = db.session.connection().connection
        try:
            return compiled.rows(held.driver_connection, asked, alone=False)
        except db.engine.dialect.loaded_dbapi.Error:
            return self._by_session(asked)

    def _by_session(self, asked: dict[str, Any]) -> list[Row]:
        return [tuple(row) for row in db.session.execute(self.statement, asked)]


class _Compiled:
    """A statement in the words of one engine, with what turns values into its own, and columns back."""

    def __init__(self, statement: Select[*tuple[Any, ...]], dialect: Dialect) -> None:
        self._compiled: Any = statement.compile(dialect=dialect)
        self._sql = str(self._compiled)
        self._begins = begins_by_itself(dialect.name)
        self._into = {
            name: turn
            for name, bound in self._compiled.binds.items()
            if (turn := bound.type.dialect_impl(dialect).bind_processor(dialect))
        }
        self._back = [
            (place, turn)
            for place, column in enumerate(statement.selected_columns)
            if (turn := column.type.dialect_impl(dialect).result_processor(dialect, None))
        ]

    def rows(self, connection: Any, asked: dict[str, Any], *, alone: bool = True) -> list[Row]:
        values = self._compiled.construct_params(asked)
        for name, turn in self._into.items():
            values[name] = turn(values[name])
        order = self._compiled.positiontup
        given = values if order is None else tuple(values[name] for name in order)
        for hear in heard:
            hear(self._sql, given)
        # One statement sees one moment by itself: a transaction around it would be two more ways to the server.
        alone = alone and self._begins
        if alone:
            connection.autocommit = True
        found: list[Row] = connection.execute(self._sql, given).fetchall()
        if alone:
            connection.autocommit = False
        return [self._shown(row) for row in found] if self._back else found

    def _shown(self, row: Row) -> Row:
        told = list(row)
        for place, turn in self._back:
            told[place] = turn(told[place])
        return tuple(told)

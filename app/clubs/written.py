"""The statements that write a club's log: Core, not the unit of work, and built once, as each change needs them."""

from typing import Any

from sqlalchemy import Integer, Select, bindparam, insert, select, update

from app.core.db import Base

CLUBS, ROWS = (Base.metadata.tables[name] for name in ("club", "change"))
TAKE = (
    update(CLUBS)
    .where(CLUBS.c.id == bindparam("which"))
    .values(seq=CLUBS.c.seq + bindparam("many", type_=Integer))
    .returning(CLUBS.c.seq)
)
WRITE_ROW = insert(ROWS)
# For what is written with it: the number that was taken, as ``TAKEN.c.seq``.
TAKEN = TAKE.cte("taken")
LOGGED = {"kind": "kind", "subject": "subject_id", "at": "at"}


def filled(table: Any, names: tuple[str, ...], *numbers: str) -> Any:
    """What fills a row of a table: bound values (see ``given``), and the number that was taken in these columns."""
    values = [bindparam(f"its_{name}", type_=table.c[name].type) for name in names]
    return [*names, *numbers], select(*values, *(TAKEN.c.seq.label(name) for name in numbers))


def given(values: dict[str, Any]) -> dict[str, Any]:
    """Values for ``filled``. By a column's own name a value would also be set in the tables written beside."""
    return {f"its_{name}": value for name, value in values.items()}


def together(*writes: Any) -> Select[int]:
    """PostgreSQL: the number is taken, the log's row is written and these INSERTs, in one way to the server."""
    row = select(
        bindparam("which", type_=ROWS.c.club_id.type),
        TAKEN.c.seq,
        *(bindparam(f"log_{name}", type_=ROWS.c[column].type) for name, column in LOGGED.items()),
    )
    logged = insert(ROWS).from_select(["club_id", "seq", *LOGGED.values()], row)
    each = [write.cte(f"write_{place}") for place, write in enumerate((logged, *writes))]
    statement: Select[int] = select(TAKEN.c.seq).add_cte(*each)
    return statement

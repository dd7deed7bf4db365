"""What each feature holds of a person. A test checks that every table with a person's key is declared here.

Erasing and exporting come with a later step; the declaration stands now, so that no table escapes it.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Holding:
    """One table that holds something of a person: through which column, and why."""

    table: str
    column: str
    why: str


_holdings: dict[tuple[str, str], Holding] = {}


def declare(table: str, column: str, why: str) -> None:
    """Say that ``table.column`` leads to an account or a membership."""
    _holdings[table, column] = Holding(table, column, why)


def holdings() -> list[Holding]:
    return list(_holdings.values())

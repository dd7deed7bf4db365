"""What each feature holds of a person. A test checks that every table with a person's key is declared here.

Rows that hang on the account by ``ON DELETE CASCADE`` go with it; what needs more (content, files, names, queues) says
how it is exported and erased.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

# What stands where a text was that its author took along, if something must stand there.
ERASED = "…"

Export = Callable[[str], Any]
Erase = Callable[[str], None]


@dataclass(frozen=True)
class Holding:
    """One table that holds something of a person: through which column, and why.

    exports: what the person takes away of it, as JSON, from the id of their account; a chapter of its own says more,
    see ``take_away``. erases: removes it, in the present transaction, at once: what a club may see goes at that club's
    moment instead, see ``app.clubs.partings``.
    """

    table: str
    column: str
    why: str
    exports: Export | None = None
    erases: Erase | None = None


_holdings: dict[tuple[str, str], Holding] = {}


def declare(table: str, column: str, why: str, *, exports: Export | None = None, erases: Erase | None = None) -> None:
    """Say that ``table.column`` leads to an account or a membership."""
    _holdings[table, column] = Holding(table, column, why, exports, erases)


def holdings() -> list[Holding]:
    return list(_holdings.values())


Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Chapter:
    """What a person takes away of one thing: a file of its own, and a part of the page that they read.

    name: the file's, in everyday words. title: of the part. rows: from the id of their account, plain values and
    moments by their names, each name with its words in ``app.accounts.leaving.words``. covers: the holdings, as
    (table, column), that it gives back. attached: files beside, as (name, bytes).
    """

    name: str
    title: Any
    rows: Callable[[str], Rows]
    covers: tuple[tuple[str, str], ...]
    attached: Callable[[str], Iterator[tuple[str, bytes]]] | None = None


_chapters: dict[str, Chapter] = {}
_kept_back: dict[tuple[str, str], str] = {}


def take_away(
    name: str,
    title: Any,
    rows: Callable[[str], Rows],
    *covers: tuple[str, str],
    attached: Callable[[str], Iterator[tuple[str, bytes]]] | None = None,
) -> None:
    """Put a chapter into what every person may take away. See ``Chapter``."""
    _chapters[name] = Chapter(name, title, rows, covers, attached)


def keep_back(table: str, column: str, why: str) -> None:
    """Say why a holding is not among what a person takes away."""
    _kept_back[table, column] = why


def chapters() -> list[Chapter]:
    """In the order in which the floors declared them, from the account upwards; then what is given with a holding."""
    covered = {each for chapter in _chapters.values() for each in chapter.covers}
    alone = [each for each in holdings() if each.exports is not None and (each.table, each.column) not in covered]
    return [*_chapters.values(), *map(_chapter_of, alone)]


def _chapter_of(holding: Holding) -> Chapter:
    """What a holding gives by itself, as rows: one, some, or none."""

    def rows(account_id: str) -> Rows:
        found = holding.exports(account_id) if holding.exports else None
        return found if isinstance(found, list) else [found] if found else []

    covers = ((holding.table, holding.column),)
    return Chapter(holding.table.replace("_", "-"), _l("Gardé aussi"), rows, covers)


def kept_back() -> dict[tuple[str, str], str]:
    return dict(_kept_back)


def erase_holdings(account_id: str) -> None:
    """What features erase of a person beyond what goes with the row of their account, in the present transaction."""
    for each in holdings():
        if each.erases is not None:
            each.erases(account_id)

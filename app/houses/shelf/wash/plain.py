"""Values without a word in them: numbers, names, and lists of those."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from pikepdf import Array, Dictionary, Name, Object

from app.houses.shelf.wash.kinds import Refused

DEEPEST = 5


def plain(value: Any, deep: int = 0) -> Any:
    """A copy that belongs to no file. Raises Refused for what is no plain value."""
    if value is None or isinstance(value, bool | int | float | Decimal):
        return value
    if isinstance(value, Object):
        if isinstance(value, Name):
            return Name(str(value))
        if isinstance(value, Array) and deep < DEEPEST:
            return Array([plain(each, deep + 1) for each in value])
    raise Refused("rare")


def keep(source: Any, made: Any, keys: Iterable[str]) -> None:
    """These keys of one dictionary (or stream) in another, where they are there and plain."""
    for key in keys:
        if key in source:
            made[key] = plain(source[key])


def kept(source: Any, keys: str) -> Dictionary:
    """A dictionary of these keys, where they are there and plain."""
    made = Dictionary()
    keep(source, made, keys.split())
    return made

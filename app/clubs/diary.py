"""What the floors above know of a club's meetings and this one shows. They fill it; empty, nothing is said."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.clubs.models import Club

Public = dict[str, list[dict[str, Any]]]


def _none(_clubs: Sequence[Club]) -> Public:
    return {}


@dataclass
class Diary:
    """public: coming meetings that are open to all, by club id, soonest first, as the JSON door says them."""

    public: Callable[[Sequence[Club]], Public] = _none
    next_public: Callable[[Sequence[Club]], dict[str, datetime]] = lambda clubs: {}


diary = Diary()

"""From what age one decides alone to give data to a service, in the country of a house. No birth date is asked."""

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from app.houses.models import House

FILE = Path(__file__).resolve().parent.parent / "data" / "ages.toml"


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def age_in(country: str) -> int:
    """The age for a country; where none is known, the one that holds unless a law says otherwise."""
    data = _data()
    return int(data["country"].get(country, {}).get("age", data["default"]))


def ages_of(houses: Sequence[House]) -> list[tuple[str, int]]:
    """Each house with its age."""
    return [(house.name, age_in(house.country)) for house in houses]

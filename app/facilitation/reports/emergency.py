"""Who answers now, in the country of a house, from a data file with the day on which it was checked."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _l

FILE = Path(__file__).resolve().parents[2] / "data" / "emergency.toml"
WORDS: dict[str, Any] = {
    "europe": _l("Urgence, partout en Europe"),
    "everything": _l("Urgence : police, médecin, pompiers"),
    "police": _l("Police"),
    "medical": _l("Médecin d’urgence"),
    "suicide": _l("Idées de suicide. Jour et nuit"),
    "talk": _l("Parler à quelqu’un. Jour et nuit"),
    "women": _l("Violences faites aux femmes"),
    "child": _l("Enfant en danger"),
    "young": _l("Enfants et jeunes"),
}


@dataclass(frozen=True)
class Helpline:
    """A number as it is read, as it is dialled, and what it is for."""

    number: str
    words: Any

    @property
    def href(self) -> str:
        return f"tel:{self.number.replace(' ', '')}"


@dataclass(frozen=True)
class Help:
    """What a country has. Without a line of its own: 112 in Europe, elsewhere nothing but words."""

    lines: list[Helpline]
    deaf: str
    checked: date | None


def help_in(country: str) -> Help:
    """Who answers now in a country."""
    told = _data().get(country)
    if isinstance(told, dict):
        return Help([_line(*each) for each in told["numbers"]], told.get("deaf", ""), told.get("checked"))
    return Help([_line("112", "europe")] if country in _data()["europe"] else [], "", None)


def countries() -> list[str]:
    """Those that have lines of their own."""
    return [key for key, value in _data().items() if isinstance(value, dict)]


def _line(number: str, kind: str) -> Helpline:
    return Helpline(number, WORDS[kind])


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))

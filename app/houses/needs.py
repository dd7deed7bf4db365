"""What people need, in everyday words: the closed list that the doors of ``/needs``, the shelf and partners share."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _l

FILE = Path(__file__).resolve().parent.parent / "data" / "needs.toml"
# A need of the file that has no words here stops the start, by its name.
LABELS = {
    "people": _l("Ne pas rester seul"),
    "job": _l("Trouver un travail"),
    "talk": _l("Me préparer à un entretien"),
    "own": _l("Créer mon activité"),
    "paper": _l("Faire reconnaître ce que je sais faire"),
    "learn": _l("Apprendre quelque chose"),
    "tongue": _l("Parler dans une autre langue"),
}


@dataclass(frozen=True)
class Need:
    """One need. words: what a club that answers it says of itself; none: every club does."""

    name: str
    label: Any
    icon: str
    words: str = ""


def _read() -> tuple[Need, ...]:
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))["need"]
    return tuple(Need(one["name"], LABELS[one["name"]], one["icon"], one.get("words", "")) for one in told)


NEEDS = _read()
BY_NAME = {need.name: need for need in NEEDS}


def need_choices() -> list[tuple[str, Any]]:
    """``[("job", "Trouver un travail"), …]``, for a form."""
    return [(need.name, need.label) for need in NEEDS]

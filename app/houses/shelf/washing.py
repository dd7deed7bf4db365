"""A file that somebody sent becomes one that holds its pages and nothing of its author: see ``wash``."""

import json
import subprocess
import sys
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Any

from flask_babel import lazy_gettext as _l

from app.config import ROOT
from app.core.errors import Invalid, Unavailable
from app.houses.shelf.wash.kinds import MOST_BYTES, kind_of

SECONDS = 20
# Each may take a gigabyte and a core for a while.
_places = BoundedSemaphore(2)

WHY = {
    "kind": _l("Ce fichier n’est ni un PDF, ni une image PNG ou JPEG. Enregistrez-le dans un de ces formats."),
    "big": _l("Ce fichier est trop gros : 2 Mo au plus."),
    "broken": _l("Ce fichier ne se lit pas jusqu’au bout. Enregistrez-le à nouveau, puis choisissez-le."),
    "locked": _l("Ce PDF est protégé par un mot de passe. Enregistrez-le sans protection, puis choisissez-le."),
    "pages": _l("Ce PDF a trop de pages : 60 au plus."),
    "heavy": _l("Ce fichier est trop lourd à lire. Choisissez moins de pages, ou une image plus petite."),
    "layers": _l(
        "Ce PDF cache des calques, que tout le monde verrait. Imprimez-le en PDF, puis choisissez ce nouveau PDF."
    ),
    "form": _l("Ce PDF est un formulaire à remplir. Imprimez-le en PDF, puis choisissez ce nouveau PDF."),
    "rare": _l(
        "Ce PDF contient quelque chose que nous ne prenons pas. Imprimez-le en PDF, puis choisissez ce nouveau PDF."
    ),
}


@dataclass(frozen=True)
class Washed:
    """A new file. kind: ``pdf``, ``png`` or ``jpeg``; pages: 1 for a picture."""

    kind: str
    pages: int
    content: bytes


class Unfit(Invalid):
    """A file that is not taken, and what to do."""

    def __init__(self, why: str) -> None:
        super().__init__(f"file_{why}", WHY[why], field="upload")


def washed(data: bytes) -> Washed:
    """The file written anew, by a process that is given the file and nothing else. Raises Unfit, Unavailable."""
    if len(data) > MOST_BYTES:
        raise Unfit("big")
    if not kind_of(data):
        raise Unfit("kind")
    if not _places.acquire(timeout=SECONDS):
        raise Unavailable()
    try:
        made = subprocess.run(
            [sys.executable, "-m", "app.houses.shelf.wash"],
            input=data, capture_output=True, cwd=ROOT, env={}, timeout=SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Unfit("heavy") from None
    finally:
        _places.release()
    head, _line, content = made.stdout.partition(b"\n")
    # Killed by a limit, it said nothing.
    told: dict[str, Any] = json.loads(head) if made.returncode == 0 else {"refused": "heavy"}
    if "refused" in told:
        raise Unfit(told["refused"])
    return Washed(told["kind"], told["pages"], content)

"""The three words of a card, out of 2,048 plain French ones: 33 bits, for five tries.

No word is one letter away from another; each is different without accents, and none is the name of a club.
"""

import functools
import secrets
import unicodedata
from pathlib import Path

from app.core.plain_text import normalized

FILE = Path(__file__).resolve().parent / "words.txt"
HOW_MANY = 3
LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"})
MAX_TYPED = 100


@functools.cache
def all_words() -> tuple[str, ...]:
    return tuple(FILE.read_text(encoding="utf-8").split())


def new_words() -> list[str]:
    """Three words, each drawn by itself."""
    return [secrets.choice(all_words()) for _ in range(HOW_MANY)]


def folded(typed: str) -> str:
    """The letters alone: accents, capitals, spaces and hyphens do not count."""
    plain = normalized(typed[:MAX_TYPED].translate(LIGATURES), "NFKD").casefold()
    return "".join(sign for sign in plain if unicodedata.category(sign).startswith("L"))

"""The code that two other people type: a word and four digits, easy to say aloud and to write on paper."""

import re
import secrets
import unicodedata
from datetime import timedelta
from functools import cache
from pathlib import Path

from flask_babel import lazy_gettext as _l

from app.core.errors import Invalid
from app.core.sealed import keyed_hash

LIFE = timedelta(days=7)
FILE = Path(__file__).resolve().parents[2] / "data" / "door_words.txt"
MOST_READ = 60
SHAPE = re.compile(r"([A-Z]{3,8})([0-9]{4})")


@cache
def _words() -> tuple[str, ...]:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    words = (_plain(line) for line in lines if line and not line.startswith("#"))
    return tuple(word for word in words if re.fullmatch("[A-Z]{4,7}", word))


def new_code() -> str:
    """``KIWI-4827``."""
    return f"{secrets.choice(_words())}-{secrets.randbelow(10_000):04d}"


def read_code(typed: str) -> str:
    """What was typed, in the shape of a code, with or without accents, capitals and its dash. Raises Invalid."""
    signs = (str(unicodedata.decimal(s, s)) for s in _plain(typed[:MOST_READ]))
    found = SHAPE.fullmatch("".join(sign for sign in signs if sign.isalnum()))
    if found is None:
        raise Invalid("code_invalid", _l("Le code est un mot et 4 chiffres. Exemple : KIWI-4827."), field="code")
    return f"{found[1]}-{found[2]}"


def code_key(code: str) -> str:
    """By which a code is found."""
    return keyed_hash("founding-code", code)


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE"))
    return "".join(sign for sign in bare if not unicodedata.combining(sign)).upper()

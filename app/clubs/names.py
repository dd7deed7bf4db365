"""The name chosen for one club: what may be one, and the key under which two names count as the same."""

import re
import unicodedata
from functools import cache
from pathlib import Path

from confusable_homoglyphs import confusables
from flask_babel import lazy_gettext as _l

from app.core.errors import Invalid

MAX_NAME = 40
MAX_KEY = 200
MAX_MARKS = 4
ROLE_WORDS = Path(__file__).resolve().parent.parent / "data" / "role_words.txt"
# Letters, digits and marks that draw nothing: two names could differ by them alone.
BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
EMOJI_STYLE = re.compile("[\ufe00-\ufe0f]")
ADDRESS = re.compile(r"[^\s@]@[^\s@]+\.[^\s@]")
# In one case or the other, i, l and 1 are drawn alike, and so are o and 0.
ALIKE = str.maketrans({"i": "l", "1": "l", "|": "l", "0": "o"})


def checked_name(given: str) -> str:
    """The name as it will be shown. Raises Invalid with ``name_invalid`` or ``name_reserved``."""
    name = EMOJI_STYLE.sub("", unicodedata.normalize("NFC", given.strip()))
    if any(_hides(sign) for sign in name):
        raise _refused("name_invalid", _l("Ce nom a un signe invisible. Écrivez-le à nouveau, sans copier."))
    name = " ".join(name.split())
    if not any(sign.isalnum() for sign in name):
        raise _refused("name_invalid", _l("Écrivez un nom : au moins une lettre ou un chiffre."))
    if len(name) > MAX_NAME:
        raise _refused("name_invalid", _l("Ce nom est trop long : 40 signes au plus."))
    if _piled(name):
        raise _refused("name_invalid", _l("Ce nom a trop d’accents sur une lettre."))
    if ADDRESS.search(name):
        raise _refused("name_invalid", _l("N’écrivez pas d’adresse e-mail : tout le club la lirait."))
    if _names_a_role(name):
        raise _refused("name_reserved", _l("Ce mot est gardé pour un rôle. Choisissez un autre nom."))
    return name


def name_key(name: str) -> str:
    """What is left when case, accents, spaces, punctuation and look-alikes are folded. Never empty for a name."""
    plain = unicodedata.normalize("NFKC", name)
    latin = "".join(_latin(sign) for sign in plain).casefold()
    kept = (s for s in unicodedata.normalize("NFKD", latin) if unicodedata.category(s)[0] in "LNM" or s == "|")
    return "".join(s for s in kept if not unicodedata.combining(s)).translate(ALIKE)[:MAX_KEY]


def _refused(code: str, detail: object) -> Invalid:
    return Invalid(code, detail, field="name")


def _hides(sign: str) -> bool:
    """Control, direction-forcing, zero-width, private and unassigned signs; line ends too."""
    kind = unicodedata.category(sign)
    return kind in ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp") or sign in BLANKS or "\U000e0000" <= sign <= "\U000e0fff"


def _piled(name: str) -> bool:
    run = 0
    for sign in unicodedata.normalize("NFD", name):
        run = run + 1 if unicodedata.combining(sign) else 0
        if run > MAX_MARKS:
            return True
    return False


def _names_a_role(name: str) -> bool:
    # Digits part words, so that "admin2" is still one; the whole catches "a d m i n".
    words = re.split(r"[\W\d_]+", unicodedata.normalize("NFKC", name))
    return not _role_keys().isdisjoint({name_key(word) for word in words if word} | {name_key(name)})


@cache
def _role_keys() -> frozenset[str]:
    words = ROLE_WORDS.read_text(encoding="utf-8").split("\n")
    return frozenset(name_key(word) for word in words if word.strip())


def _latin(sign: str) -> str:
    """The Latin letter that this sign is drawn like, in its own case or else in the other."""
    if sign.isascii():
        return sign
    drawn = _drawn_like()
    return drawn.get(sign) or drawn.get(sign.swapcase()) or sign


@cache
def _drawn_like() -> dict[str, str]:
    found: dict[str, str] = {}
    for sign, others in confusables.confusables_data.items():
        if len(sign) != 1 or sign.isascii():
            continue
        for other in others:
            bare = "".join(s for s in unicodedata.normalize("NFKD", other["c"]) if not unicodedata.combining(s))
            if bare.isascii() and bare.isalnum():
                found[sign] = bare
                break
    return found

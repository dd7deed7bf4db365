"""The name chosen for one club: what may be one, and the key under which two names count as the same."""

import re
import unicodedata
from functools import cache
from itertools import pairwise
from pathlib import Path

from confusable_homoglyphs import confusables
from flask_babel import lazy_gettext as _l

from app.core.errors import Invalid
from app.core.plain_text import normalized

MAX_NAME = 40
MOST_READ = 400
MAX_KEY = 200
MAX_MARKS = 4
ROLE_WORDS = Path(__file__).resolve().parent.parent / "data" / "role_words.txt"
# Letters, digits and marks that draw nothing: two names could differ by them alone.
BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
EMOJI_STYLE = re.compile("[\ufe00-\ufe0f]")
ADDRESS = re.compile(r"[^\s@]@[^\s@]+\.[^\s@]")
# In one case or the other, i, l and 1 are drawn alike, and so are o and 0.
ALIKE = str.maketrans({"i": "l", "1": "l", "|": "l", "0": "o"})
# Side by side, these are read as one letter. Not "cl" for "d": Clara and Dara are two ordinary names.
PAIRS = (("rn", "m"), ("vv", "w"))
# Forms of one letter in Arabic and Persian, and the stroke that only makes a word longer.
ARABIC = str.maketrans({"ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ۀ": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه", "\u0640": ""})
# Letters by their names: small capitals, letters with a stroke or a hook, letters as pictures.
LETTER = re.compile(
    r"(?:LATIN|LATIN SMALL|LATIN CAPITAL|REGIONAL INDICATOR SYMBOL|NEGATIVE \w+ LATIN CAPITAL) LETTER "
    r"(?:SMALL CAPITAL )?([A-Z])(?: WITH .+)?"
)
PICTURES = range(0x1F100, 0x1F200)
# Digits and signs that stand for a letter in a word: "4dmin".
LEET = str.maketrans("4@3€5$710|", "aaeesstioi")
# What the page calls the reader; as a part of a name these are ordinary.
SELF = ("vous", "moi", "you", "usted", "yo", "eu", "você", "أنت", "أنا")
# Writings that go together in one word; any two others in one word are there to deceive.
EAST = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "KATAKANA-HIRAGANA"})
WORD = re.compile(r"[^\W\d_]+")
# A role spelled in pieces is found from this length on, and inside another word from that one: else "D. R." and
# Guardiola would be none.
LEAST_IN_PIECES, LEAST_INSIDE = 4, 8


def checked_name(given: str) -> str:
    """The name as it will be shown. Raises Invalid with ``name_invalid`` or ``name_reserved``."""
    name = EMOJI_STYLE.sub("", normalized(given.strip()[:MOST_READ]))
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
    if _mixes(name):
        raise _refused("name_invalid", _l("Un mot de ce nom mélange deux écritures. Écrivez-le avec une seule."))
    return name


def name_key(name: str) -> str:
    """What is left when case, accents, spaces, punctuation and look-alikes are folded. Never empty for a name."""
    latin = "".join(_latin(sign) for sign in _bare(name).translate(ARABIC))
    kept = (s for s in _bare(latin.casefold()) if unicodedata.category(s)[0] in "LNM" or s == "|")
    key = "".join(kept).translate(ALIKE)
    for pair, letter in PAIRS:
        key = key.replace(pair, letter)
    return key[:MAX_KEY]


def _bare(text: str) -> str:
    """Without accents, in the plainest form of each sign; a digit of any script is one of ours."""
    signs = (s for s in normalized(text, "NFKD") if not unicodedata.combining(s))
    return "".join(str(unicodedata.decimal(s, s)) for s in signs)


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
    bare = _bare(name)
    return name_key(name) in _self_keys() or any(
        _holds_a_role(WORD.findall(_parted(s))) for s in (bare, bare.translate(LEET))
    )


def _parted(bare: str) -> str:
    """Words that were run together, apart: "ChefDuClub"."""
    return "".join(f" {s}" if s.isupper() and before.islower() else s for before, s in pairwise(f" {bare}"))


def _holds_a_role(words: list[str]) -> bool:
    keys, roles = [name_key(word) for word in words], _role_keys()
    pieces = ("".join(keys[i:j]) for i in range(len(keys)) for j in range(i + 2, len(keys) + 1))
    if not roles.isdisjoint(keys) or any(len(run) >= LEAST_IN_PIECES and run in roles for run in pieces):
        return True
    whole = "".join(keys)
    return any(role in whole for role in roles if len(role) >= LEAST_INSIDE)


def _mixes(name: str) -> bool:
    """Does a word take its letters from two writings? "Bruпo" has one that is not Latin."""
    return any(len(_writings(word)) > 1 for word in WORD.findall(_bare(name)))


def _writings(word: str) -> set[str]:
    letters = (s for s in word if unicodedata.category(s) in ("Lu", "Ll", "Lt", "Lo"))
    return {"EAST" if (kind := unicodedata.name(s, "?").split()[0]) in EAST else kind for s in letters}


@cache
def _self_keys() -> frozenset[str]:
    return frozenset(name_key(word) for word in SELF)


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
    found = _by_their_names()
    for sign, others in confusables.confusables_data.items():
        if len(sign) != 1 or sign.isascii():
            continue
        for other in others:
            bare = "".join(s for s in unicodedata.normalize("NFKD", other["c"]) if not unicodedata.combining(s))
            if bare.isascii() and bare.isalnum():
                found.setdefault(sign, bare)
                break
    return found


def _by_their_names() -> dict[str, str]:
    signs = (chr(code) for code in (*range(0x80, 0x2000), *range(0x2C60, 0x2C80), *range(0xA720, 0xAB70), *PICTURES))
    named = ((sign, LETTER.fullmatch(unicodedata.name(sign, ""))) for sign in signs)
    return {sign: letter[1].lower() for sign, letter in named if letter}

"""Passwords: argon2id off the loop; ten characters or more, not a common one, not one's address, no word of the house.

The words of the house are asked of the floors above: what a house says of itself, and every name that a plant can have.
Of clubs alone it would tell which of them exist, also those that are not listed.
"""

import functools
import re
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from flask_babel import lazy_gettext as _l

from app.core.errors import Invalid
from app.core.offload import offload
from app.core.plain_text import normalized

LEAST, MOST = 10, 200
# What must be left of a password without the words of the house; shorter words are not looked for.
OWN, SHORT_WORD = 8, 4
house_words: list[Callable[[], Iterable[str]]] = []
COMMON = Path(__file__).resolve().parent.parent / "data" / "common_passwords.txt"

# OWASP's second choice: the threadpool hashes ten at once, 64 MB each would be too much for a small house.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Of a random text that was thrown away, made with the same costs: what is checked for those who have no password.
NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$+9HYVQywbuIUlQtv11iX9Q$DL5P0r2kzRkrLBo/J34InXDZJMTINvZ6ZqFa7UcIqSM"


def plain(text: str) -> str:
    """The same password whatever the keyboard: NFKC. One sign too many is kept, so that it can never match."""
    return normalized(text, "NFKC")[: MOST + 1]


def hash_password(text: str) -> str:
    """What is stored of a password."""
    ready = plain(text)
    return offload(lambda: _hasher.hash(ready))


def verify_password(stored: str | None, given: str) -> bool:
    """Is it the password? Without one, the same work is done for nothing: nobody learns who has one."""
    ready, hashed = plain(given), stored or NOBODY
    return offload(lambda: _matches(hashed, ready)) and stored is not None


def _matches(hashed: str, ready: str) -> bool:
    try:
        return _hasher.verify(hashed, ready)
    except (Argon2Error, InvalidHashError):
        return False


@functools.cache
def _common() -> frozenset[str]:
    return frozenset(COMMON.read_text(encoding="utf-8").split())


def words_of_the_house() -> set[str]:
    """The words by which somebody who knows the house would begin to guess, folded."""
    told = (word for ask in house_words for text in ask() for word in re.split(r"[^a-z0-9]+", _folded(text)))
    return {word for word in told if len(word) >= SHORT_WORD}


def _folded(text: str) -> str:
    """Without accents and capitals."""
    apart = normalized(text, "NFKD").casefold().replace("œ", "oe")
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def _own_part(text: str, words: Iterable[str]) -> str:
    left = _folded(text)
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, "")
    return left


def check_password(text: str, local_part: str = "", words: Iterable[str] = ()) -> None:
    """Raises Invalid, in plain words, for a password that would be easy to guess.

    words: those of the house, as ``words_of_the_house`` gives them.
    """
    ready = plain(text)
    if len(ready) < LEAST:
        raise _refused("password_short", _l("Choisissez au moins 10 signes."))
    if len(ready) > MOST:
        raise _refused("password_long", _l("Choisissez au plus 200 signes."))
    if ready.lower() in _common():
        raise _refused("password_common", _l("Ce mot de passe est trop connu. Choisissez-en un autre."))
    if local_part and local_part.lower() in ready.lower():
        raise _refused("password_address", _l("Votre adresse est dans ce mot de passe. Choisissez-en un autre."))
    left = _own_part(ready, words)
    if left != _folded(ready) and len(left) < OWN:
        raise _refused(
            "password_house",
            _l("Ce mot de passe ressemble trop au nom de la maison ou d’une plante. Ajoutez d’autres mots."),
        )


def _refused(code: str, why: object) -> Invalid:
    return Invalid(code, why, field="password")

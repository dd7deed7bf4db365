"""Clubs that look like the one somebody has in mind, by the words they share once folded and cut to their stem."""

import re
import unicodedata
from collections.abc import Sequence

from app.clubs.models import Club

SHOWN = 3
# Words that say nothing of what a club is for.
SAY_NOTHING = (
    "le la les un une des du de et ou en au aux on se sa son ses nous vous pour par sur dans avec sans chez qui que "
    "quoi ce cette ces il elle ils elles est sont etre ai avons avez ont faire fait plus moins bien tout tous toute "
    "toutes autre autres meme entre apres avant quand comme ici club clubs groupe groupes personne personnes gens "
    "ensemble aide aider veut peut leur leurs notre nos votre vos mon mes ma pas ne ni chacun chacune propre petit "
    "petite nouveau nouvelle"
)
EMPTY = frozenset(SAY_NOTHING.split())
WORD = re.compile(r"[^\W_]+")
ENDINGS = (
    "ements", "ement", "ations", "ation", "trices", "trice", "teurs", "teur", "euses", "euse", "eurs", "eur", "aires",
    "aire", "iques", "ique", "istes", "iste", "elles", "elle", "ives", "ive", "ifs", "if", "aux", "al", "ees", "ee",
    "es", "er", "ez", "ie", "e", "s", "x",
)  # fmt: skip
LEAST, BEGINNING = 3, 6


def near_clubs(name: str, sentence: str, clubs: Sequence[Club]) -> list[Club]:
    """The clubs nearest to a name and a sentence: one word in both names is enough, elsewhere it takes two."""
    names, words = stems(name), stems(name) | stems(sentence)
    marked = [(_likeness(names, words, club), club) for club in clubs]
    near = [(mark, club) for mark, club in marked if mark >= 2]
    return [club for _mark, club in sorted(near, key=lambda each: (-each[0], each[1].name))[:SHOWN]]


def stems(text: str) -> frozenset[str]:
    """The words of a text, folded, without those that say nothing, each cut to its stem."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe")).lower()
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return frozenset(stem(word) for word in WORD.findall(bare) if _says_something(word))


def stem(word: str) -> str:
    """``emplois`` and ``emploi``, ``créatrices`` and ``créateur`` are one; a number stays as it is."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= LEAST:
            return word[: -len(ending)]
    return word


def _says_something(word: str) -> bool:
    return word not in EMPTY and (len(word) >= LEAST or (word.isdigit() and len(word) > 1))


def _likeness(names: frozenset[str], words: frozenset[str], club: Club) -> int:
    theirs = stems(club.name)
    return 2 * _shared(names, theirs) + _shared(words, theirs | stems(club.sentence))


def _shared(ours: frozenset[str], theirs: frozenset[str]) -> int:
    return sum(any(alike(one, other) for other in theirs) for one in ours)


def alike(one: str, other: str) -> bool:
    """Do two stems say the same? Long ones by how they begin."""
    return one == other or (len(one) >= BEGINNING and len(other) >= BEGINNING and one[:BEGINNING] == other[:BEGINNING])

"""What somebody says they need, in their own words: read here and now by a list of words, kept nowhere. Pure."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.houses.needs import NEEDS, Need

FILE = Path(__file__).resolve().parents[2] / "data" / "need_words.toml"
WORD = re.compile(r"[^\W_]+")
# What Arabic writes in one with the word after it: "and", "in", "for", "the".
ARTICLES = re.compile(r"[وفبكل]?(?:ال|ل)|[وفبكل]")
ONE_LETTER = str.maketrans({"ة": "ه", "ى": "ي"})
DANGER = "danger"
LEAST = 3


@dataclass(frozen=True)
class Heard:
    """What was understood: the needs, the plainest first; danger: somebody may need help at once."""

    needs: list[Need]
    danger: bool


def hear(text: str, language: str) -> Heard:
    """By the words of the reader's language; by those of all the others for what it does not know."""
    words = _words(text)
    others = [code for code in _lists() if code != language]
    found = _needs(words, [language]) or _needs(words, others)
    return Heard(found, any(_said(words, code, DANGER) for code in (language, *others)))


def _needs(words: list[frozenset[str]], languages: list[str]) -> list[Need]:
    marks = {need.name: max(_said(words, code, need.name) for code in languages) for need in NEEDS}
    return sorted((need for need in NEEDS if marks[need.name]), key=lambda need: -marks[need.name])


def _said(words: list[frozenset[str]], language: str, what: str) -> int:
    """How many of the words speak of it."""
    known = _lists().get(language, {}).get(what, ())
    return sum(any(_matches(form, each) for form in forms for each in known) for forms in words)


def _matches(word: str, known: str) -> bool:
    return word == known[:-1] if known.endswith(".") else word.startswith(known)


def folded(text: str) -> str:
    """Without capitals and accents; what Arabic writes in two ways, in one."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe")).lower()
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).translate(ONE_LETTER)


def _words(text: str) -> list[frozenset[str]]:
    """Each word, with what is left of it without its article."""
    return [_forms(word) for word in WORD.findall(folded(text))]


def _forms(word: str) -> frozenset[str]:
    bare = (word[end:] for end in range(1, 4) if ARTICLES.fullmatch(word[:end]))
    return frozenset((word, *(form for form in bare if len(form) >= LEAST)))


@cache
def _lists() -> dict[str, dict[str, tuple[str, ...]]]:
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {code: {what: tuple(words.split()) for what, words in lists.items()} for code, lists in told.items()}

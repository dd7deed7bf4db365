"""Two texts side by side: what differs, and both joined so that nothing is lost. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from app.core.privacy import ERASED

BULLET = re.compile(r"^\s*(?:[-+*•]|\d+[.)])\s+")
# What stands above a list: it is neither decided nor to be done.
HEADING = re.compile(r"^\s*#{1,6}\s|[:\uff1a][\s*_]*$")
# Longer lines are marked whole: comparing word by word costs the square of their number.
MOST_WORDS = 150


@dataclass(frozen=True)
class Piece:
    """Some words of a line. marked: the other text does not have them."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class Pair:
    """A line of two texts. kind: ``same``, ``theirs`` or ``mine`` alone, ``both`` when it is written otherwise."""

    kind: str
    theirs: tuple[Piece, ...] = ()
    mine: tuple[Piece, ...] = ()


def lines_of(text: str) -> list[str]:
    return text.split("\n")


def side_by_side(theirs: str, mine: str) -> list[Pair]:
    """Every line of both, those that are the same once."""
    ours, yours = lines_of(theirs), lines_of(mine)
    found: list[Pair] = []
    for kind, a, b, c, d in SequenceMatcher(None, ours, yours).get_opcodes():
        if kind == "equal":
            found += [Pair("same", (Piece(line),), (Piece(line),)) for line in ours[a:b]]
        else:
            found += [_pair(one, other) for one, other in zip_longest(ours[a:b], yours[c:d])]
    return [pair for pair in found if pair.kind != "same" or pair.theirs[0].text.strip()]


def joined(theirs: str, mine: str) -> str:
    """What is the same once, then what is in one, then what is in the other: to be put right by a person."""
    ours, yours = lines_of(theirs), lines_of(mine)
    found: list[str] = []
    for kind, a, b, c, d in SequenceMatcher(None, ours, yours).get_opcodes():
        found += ours[a:b] if kind == "equal" else ours[a:b] + yours[c:d]
    return "\n".join(found)


def _pair(one: str | None, other: str | None) -> Pair:
    if other is None:
        return Pair("theirs", (Piece(one or "", marked=True),))
    if one is None:
        return Pair("mine", (), (Piece(other, marked=True),))
    ours, yours = one.split(" "), other.split(" ")
    if max(len(ours), len(yours)) > MOST_WORDS:
        return Pair("both", (Piece(one, marked=True),), (Piece(other, marked=True),))
    codes = SequenceMatcher(None, ours, yours).get_opcodes()
    theirs = _pieces(ours, ((kind, a, b) for kind, a, b, _c, _d in codes))
    return Pair("both", theirs, _pieces(yours, ((kind, c, d) for kind, _a, _b, c, d in codes)))


def _pieces(words: Sequence[str], spans: Iterable[tuple[str, int, int]]) -> tuple[Piece, ...]:
    return tuple(Piece(" ".join(words[a:b]), kind != "equal") for kind, a, b in spans if b > a)


def first_writers(versions: Iterable[tuple[str, str | None]]) -> dict[str, str | None]:
    """Of each line, who wrote it first, from (text, writer) in order: moving a line makes it nobody else's."""
    found: dict[str, str | None] = {}
    for text, writer in versions:
        for line in lines_of(text):
            if line.strip():
                found.setdefault(line, writer)
    return found


def without(text: str, gone: set[str]) -> str:
    """The text, with a sign where lines were whose author took them along: one for those that follow each other."""
    found: list[str] = []
    for line in lines_of(text):
        if line not in gone:
            found.append(line)
        elif found[-1:] != [ERASED]:
            found.append(ERASED)
    return "\n".join(found)


def is_heading(line: str) -> bool:
    """Does a line only announce those below it?"""
    return HEADING.search(line) is not None


def said(line: str, most: int) -> str:
    """A line without the sign of its list, cut to so many signs."""
    text = BULLET.sub("", line).strip()
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"

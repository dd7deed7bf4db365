"""Which clubs answer a need: those whose own name, sentence or story says it. Nobody ranks clubs."""

from collections.abc import Sequence

from app.clubs.founding.near import alike, stems
from app.clubs.models import Club
from app.houses.needs import Need


def answered_by(need: Need, club: Club) -> bool:
    """Does a club say of itself that it answers that?"""
    return not need.words or bool(_shared(stems(need.words), club))


def clubs_for(need: Need, clubs: Sequence[Club], spoken: str) -> list[Club]:
    """Of the listed clubs, those that say that they answer a need, in the order they came.

    spoken: the language that everybody speaks in the house; a club that has another one answers who looks for it.
    """
    if need.name == "tongue":
        return [club for club in clubs if any(code != spoken for code in club.languages)]
    return [club for club in clubs if answered_by(need, club)]


def nearest(said: str, clubs: Sequence[Club], *, alone: bool = False) -> list[Club]:
    """Those that use somebody's words of themselves first, the others as they came. alone: without the others."""
    words = stems(said)
    shared = {club.id: _shared(words, club) for club in clubs}
    return sorted((club for club in clubs if shared[club.id] or not alone), key=lambda club: -shared[club.id])


def _shared(words: frozenset[str], club: Club) -> int:
    theirs = stems(" ".join((club.name, club.sentence, *club.about)))
    return sum(any(alike(one, other) for other in theirs) for one in words)

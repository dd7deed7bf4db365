"""Which clubs answer a need: those whose own name, sentence or story says it. Nobody ranks clubs."""

from collections.abc import Sequence

from app.clubs.founding.near import alike, stems
from app.clubs.models import Club
from app.houses.needs import Need


def answered_by(need: Need, club: Club) -> bool:
    """Does a club say of itself that it answers that?"""
    said = stems(" ".join((club.name, club.sentence, *club.about)))
    return not need.words or any(alike(one, other) for one in stems(need.words) for other in said)


def clubs_for(need: Need, clubs: Sequence[Club], spoken: str) -> list[Club]:
    """Of the listed clubs, those that say that they answer a need, in the order they came.

    spoken: the language that everybody speaks in the house; a club that has another one answers who looks for it.
    """
    if need.name == "tongue":
        return [club for club in clubs if any(code != spoken for code in club.languages)]
    return [club for club in clubs if answered_by(need, club)]

"""How the dates stand. Pure: most "yes" first, then most "if need be", then the soonest; who is level is said so."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.meetings.polls.queries import Moment


@dataclass(frozen=True)
class Standing:
    """A date in the order of the answers. best: nobody stands before it; tied: it is not alone there."""

    moment: Moment
    best: bool
    tied: bool


def points(moment: Moment) -> tuple[int, int]:
    """By what one date comes before another."""
    return moment.count("yes"), moment.count("maybe")


def standings(moments: Sequence[Moment]) -> list[Standing]:
    """Best first. A date for which nobody can come is not the best of anything."""
    order = sorted(moments, key=lambda one: (-points(one)[0], -points(one)[1], one.date.starts_at, one.date.number))
    top = points(order[0]) if order else (0, 0)
    first = [one for one in order if points(one) == top and any(top)]
    return [Standing(one, one in first, one in first and len(first) > 1) for one in order]

"""In which order the kinds of answers to a need are shown. Pure; the page prints the same rule in everyday words.

What helped is counted for each need. A kind that helped fewer than eleven times counts as zero; from eleven on its
count is rounded down to a multiple of five, so that no single answer moves the page or can be read from it. The largest
comes first; equal ones keep the order of ``KINDS``. A person at the desk is always last, and always there.
"""

from collections.abc import Iterable, Mapping

KINDS = ("club", "meeting", "rehearsal", "advice", "sheet")
DESK = "desk"
LEAST, STEP = 11, 5


def weight_of(times: int) -> int:
    """What a count is worth."""
    return 0 if times < LEAST else times - times % STEP


def ordered(present: Iterable[str], helped: Mapping[str, int]) -> list[str]:
    """The kinds that have something to show, and the desk."""
    shown = set(present)
    kinds = [kind for kind in KINDS if kind in shown]
    return [*sorted(kinds, key=lambda kind: -weight_of(helped.get(kind, 0))), DESK]

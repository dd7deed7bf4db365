"""How it came out: the rules that the pages print (``words.RULES``). Pure: no database, no clock, no chance."""

from collections.abc import Iterable, Mapping, Sequence

# Below, a vote without names is none: who looks at the sums could tell who said what.
FEWEST = 5
# The club has decided something by these; by the others it has only heard how it stands.
CARRIED = ("chosen", "reached", "drawn")
KEYS: dict[str, tuple[str, ...]] = {
    "sense": ("for", "unsure", "against"),
    "consent": ("agree", "aside", "objection"),
    "lots": ("in",),
}


def keys_of(way: str, options: Sequence[str]) -> tuple[str, ...]:
    """What one may say: words, or the numbers of the options from 1."""
    return KEYS.get(way) or tuple(str(number) for number in range(1, len(options) + 1))


def summed(keys: Sequence[str], said: Iterable[Sequence[str]]) -> dict[str, int]:
    """How many chose each."""
    counts = dict.fromkeys(keys, 0)
    for picks in said:
        for key in picks:
            counts[key] += 1
    return counts


def outcome_of(way: str, counts: Mapping[str, int], voters: int, *, secret: bool = False) -> str:
    """One of ``models.OUTCOMES``."""
    if voters == 0:
        return "silent"
    if secret and voters < FEWEST:
        return "few"
    if way == "sense":
        return "told"
    if way == "lots":
        return "drawn"
    if way == "choice":
        return "chosen" if len(first_of(counts)) == 1 else "tie"
    return _consent(counts)


def _consent(counts: Mapping[str, int]) -> str:
    """No objection stands, and somebody agrees: standing aside alone carries nothing."""
    if counts["objection"]:
        return "objected"
    return "reached" if counts["agree"] else "silent"


def first_of(counts: Mapping[str, int]) -> list[str]:
    """What most chose: one, or those that are equal; nothing when nobody chose."""
    most = max(counts.values(), default=0)
    return [key for key, count in counts.items() if most and count == most]

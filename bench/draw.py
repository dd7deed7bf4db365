"""Twenty-six weeks of fourteen clubs and six scarce evenings, by the rule of the draw and by who comes first.

``python -m bench.draw`` writes ``bench/results/draw.json`` and prints it. Nothing is timed: the same seed gives the
same figures on every machine.
"""

import json
import statistics
from pathlib import Path
from random import Random
from typing import Any

from app.rooms.draw.rule import Bid, draw

CLUBS, SLOTS, WEEKS, MINUTES = 14, 6, 26, 120
REMEMBERED = 12
# Two evenings are wished much more than the others; three clubs are quick at the screen; one week in five one is away.
LIKED = (5, 5, 3, 2, 1, 1)
QUICK = (6, 6, 6) + (1,) * (CLUBS - 3)
COMES = 0.8
MOST_WISHES = 5
REPLAYS, SEED = 40, 2026
RESULTS = Path(__file__).parent / "results"

Wished = dict[str, tuple[str, ...]]


class Club:
    """What one club had so far."""

    def __init__(self) -> None:
        self.weeks: list[int] = []
        self.streak = self.worst = 0

    def note(self, week: int, *, won: bool) -> None:
        if won:
            self.weeks.append(week)
        self.streak = 0 if won else self.streak + 1
        self.worst = max(self.worst, self.streak)


def _sample(chance: Random, names: list[str], weights: list[int], number: int) -> list[str]:
    """So many of them, one after the other, the heavier ones sooner."""
    names, weights, found = list(names), list(weights), []
    for _turn in range(min(number, len(names))):
        at = chance.choices(range(len(names)), weights)[0]
        found.append(names.pop(at))
        weights.pop(at)
    return found


def _wishes(chance: Random, names: list[str]) -> Wished:
    slots = [f"s{number}" for number in range(SLOTS)]
    there = [name for name in names if chance.random() < COMES]
    return {name: tuple(_sample(chance, slots, list(LIKED), chance.randint(1, MOST_WISHES))) for name in there}


def _first_come(chance: Random, wished: Wished, quick: dict[str, int]) -> set[str]:
    queue = _sample(chance, list(wished), [quick[name] for name in wished], len(wished))
    left, won = {f"s{number}" for number in range(SLOTS)}, set()
    for name in queue:
        slot = next((slot for slot in wished[name] if slot in left), None)
        if slot is not None:
            left.discard(slot)
            won.add(name)
    return won


def _by_rule(week: int, seed: str, wished: Wished, had: dict[str, list[Club]], party: dict[str, str]) -> set[str]:
    bids = []
    for name, wishes in wished.items():
        weeks = [one for club in had[name] for one in club.weeks]
        bids.append(
            Bid(
                name,
                wishes,
                streak=max(club.streak for club in had[name]),
                minutes=MINUTES * sum(one >= week - REMEMBERED for one in weeks),
                waited=7 * (week - max(weeks)) if weeks else None,
                party=party.get(name, ""),
            )
        )
    results = draw(f"{seed}:{week}", bids, [f"s{number}" for number in range(SLOTS)])
    return {one.label for one in results if one.outcome == "won"}


def replay(seed: str, *, rule: bool, halves: str = "") -> dict[str, Club]:
    """One half-year. halves: the first club is two, ``declared`` or ``hidden``."""
    # Wishes and arrivals have each their own chance: both ways are asked the same things.
    asking, arriving = Random(f"{seed} wishes"), Random(f"{seed} arrivals")
    names = [f"c{number:02d}" for number in range(CLUBS)] + (["c00b"] if halves else [])
    quick = dict(zip(names, (*QUICK, QUICK[0]), strict=False))
    clubs = {name: Club() for name in names}
    party = {"c00": "c00", "c00b": "c00"} if halves == "declared" else {}
    had = {name: [clubs[one] for one in names if party.get(one, one) == party.get(name, name)] for name in names}
    for week in range(WEEKS):
        wished = _wishes(asking, names)
        won = _by_rule(week, seed, wished, had, party) if rule else _first_come(arriving, wished, quick)
        for name in {party.get(name, name) for name in wished}:
            together = [one for one in wished if party.get(one, one) == name]
            winner = next((one for one in together if one in won), together[0])
            clubs[winner].note(week, won=winner in won)
            for other in had[winner]:
                other.streak = clubs[winner].streak
    return clubs


def gini(numbers: list[int]) -> float:
    """0 when all have the same, towards 1 when one has all."""
    ranked, total = sorted(numbers), sum(numbers)
    return sum((2 * at - len(ranked) - 1) * each for at, each in enumerate(ranked, 1)) / (len(ranked) * total)


def _figures(replays: int, *, rule: bool) -> dict[str, Any]:
    runs = [replay(f"{SEED} {number}", rule=rule) for number in range(replays)]
    had = [[len(club.weeks) for club in run.values()] for run in runs]
    return {
        "gini": round(statistics.mean(gini(each) for each in had), 4),
        "worst_losing_streak": max(club.worst for run in runs for club in run.values()),
        "fewest": round(statistics.mean(min(each) for each in had), 1),
        "most": round(statistics.mean(max(each) for each in had), 1),
        "used": round(statistics.mean(sum(each) for each in had) / (SLOTS * WEEKS), 3),
    }


def _of_the_first(replays: int, halves: str) -> float:
    runs = [replay(f"{SEED} {number}", rule=True, halves=halves) for number in range(replays)]
    return round(
        statistics.mean(sum(len(run[name].weeks) for name in run if name.startswith("c00")) for run in runs), 1
    )


def run(replays: int = REPLAYS) -> dict[str, Any]:
    """All figures: means over the replays, the streak over all of them."""
    ways = {"whole": "", "split_declared": "declared", "split_hidden": "hidden"}
    return {
        "name": "draw",
        "clubs": CLUBS, "slots_a_week": SLOTS, "weeks": WEEKS, "replays": replays, "seed": SEED,
        "rule": _figures(replays, rule=True),
        "first_come": _figures(replays, rule=False),
        "evenings_of_one_club": {way: _of_the_first(replays, halves) for way, halves in ways.items()},
    }  # fmt: skip


if __name__ == "__main__":
    found = run()
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "draw.json").write_text(json.dumps(found, indent=2) + "\n")
    print(json.dumps(found, indent=2))

"""What a curious member of two clubs has collected of both, and the matchers that pair people by it."""

import json
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

KINDS = (
    "message:posted", "message:edited", "reaction:added", "membership:renamed", "membership:ended",
    "message:withdrawn", "reaction:removed",
)  # fmt: skip
ID = re.compile(r"[a-z2-7]{26}|[0-9a-f]{8}-[0-9a-f-]{27}")
TOKEN = re.compile(r"[\w:-]{6,}")


@dataclass
class Seen:
    """What the curious one saw of one club.

    heard: frames, each with the second it came; texts: pages, answers and files; archives: of each archive of the club,
    the number under which a text stands.
    """

    members: dict[str, str]
    heard: list[tuple[datetime, dict[str, Any]]] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    archives: dict[str, dict[str, int]] = field(default_factory=dict)

    told: list[str] = field(default_factory=list)

    def rows_of(self, member: str) -> list[dict[str, Any]]:
        return [frame for _at, frame in self.about(member)]

    def about(self, member: str) -> list[tuple[datetime, dict[str, Any]]]:
        """What was heard so far with the id of a member in it."""
        self.told += [json.dumps(frame["data"]) for _at, frame in self.heard[len(self.told) :]]
        return [each for each, told in zip(self.heard, self.told, strict=True) if member in told]

    def when(self, member: str, kind: str) -> float | None:
        """The second at which a thing was first heard of a member."""
        mine = (at for at, frame in self.about(member) if frame["kind"] == kind and _about(frame["data"]) == member)
        return next((at.timestamp() for at in mine), None)

    def last(self, member: str, kind: str) -> float | None:
        """The second at which a thing was last heard of a member."""
        mine = [at for at, frame in self.about(member) if frame["kind"] == kind and _about(frame["data"]) == member]
        return mine[-1].timestamp() if mine else None

    def number_in(self, archive: str, member: str) -> float | None:
        """Under which number what a member wrote stands in an archive of the club."""
        said = [str((frame["data"] or {}).get("body")) for frame in self.rows_of(member)]
        return next((float(self.archives[archive][each]) for each in said if each in self.archives[archive]), None)

    def place_in(self, text: str, member: str) -> float | None:
        """Where a member first stands in a page or an answer."""
        places = [self.texts[text].find(each) for each in (member, f"{self.members[member]}<", self.members[member])]
        return next((float(each) for each in places if each >= 0), None)


def _about(data: dict[str, Any]) -> str:
    return str((data.get("author") or data).get("id", ""))


@dataclass
class Evidence:
    """What was seen of both clubs, and who is really who: the membership in one, the membership in the other."""

    first: Seen
    second: Seen
    truth: dict[str, str]
    headers: list[str]
    log: list[str]
    count: int


# The matchers: each gives how like a member of one club is to a member of the other, for those it can speak of.

Likeness = tuple[list[str], list[str], Callable[[str, str], float]]


def matchers(found: Evidence) -> dict[str, Likeness]:
    known: dict[str, Likeness] = {}
    for kind in KINDS:
        known[f"time of {kind}"] = _near(found, lambda seen, one, kind=kind: seen.when(one, kind))
        known[f"second of {kind}"] = _near(found, lambda seen, one, kind=kind: _second(seen.when(one, kind)))
    known["time of what waited"] = _near(found, lambda seen, one: seen.last(one, "message:posted"))
    known["second of what waited"] = _near(found, lambda seen, one: _second(seen.last(one, "message:posted")))
    for archive in found.first.archives:
        known[f"number in {archive}"] = _near(found, lambda s, one, name=archive: s.number_in(name, one), ranked=True)
        known[f"presence in {archive}"] = _near(
            found, lambda seen, one, name=archive: float(seen.number_in(name, one) is not None)
        )
    for text in found.first.texts:
        known[f"place in {text}"] = _near(found, lambda seen, one, text=text: seen.place_in(text, one), ranked=True)
    known["line of the log"] = _shared(found, lambda seen, one: _lines(seen, one))
    known["order of ids"] = _near(found, lambda _seen, one: float(int(one.replace("7", "9"), 36)), ranked=True)
    known["order of coming"] = _near(found, _first_heard, ranked=True)
    known["number of rows"] = _near(found, lambda seen, one: float(len(seen.rows_of(one))))
    known["length of rows"] = _near(found, lambda seen, one: float(len(json.dumps(seen.rows_of(one)))))
    known["pieces of ids"] = _shared(found, lambda seen, one: _pieces(seen, one))
    known["words in common"] = _shared(found, lambda seen, one: set(TOKEN.findall(json.dumps(seen.rows_of(one)))))
    return known


def _second(moment: float | None) -> float | None:
    return None if moment is None else moment % 60


def _first_heard(seen: Seen, one: str) -> float | None:
    seen.about(one)
    return next((float(number) for number, told in enumerate(seen.told) if one in told), None)


def _pieces(seen: Seen, one: str) -> set[str]:
    """Every seven signs in a row of the ids of a member and of what is theirs: fewer, and some are alike by chance."""
    ids = {one, *ID.findall(json.dumps([row for row in seen.rows_of(one) if row["kind"] == "message:posted"]))}
    return {each[at : at + 7] for each in ids for at in range(len(each) - 6)}


def _lines(seen: Seen, one: str) -> set[str]:
    """The lines of the log in which a member stands: one that names two people's memberships joins them."""
    return {line for line in seen.texts["log"].splitlines() if one in line}


def _near(found: Evidence, value: Callable[[Seen, str], float | None], ranked: bool = False) -> Likeness:
    sides = []
    for seen in (found.first, found.second):
        of = {one: told for one in seen.members if (told := value(seen, one)) is not None}
        if ranked:
            of = {one: place / len(of) for place, one in enumerate(sorted(of, key=lambda each: of[each]))}
        sides.append(of)
    first, second = sides
    return list(first), list(second), lambda one, other: -abs(first[one] - second[other])


def _shared(found: Evidence, words: Callable[[Seen, str], set[str]]) -> Likeness:
    """What two people have in common, each thing counting the more, the fewer have it."""
    first, second = ({one: words(seen, one) for one in seen.members} for seen in (found.first, found.second))
    owners: dict[str, int] = defaultdict(int)
    for each in (*first.values(), *second.values()):
        for word in each:
            owners[word] += 1
    return list(first), list(second), lambda one, other: sum(1 / owners[w] ** 2 for w in first[one] & second[other])


def beyond_chance(likeness: Likeness, truth: dict[str, str]) -> tuple[float, int]:
    """By how many standard deviations the true pairs are more alike than pairs drawn blindly; and how many are best.

    Each row of likenesses is turned into ranks, so that nothing has to be known of how they are spread. Under a blind
    pairing every assignment is as likely: mean and variance of the sum over the true pairs are then exact (Hoeffding).
    """
    rows, columns, like = likeness
    size = max(len(rows), len(columns))
    told = [_ranks([like(one, other) for other in columns]) for one in rows]
    width = len(columns)
    mean_of_all = (width + 1) / 2
    grid = [row + [mean_of_all] * (size - width) for row in told] + [[mean_of_all] * size] * (size - len(rows))
    pairs = [
        (rows.index(one), columns.index(other)) for one, other in truth.items() if one in rows and other in columns
    ]
    if len(pairs) < 4:
        return 0.0, 0
    # The rows of true pairs alone count: the others say nothing.
    used = [grid[row] for row, _column in pairs] + [[mean_of_all] * size] * (size - len(pairs))
    total = sum(grid[row][column] for row, column in pairs) + mean_of_all * (size - len(pairs))
    by_row = [sum(row) / size for row in used]
    by_column = [sum(row[at] for row in used) / size for at in range(size)]
    middle = sum(by_row) / size
    spread = sum((used[r][c] - by_row[r] - by_column[c] + middle) ** 2 for r in range(size) for c in range(size))
    deviation = (spread / (size - 1)) ** 0.5
    expected = sum(by_row)
    hits = sum(told[row][column] == max(told[row]) and told[row].count(max(told[row])) == 1 for row, column in pairs)
    return ((total - expected) / deviation if deviation > 1e-9 else 0.0), hits


def _ranks(values: list[float]) -> list[float]:
    order = sorted(values)
    places: dict[float, list[int]] = defaultdict(list)
    for place, value in enumerate(order, 1):
        places[value].append(place)
    return [sum(places[value]) / len(places[value]) for value in values]

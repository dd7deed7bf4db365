"""The published file of a draw: all that went in, all that came out, and how anyone replays it. Pure.

Clubs stand in it under labels that are good for one draw and lead to no club. Nor do their numbers follow each other
from week to week: of a bid the file says where it stands among those of its draw, and of its wishes those that counted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from app.rooms.draw.rule import NEVER, STREAK_FROM, Bid, Result, draw, hash_of

FORMAT = "pepiniere-draw-2"
Record = dict[str, Any]
# What "no streak", "no hours" and "no wait" are beside ranks; no draw has so many bids.
MOST_RANKS = 1000


def record_of(head: Mapping[str, Any], seed: str, slots: Sequence[Mapping[str, Any]], bids: Sequence[Bid]) -> Record:
    """The whole file. head: the house, the week, when it closed; slots: ``id``, ``room``, ``start``, ``end``."""
    drawn = [slot["id"] for slot in slots]
    said = bare(seed, bids, drawn)
    return {
        "format": FORMAT,
        **head,
        "seed_hash": hash_of(seed),
        "seed": seed,
        "slots": [dict(slot) for slot in slots],
        "bids": [_plain(bid, ranks) for bid, ranks in zip(said, ranks_of(said), strict=True)],
        "results": [asdict(result) for result in draw(seed, said, drawn)],
    }


def bare(seed: str, bids: Sequence[Bid], slots: Sequence[str]) -> list[Bid]:
    """The bids by label, without the wishes that nobody looked at: those behind what its turn got.

    Each gets what it gets with all of them; "before whom" then means who would have got it otherwise.
    """
    results = draw(seed, bids, slots)
    got = {one.place: one.wish for one in results if one.wish}
    places, drawn = {one.label: one.place for one in results}, frozenset(slots)
    return sorted((_cut(bid, got.get(places[bid.label], 0), drawn) for bid in bids), key=lambda bid: bid.label)


def _cut(bid: Bid, got: int, drawn: frozenset[str]) -> Bid:
    """got: which wish its turn got, 0 for none."""
    there = [slot for slot in bid.wishes if slot in drawn]
    could = next((n for n, slot in enumerate(bid.wishes, 1) if slot in there and slot not in bid.barred), 0)
    wishes = bid.wishes[: max(got, could) if got else None] if could else tuple(there[:1])
    return replace(bid, wishes=wishes, barred=tuple(slot for slot in bid.barred if slot in wishes))


def ranks_of(bids: Sequence[Bid]) -> list[tuple[int, int, int]]:
    """Of each bid three ranks, 0 first: by its streak; among equals by its hours; among equals by its wait."""
    facts = [_facts(bid) for bid in bids]
    return [
        (
            _rank(one[0], (other[0] for other in facts)),
            _rank(one[1], (other[1] for other in facts if other[0] == one[0])),
            _rank(one[2], (other[2] for other in facts if other[:2] == one[:2])),
        )
        for one in facts
    ]


def _facts(bid: Bid) -> tuple[int, int, int]:
    """The smaller goes first, as in the rule."""
    return (
        -bid.streak if bid.streak >= STREAK_FROM else 0,
        bid.minutes,
        -(NEVER if bid.waited is None else bid.waited),
    )


def _rank(one: int, several: Iterable[int]) -> int:
    return len({each for each in several if each < one})


def _plain(bid: Bid, ranks: tuple[int, int, int]) -> dict[str, Any]:
    told = {"label": bid.label, "wishes": list(bid.wishes), "ranks": list(ranks)}
    return told | {"party": bid.party, "barred": list(bid.barred)}


def bids_in(record: Record) -> list[Bid]:
    """With numbers that stand to each other as the ranks do. Raises KeyError, TypeError or ValueError for no file."""
    found = [_bid(told) for told in record["bids"]]
    if len({bid.label for bid in found}) < len(found):
        raise ValueError("a label stands there twice")
    return found


def _bid(told: Mapping[str, Any]) -> Bid:
    streak, hours, wait = (int(rank) for rank in told["ranks"])
    if not all(0 <= rank < MOST_RANKS for rank in (streak, hours, wait)):
        raise ValueError("a rank is no number from 0 on")
    wishes, barred = (tuple(map(str, told[name])) for name in ("wishes", "barred"))
    numbers = {"streak": STREAK_FROM + MOST_RANKS - streak, "minutes": hours, "waited": MOST_RANKS - wait}
    return Bid(str(told["label"]), wishes, party=str(told["party"]), barred=barred, **numbers)


def results_in(record: Record) -> list[Result]:
    """In the order in which they stand there. Raises as ``bids_in``, and OverflowError for a number without end."""
    return [
        Result(
            str(told["label"]), int(told["place"]), str(told["outcome"]), str(told["slot"]), int(told["wish"]),
            str(told["why"]), str(told["against"]),
        )
        for told in record["results"]
    ]  # fmt: skip


def faults_of(record: Record, noted: str = "") -> list[str]:
    """What is wrong with a file, in plain words; nothing when it is as the rule says.

    noted: the hash that somebody noted before the draw; else only the one in the file is compared.
    """
    try:
        if record["format"] != FORMAT:
            return [f"This is no file of a draw that this program knows: its format is not {FORMAT}."]
        seed, bids, told = str(record["seed"]), bids_in(record), results_in(record)
        ours, hashed = draw(seed, bids, [str(slot["id"]) for slot in record["slots"]]), hash_of(seed)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        return [f"This file cannot be read as a draw ({type(error).__name__}: {error!a})."]
    faults = []
    if hashed != record.get("seed_hash"):
        faults.append("The seed does not fit the hash in the file.")
    if noted and hashed != noted:
        faults.append("The seed does not fit the hash that you noted before the draw.")
    return faults + _differences(told, ours)


def _differences(told: list[Result], ours: list[Result]) -> list[str]:
    said, right = {one.label: one for one in told}, {one.label: one for one in ours}
    if sorted(said) != sorted(one.label for one in told):
        return ["A label has two results."]
    return [
        f"{label}: the file says {_words(said.get(label))}; the rule gives {_words(right.get(label))}."
        for label in sorted({*said, *right})
        if said.get(label) != right.get(label)
    ]


def _words(one: Result | None) -> str:
    if one is None:
        return "nothing"
    slot = f" {one.slot} (wish {one.wish})" if one.slot else ""
    why = f", by {one.why} before or behind {one.against or 'nobody'}" if one.why else ""
    return f"turn {one.place}, {one.outcome}{slot}{why}"

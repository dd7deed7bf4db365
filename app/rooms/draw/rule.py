"""Fewest evenings first: who gets which scarce slot (PRODUCT 5). Pure: no database, no clock, no chance but the seed.

Who bids takes turns, one slot each: first the longest losing streak (from two on), then the fewest scarce minutes in
twelve weeks, then the longest wait, then SHA-256 of seed and label. At their turn they get the first of their wishes
that is left. The order in which bids came in enters nowhere.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

STREAK_FROM = 2
NEVER = 1_000_000


@dataclass(frozen=True)
class Bid:
    """What a club wishes, best first, and what it had before; ``label`` stands for the club in this draw.

    waited: days since its last scarce slot, None when it never had one. party: clubs that bid as one bear the same,
    and the same numbers. barred: slots that its quota does not let it have.
    """

    label: str
    wishes: tuple[str, ...]
    streak: int = 0
    minutes: int = 0
    waited: int | None = None
    party: str = ""
    barred: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """outcome: ``won`` · ``shared`` (the other half of the party won) · ``lost`` · ``full`` (the quota bars all that is
    left of its wishes) · ``void`` (none of its wishes was drawn). place: whose turn it was, from 1. wish: which of its
    wishes it got, from 1. why: what decided, ``streak``, ``minutes``, ``waited``, ``lot`` or ``alone``, and against
    whom.
    """

    label: str
    place: int
    outcome: str
    slot: str = ""
    wish: int = 0
    why: str = ""
    against: str = ""


def hash_of(seed: str) -> str:
    """What is published of the seed before the draw."""
    return hashlib.sha256(seed.encode()).hexdigest()


def lot(seed: str, label: str) -> str:
    """What decides when all else is equal: the smaller goes first."""
    return hashlib.sha256(f"{seed}:{label}".encode()).hexdigest()


@dataclass(frozen=True)
class Turn:
    """One bidder: a club, or a party of clubs that bid as one."""

    bids: tuple[Bid, ...]
    rank: tuple[int, int, int, str]

    def wishes(self, open_slots: Iterable[str]) -> list[tuple[int, Bid, str]]:
        """What it can get, best first: the first wishes of all its clubs, then the second ones."""
        known = frozenset(open_slots)
        return [
            (number, bid, bid.wishes[number - 1])
            for number in range(1, max(len(bid.wishes) for bid in self.bids) + 1)
            for bid in self.bids
            if number <= len(bid.wishes)
            and bid.wishes[number - 1] in known
            and bid.wishes[number - 1] not in bid.barred
        ]


def turns(seed: str, bids: Iterable[Bid]) -> list[Turn]:
    """Who bids, in the order of their turns."""
    parties: dict[str, list[Bid]] = {}
    for bid in bids:
        parties.setdefault(bid.party or bid.label, []).append(bid)
    found = []
    for name, several in parties.items():
        mine = tuple(sorted(several, key=lambda bid: lot(seed, bid.label)))
        if len({(bid.streak, bid.minutes, bid.waited) for bid in mine}) > 1:
            raise ValueError(f"the clubs of {name} bid as one and bear different numbers")
        found.append(Turn(mine, _rank(mine[0], lot(seed, name))))
    return sorted(found, key=lambda turn: turn.rank)


def _rank(bid: Bid, drawn: str) -> tuple[int, int, int, str]:
    streak = bid.streak if bid.streak >= STREAK_FROM else 0
    return -streak, bid.minutes, -(NEVER if bid.waited is None else bid.waited), drawn


def draw(seed: str, bids: Sequence[Bid], slots: Iterable[str]) -> list[Result]:
    """Each bid with what it got and why, in the order of turns."""
    drawn = frozenset(slots)
    left, order = set(drawn), turns(seed, bids)
    won: dict[int, tuple[int, Bid, str]] = {}
    winner: dict[str, int] = {}
    for place, turn in enumerate(order):
        for number, bid, slot in turn.wishes(left):
            won[place], winner[slot] = (number, bid, slot), place
            left.discard(slot)
            break
    return [
        _won(order, place, won[place][0], won[place][2], drawn)
        if place in won and bid is won[place][1]
        else _not_won(order, place, bid, winner, drawn, shared=place in won)
        for place, turn in enumerate(order)
        for bid in turn.bids
    ]


def _won(order: list[Turn], place: int, wish: int, slot: str, drawn: frozenset[str]) -> Result:
    """Before whom: the next in order who wished for that slot too."""
    label = next(bid.label for number, bid, s in order[place].wishes(drawn) if (number, s) == (wish, slot))
    for rival in order[place + 1 :]:
        wanted = next((bid for _number, bid, s in rival.wishes(drawn) if s == slot), None)
        if wanted is not None:
            return Result(label, place + 1, "won", slot, wish, _decided(order[place], rival), wanted.label)
    return Result(label, place + 1, "won", slot, wish, "alone")


def _not_won(
    order: list[Turn], place: int, bid: Bid, winner: dict[str, int], drawn: frozenset[str], *, shared: bool
) -> Result:
    """Behind whom: the one who got the best of its wishes."""
    there = [slot for slot in bid.wishes if slot in drawn]
    open_ones = [slot for slot in there if slot not in bid.barred]
    if not open_ones:
        return Result(bid.label, place + 1, "full" if there else "void")
    if shared:
        return Result(bid.label, place + 1, "shared")
    first = order[winner[open_ones[0]]]
    got = next(one for _number, one, slot in first.wishes(drawn) if slot == open_ones[0])
    return Result(bid.label, place + 1, "lost", why=_decided(first, order[place]), against=got.label)


def _decided(before: Turn, after: Turn) -> str:
    """The first of the four that is not equal."""
    names = ("streak", "minutes", "waited", "lot")
    return next(name for name, mine, theirs in zip(names, before.rank, after.rank, strict=True) if mine != theirs)

"""The rule "fewest evenings first" by itself: what it promises over any wishes and any history."""

import hashlib
from dataclasses import replace
from math import ceil
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.rooms.draw.rule import Bid, Result, draw, hash_of, turns

SLOTS = ("a", "b", "c", "d", "e")
LABELS = tuple(f"k{number:02d}" for number in range(9))
seeds = st.text("0123456789abcdef", min_size=4, max_size=4)
some_wishes = st.permutations(SLOTS).flatmap(lambda all_: st.integers(1, 5).map(lambda n: tuple(all_[:n])))
bids = st.lists(
    st.builds(
        Bid,
        label=st.sampled_from(LABELS),
        wishes=some_wishes,
        streak=st.integers(0, 4),
        minutes=st.sampled_from((0, 120, 240)),
        waited=st.sampled_from((None, 14, 28)),
        barred=st.sampled_from(((), (), ("a", "b"))),
    ),
    min_size=1,
    max_size=9,
    unique_by=lambda bid: bid.label,
)
drawn = st.sets(st.sampled_from(SLOTS))
SEED = "5eed"
few = settings(max_examples=50, deadline=None)


def got(results: list[Result]) -> dict[str, str]:
    return {one.label: one.slot for one in results if one.outcome == "won"}


def order(*several: Bid) -> list[str]:
    return [bid.label for turn in turns(SEED, several) for bid in turn.bids]


def test_a_streak_of_two_goes_first_and_one_of_one_does_not() -> None:
    one, two, three = Bid("one", ("a",), 1, 0), Bid("two", ("a",), 2, 240), Bid("three", ("a",), 3, 480)
    assert order(one, two, three) == ["three", "two", "one"]
    assert order(Bid("x", ("a",), 1, 120), Bid("y", ("a",), 0, 0)) == ["y", "x"]


def test_then_the_fewest_hours_then_the_longest_wait_then_the_lot() -> None:
    assert order(Bid("x", ("a",), minutes=120), Bid("y", ("a",), minutes=60, waited=7)) == ["y", "x"]
    assert order(Bid("x", ("a",), waited=7), Bid("y", ("a",), waited=14), Bid("z", ("a",))) == ["z", "y", "x"]
    by_hand = sorted("xyz", key=lambda label: hashlib.sha256(f"{SEED}:{label}".encode()).hexdigest())
    assert order(*(Bid(label, ("a",)) for label in "xyz")) == by_hand


def test_each_result_says_what_decided_and_against_whom() -> None:
    results = draw(
        SEED,
        [
            Bid("streak", ("a", "b"), streak=2, minutes=480),
            Bid("few", ("a", "b"), minutes=60),
            Bid("many", ("b",), minutes=120),
            Bid("calm", ("c",), minutes=600),
            Bid("full", ("b", "d"), barred=("b", "d"), minutes=0),
            Bid("gone", ("z",), minutes=0, waited=7),
        ],
        "abcd",
    )
    assert {one.label: one for one in results} == {
        "streak": Result("streak", 1, "won", "a", 1, "streak", "few"),
        "full": Result("full", 2, "full"),
        "gone": Result("gone", 3, "void"),
        "few": Result("few", 4, "won", "b", 2, "minutes", "many"),
        "many": Result("many", 5, "lost", why="minutes", against="few"),
        "calm": Result("calm", 6, "won", "c", 1, "alone"),
    }


@few
@given(bids, drawn, seeds, st.integers())
def test_order_of_arrival_changes_nothing(some: list[Bid], slots: set[str], seed: str, number: int) -> None:
    again = list(some)
    Random(number).shuffle(again)
    assert draw(seed, again, slots) == draw(seed, some, slots)


@few
@given(bids, drawn, seeds)
def test_each_gets_one_slot_that_it_wished_and_nothing_wished_is_left_over(
    some: list[Bid], slots: set[str], seed: str
) -> None:
    won = got(draw(seed, some, slots))
    assert sorted(won.values()) == sorted(set(won.values()))
    for bid in some:
        open_ones = [slot for slot in bid.wishes if slot in slots and slot not in bid.barred]
        if bid.label in won:
            assert won[bid.label] in open_ones
        else:
            assert [slot for slot in open_ones if slot not in won.values()] == []


@few
@given(bids, drawn, seeds, st.data())
def test_a_lower_wish_dropped_never_gains(some: list[Bid], slots: set[str], seed: str, data: st.DataObject) -> None:
    """Who strikes a wish, any of them, gets no slot that it had ranked before what it gets with all of them."""
    bid = data.draw(st.sampled_from(some))
    dropped = data.draw(st.sampled_from(bid.wishes))
    fewer = replace(bid, wishes=tuple(slot for slot in bid.wishes if slot != dropped))
    ranks = {slot: rank for rank, slot in enumerate(bid.wishes)}
    before = got(draw(seed, some, slots)).get(bid.label)
    after = got(draw(seed, [fewer if one is bid else one for one in some], slots)).get(bid.label)
    assert ranks.get(after or "", 99) >= ranks.get(before or "", 99)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 9), st.integers(1, 5), st.integers(0, 2**32), st.booleans())
def test_nobody_loses_longer_than_the_bound(clubs: int, slots: int, number: int, rested: bool) -> None:
    """n clubs, k slots: never more than ceil(n / k) + 1 times in a row, whoever was away and whatever each had before.

    Each who comes wishes all the slots, in an order of their own.
    """
    chance, streaks = Random(number), dict.fromkeys(LABELS[:clubs], 0)
    minutes = {label: 0 if rested else chance.choice((0, 120, 2400)) for label in streaks}
    waited: dict[str, int | None] = {label: chance.choice((None, 7, 70)) for label in streaks}
    for week in range(30):
        there = [label for label in streaks if chance.random() < chance.choice((0.3, 0.9))]
        wishes = {label: tuple(chance.sample(SLOTS[:slots], slots)) for label in there}
        asked = [Bid(label, wishes[label], streaks[label], minutes[label], waited[label]) for label in there]
        won = got(draw(f"{week}", asked, SLOTS[:slots]))
        for label in there:
            streaks[label] = 0 if label in won else streaks[label] + 1
            minutes[label] += 120 if label in won else 0
            waited[label] = 0 if label in won else waited[label]
            assert streaks[label] <= ceil(clubs / slots) + 1


def test_clubs_that_bid_as_one_get_one_slot_and_share_what_they_wish() -> None:
    halves = [Bid("h1", ("a", "b"), minutes=60, party="h"), Bid("h2", ("c",), minutes=60, party="h")]
    first, second = [bid.label for bid in turns(SEED, halves)[0].bids]
    results = {one.label: one for one in draw(SEED, halves, "abc")}
    assert (results[first].outcome, results[second].outcome) == ("won", "shared")
    assert results[first].slot == {"h1": "a", "h2": "c"}[first]
    # What the first wishes is gone: the first wish of the other half comes before second ones.
    early = Bid("early", ({"h1": "a", "h2": "c"}[first],))
    results = {one.label: one for one in draw(SEED, [*halves, early], "abc")}
    assert results[second].slot == {"h1": "a", "h2": "c"}[second]


def test_clubs_that_bid_as_one_bear_the_same_numbers() -> None:
    with pytest.raises(ValueError, match="bid as one"):
        turns(SEED, [Bid("h1", ("a",), party="h"), Bid("h2", ("a",), streak=2, party="h")])


def test_the_hash_of_the_seed_is_what_anyone_computes() -> None:
    assert hash_of(SEED) == hashlib.sha256(b"5eed").hexdigest()

"""The published file says no more of a club than its draw needs: no number joins labels of two weeks."""

from dataclasses import asdict, replace

from alembic.script import ScriptDirectory
from hypothesis import given, settings
from hypothesis import strategies as st

from app.rooms.draw.record import faults_of, ranks_of, record_of, results_in
from app.rooms.draw.rule import Bid, Result, draw, hash_of
from tests.rooms.draw.test_rule import bids, drawn, seeds

few = settings(max_examples=80, deadline=None)
parties = st.sampled_from(((), (0, 1), (0, 1, 2)))


def together(some: list[Bid], which: tuple[int, ...]) -> list[Bid]:
    """Some of them bid as one."""
    if len(some) <= max(which, default=0):
        return some
    first = some[0]
    numbers = {"streak": first.streak, "minutes": first.minutes, "waited": first.waited, "party": first.label}
    return [replace(bid, **numbers) if n in which else bid for n, bid in enumerate(some)]


def got(results: list[Result]) -> list[tuple[str, int, str, str, int]]:
    return [(one.label, one.place, one.outcome, one.slot, one.wish) for one in results]


def slots_of(names: set[str]) -> list[dict[str, str]]:
    return [{"id": name} for name in sorted(names)]


@few
@given(bids, drawn, seeds, parties)
def test_what_is_published_gives_each_the_same(
    some: list[Bid], slots: set[str], seed: str, which: tuple[int, ...]
) -> None:
    asked = together(some, which)
    record = record_of({}, seed, slots_of(slots), asked)
    assert faults_of(record) == []
    assert got(results_in(record)) == got(draw(seed, asked, slots))
    whys = {one.label: (one.why, one.against) for one in draw(seed, asked, slots) if one.outcome == "lost"}
    if not which:
        assert {one.label: (one.why, one.against) for one in results_in(record) if one.outcome == "lost"} == whys


@few
@given(bids, drawn, seeds, st.integers(2, 9), st.integers(0, 99))
def test_other_numbers_in_the_same_order_give_the_same_file(
    some: list[Bid], slots: set[str], seed: str, times: int, more: int
) -> None:
    """So nothing in it depends on how long, how many or since when: it is alike for clubs that had much or little."""
    other = [
        replace(
            bid,
            streak=bid.streak * times if bid.streak >= 2 else 1 - bid.streak,
            minutes=bid.minutes * times + more,
            waited=None if bid.waited is None else bid.waited * times + more,
        )
        for bid in some
    ]
    assert record_of({}, seed, slots_of(slots), other) == record_of({}, seed, slots_of(slots), some)


def test_ranks_are_among_equals_only() -> None:
    some = [
        Bid("a", (), 3, 480, 7), Bid("b", (), 2, 120, 14), Bid("c", (), 1, 240), Bid("d", (), 0, 240, 70),
        Bid("e", (), 0, 0, 70), Bid("f", (), 1, 240),
    ]  # fmt: skip
    assert ranks_of(some) == [(0, 0, 0), (1, 0, 0), (2, 1, 0), (2, 1, 1), (2, 0, 0), (2, 1, 0)]


def test_of_the_wishes_those_stay_that_were_looked_at() -> None:
    some = [
        Bid("first", ("a", "b", "c"), streak=2), Bid("next", ("a", "b", "c"), minutes=60),
        Bid("lost", ("a", "b"), minutes=600), Bid("full", ("z", "c", "d"), minutes=900, barred=("c", "d")),
        Bid("gone", ("z", "y"), minutes=900),
    ]  # fmt: skip
    told = {
        one["label"]: (one["wishes"], one["barred"]) for one in record_of({}, "5eed", slots_of({*"abcd"}), some)["bids"]
    }
    assert told == {
        "first": (["a"], []), "next": (["a", "b"], []), "lost": (["a", "b"], []), "full": (["c"], ["c"]),
        "gone": ([], []),
    }  # fmt: skip


@few
@given(bids, drawn, seeds)
def test_a_file_of_the_first_format_loses_its_numbers_and_replays(some: list[Bid], slots: set[str], seed: str) -> None:
    results = [asdict(one) | {"sentence": "120"} for one in draw(seed, some, slots)]
    head = {"format": "pepiniere-draw-1", "seed": seed, "seed_hash": hash_of(seed), "slots": slots_of(slots)}
    migration = ScriptDirectory("migrations").get_revision("0033")
    record = migration.module.without_numbers(head | {"bids": [asdict(bid) for bid in some], "results": results})
    assert faults_of(record) == []
    assert {name for each in [*record["bids"], *record["results"]] for name in each} == {
        "label", "wishes", "ranks", "party", "barred", "place", "outcome", "slot", "wish", "why", "against",
    }  # fmt: skip

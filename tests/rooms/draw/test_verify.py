"""``flask draw verify FILE``: anyone replays a draw; whatever was changed in the file is found."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app.cli import draw as commands
from app.rooms.draw.record import faults_of, record_of
from app.rooms.draw.rule import Bid, hash_of

SLOTS = [{"id": name, "room": "salle-1", "start": "2026-12-01T18:30:00+01:00", "end": ""} for name in "ab"]
BIDS = [
    Bid("k1", ("a", "b"), 2, 240, 14),
    Bid("k2", ("a",)),
    Bid("k3", ("b",), barred=("b",)),
    Bid("k4", ("b",), 0, 60),
]
ORDER = [("k1", "won", "a"), ("k3", "full", ""), ("k2", "lost", ""), ("k4", "won", "b")]
HEAD = {"house": "canal", "week": "2026-W49", "closes_at": "2026-11-15T20:00:00+01:00"}


@pytest.fixture
def record() -> dict[str, Any]:
    return json.loads(json.dumps(record_of(HEAD, "5eed", SLOTS, BIDS)))


def test_a_file_as_it_was_published_has_no_fault(record: dict[str, Any]) -> None:
    assert (faults_of(record), faults_of(record, hash_of("5eed"))) == ([], [])
    assert [(one["label"], one["outcome"], one["slot"]) for one in record["results"]] == ORDER


def _other_seed(record: dict[str, Any]) -> None:
    record["seed"] = "5eee"


def _other_winner(record: dict[str, Any]) -> None:
    record["results"][0]["slot"] = "b"


def _one_result_less(record: dict[str, Any]) -> None:
    record["results"].pop()


def _one_twice(record: dict[str, Any]) -> None:
    record["results"].append(record["results"][0])


def _other_hours(record: dict[str, Any]) -> None:
    next(bid for bid in record["bids"] if bid["label"] == "k1")["ranks"] = [1, 0, 0]


def _a_bid_twice(record: dict[str, Any]) -> None:
    record["bids"].append(record["bids"][0])


def _other_format(record: dict[str, Any]) -> None:
    record["format"] = "other"


def _no_bids(record: dict[str, Any]) -> None:
    del record["bids"]


def _bids_of_words(record: dict[str, Any]) -> None:
    record["bids"] = "abc"


def _a_label_that_is_none(record: dict[str, Any]) -> None:
    record["results"][0]["label"] = []


def _a_seed_of_no_text(record: dict[str, Any]) -> None:
    record["seed"], record["bids"], record["results"] = "\ud800", [], []


def _ranks_without_end(record: dict[str, Any]) -> None:
    record["bids"][0]["ranks"] = [float("inf"), 0, 0]


def _two_ranks(record: dict[str, Any]) -> None:
    record["bids"][0]["ranks"] = [0, 0]


def _a_place_of_many_digits(record: dict[str, Any]) -> None:
    record["results"][0]["place"] = "9" * 9000


CHANGES = [
    _bids_of_words, _a_label_that_is_none, _a_seed_of_no_text, _ranks_without_end, _two_ranks, _a_place_of_many_digits,
    _other_seed, _other_winner, _one_result_less, _one_twice, _other_hours, _a_bid_twice, _other_format, _no_bids,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_is_changed_is_found(record: dict[str, Any], change: Callable[[dict[str, Any]], None]) -> None:
    changed = copy.deepcopy(record)
    change(changed)
    assert faults_of(record) == []
    assert faults_of(changed) != []


def test_a_seed_that_was_chosen_after_is_found_by_who_noted_the_hash(record: dict[str, Any]) -> None:
    again = record_of(HEAD, "else", SLOTS, BIDS)
    assert faults_of(again) == []
    assert faults_of(again, hash_of("5eed")) == ["The seed does not fit the hash that you noted before the draw."]


def test_the_command_says_it_in_plain_words_and_by_its_exit(record: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "draw.json"
    file.write_text(json.dumps(record))
    good = CliRunner().invoke(commands, ["verify", str(file)])
    assert (good.exit_code, good.output) == (
        0, "The seed fits its hash. All 4 results are as the rule gives them.\n",
    )  # fmt: skip
    _other_winner(record)
    file.write_text(json.dumps(record))
    bad = CliRunner().invoke(commands, ["verify", str(file)])
    assert bad.exit_code == 1
    assert bad.output.splitlines() == [
        "k1: the file says turn 1, won b (wish 1), by streak before or behind k2;"
        " the rule gives turn 1, won a (wish 1), by streak before or behind k2."
    ]
    for none in ("no JSON", "[" * 100_000, "[]", '"pepiniere-draw-2"', "7"):
        file.write_text(none)
        refused = CliRunner().invoke(commands, ["verify", str(file)])
        assert (refused.exit_code, type(refused.exception)) == (1, SystemExit)

"""Who comes back after the same cut has missed the same: read once for all, and for nobody who may not read it."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.clubs import live, returns
from app.clubs.actions import leave_club
from app.clubs.queries import seat_for
from app.core.errors import NotFound
from app.messaging.actions import edit_message
from tests.support.cast import Cast, Person

# Their right, which goes before every read, holds the head of the log too.
RIGHT, READ = ["SELECT"], ["SELECT"] * 2
Back = Callable[..., tuple[list[Any], int]]


@pytest.fixture
def back(app: Flask, queries: Callable[[], Any]) -> Back:
    """``back(cast.amina, 3)``: what the change after that number said, and how often the database was asked."""

    def come(person: Person, since: int) -> tuple[list[Any], int]:
        with app.app_context(), queries() as asked:
            told = live.changes_since(seat_for(person.actor, "tilleul"), since)
        return [row["data"] and row["data"].get("body") for row in told["changes"]], len(asked)

    return come


def test_the_same_rows_are_read_once(cast: Cast, say: Callable[..., str], back: Back) -> None:
    say(cast.bruno, "Un.")
    assert back(cast.amina, 2) == (["Un."], len(RIGHT + READ))
    assert back(cast.bruno, 2) == (["Un."], len(RIGHT))
    assert back(cast.amina, 2) == (["Un."], len(RIGHT))


def test_nothing_missed_reads_no_row(cast: Cast, say: Callable[..., str], back: Back) -> None:
    say(cast.bruno, "Un.")
    assert back(cast.amina, 3) == ([], len(RIGHT))


def test_whatever_is_done_since_is_read_afresh(app: Flask, cast: Cast, say: Callable[..., str], back: Back) -> None:
    said = say(cast.bruno, "Un.")
    assert back(cast.amina, 2) == (["Un."], len(RIGHT + READ))
    with app.app_context():
        edit_message(cast.bruno.actor, said, "Deux.")
    assert back(cast.amina, 2) == (["Deux.", "Deux."], len(RIGHT + READ))


def test_each_reads_from_their_own_floor(cast: Cast, say: Callable[..., str], zoe: Person, back: Back) -> None:
    say(cast.bruno, "Un.")
    assert back(cast.amina, 0)[0] == [None, "On amène quoi ?", "Un."]
    assert back(zoe, 0) == (["Un."], len(RIGHT + READ))


def test_who_is_out_is_told_nothing_that_was_read_for_others(
    app: Flask, cast: Cast, say: Callable[..., str], back: Back
) -> None:
    say(cast.bruno, "Un.")
    back(cast.bruno, 2)
    with app.app_context():
        leave_club(cast.amina.actor, "tilleul")
        with pytest.raises(NotFound):
            seat_for(cast.amina.actor, "tilleul")
        with pytest.raises(NotFound):
            seat_for(cast.chloe.actor, "tilleul")


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(returns, "MOST_ROWS", 10)
    kept = returns.Returns()
    for number in range(50):
        assert kept.get((number,), lambda: {"changes": [1, 2]}) == {"changes": [1, 2]}
        assert sum(each.rows for each in kept._read.values()) <= 13


def test_who_fails_to_read_leaves_it_to_the_next() -> None:
    kept = returns.Returns()

    def fail() -> dict[str, Any]:
        raise NotFound

    with pytest.raises(NotFound):
        kept.get(("one",), fail)
    assert kept.get(("one",), lambda: {"changes": []}) == {"changes": []}

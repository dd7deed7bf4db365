"""The club's log counts 1, 2, 3 without a hole, whoever writes, and is never visible out of order."""

import random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.clubs import live
from app.clubs.models import Change
from app.core.db import db, transaction
from app.core.ids import new_id
from tests.support.application import make_app
from tests.support.cast import Cast
from tests.support.race import race

WRITERS, ROWS = 3, 12


def numbers(club_id: str) -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(select(Change.seq).where(Change.club_id == club_id).order_by(Change.seq)))


def test_a_row_that_was_rolled_back_leaves_no_hole(app: Flask, cast: Cast, context: None) -> None:
    club = cast.clubs["tilleul"]
    for fails in (False, True, False):
        with pytest.raises(KeyError) if fails else transaction(), transaction():
            live.record(club, "essai:un", new_id())
            if fails:
                raise KeyError
    assert numbers(club) == [1, 2]


def test_each_club_counts_for_itself(app: Flask, cast: Cast, context: None) -> None:
    with transaction():
        for slug in ("tilleul", "glycine", "tilleul"):
            live.record(cast.clubs[slug], "essai:un", new_id())
    assert (numbers(cast.clubs["tilleul"]), numbers(cast.clubs["glycine"])) == ([1, 2], [1])


def write_and_look(barrier: Any, url: str, club: str, seed: int) -> bool:
    """Write rows, some rolled back; between two, look: is what is visible always 1, 2, 3…?"""
    chance = random.Random(seed)
    app = make_app(url)
    barrier.wait()
    whole = True
    with app.app_context():
        written = 0
        while written < ROWS:
            try:
                with transaction():
                    live.record(club, "essai:un", new_id())
                    if chance.random() < 0.3:
                        raise KeyError
                written += 1
            except KeyError:
                pass
            seen = numbers(club)
            whole = whole and seen == list(range(1, len(seen) + 1))
            db.session.rollback()
    return whole


def test_writers_in_several_processes_leave_no_hole(app: Flask, cast: Cast) -> None:
    club, url = cast.clubs["tilleul"], app.config["SQLALCHEMY_DATABASE_URI"]
    whole = race(write_and_look, *((url, club, seed) for seed in range(WRITERS)))
    with app.app_context():
        assert (whole, numbers(club)) == ([True] * WRITERS, list(range(1, WRITERS * ROWS + 1)))

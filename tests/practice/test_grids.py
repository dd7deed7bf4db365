"""What somebody notes of themselves: theirs alone, a link for a day, gone after thirty days unless it is kept."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.core import jobs, retention
from app.core.db import db
from app.core.errors import Invalid, NotFound
from app.practice.grids import actions, queries
from app.practice.grids.leaving import grid_rows
from app.practice.grids.models import PracticeGrid
from tests.practice.conftest import MORNING
from tests.support.cast import Cast
from tests.support.clients import PageClient

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
BEFORE, AFTER = ["0", "1", "2", "0", "0", "0", "0", "0"], ["2"] * 8


@pytest.fixture
def grid(app: Flask, clock: time_machine.Traveller, cast: Cast) -> str:
    with app.app_context():
        return actions.begin_grid(cast.amina.actor, BEFORE).id


def test_before_and_after_make_the_picture_and_its_table(
    app: Flask, grid: str, cast: Cast, client_of: Any, clock: time_machine.Traveller
) -> None:
    amina: PageClient = client_of(cast.amina)
    page = amina.get(f"/rehearsals/grids/{grid}").page
    assert [form.action for form in page.forms() if form.action == f"/rehearsals/grids/{grid}/share"] != []
    sent = {f"line{number}": value for number, value in enumerate(AFTER)}
    assert amina.send(f"/rehearsals/grids/{grid}", sent).status_code == 303
    clock.shift(timedelta(minutes=1))
    with app.app_context():
        actions.begin_grid(cast.amina.actor, BEFORE)
        assert [(step.before, step.after) for step in queries.steps_of(cast.amina.actor)] == [(1, 8), (1, None)]
        assert len(grid_rows(cast.amina.account_id)) == 16
        assert grid_rows(cast.bruno.account_id) == []
    page = amina.get("/rehearsals/grids").page
    cells = [each.text for each in page.all(".//figure//td")]
    assert cells == ["1", "8", "1", "–"]
    assert len(page.all(".//{http://www.w3.org/2000/svg}rect[@class]")) == 3


@pytest.mark.parametrize("answers", [[], ["0"] * 7, [*["0"] * 7, "3"], [*["0"] * 7, ""]])
def test_every_line_has_one_of_three_words(app: Flask, grid: str, cast: Cast, answers: list[str]) -> None:
    with app.app_context():
        with pytest.raises(Invalid):
            actions.begin_grid(cast.amina.actor, answers)
        with pytest.raises(Invalid):
            actions.finish_grid(cast.amina.actor, grid, answers)


def test_a_link_opens_for_a_day_without_a_name_and_is_then_forgotten(
    app: Flask, grid: str, cast: Cast, visitor: PageClient, clock: time_machine.Traveller
) -> None:
    with app.app_context():
        secret = actions.share_grid(cast.amina.actor, grid)
    page = visitor.get(f"/rehearsals/shared/{secret}")
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    assert "Pas encore" in page.page.main
    clock.shift(timedelta(hours=24))
    assert visitor.get(f"/rehearsals/shared/{secret}").status_code == 404
    with app.app_context():
        jobs.run_due(50)
        row = db.session.scalars(select(PracticeGrid)).one()
        assert (row.shared_hash, row.shared_sealed, row.shared_until) == (None, None, None)


def test_a_link_is_taken_back_at_once_and_a_new_one_replaces_it(app: Flask, grid: str, cast: Cast) -> None:
    with app.app_context():
        first = actions.share_grid(cast.amina.actor, grid)
        second = actions.share_grid(cast.amina.actor, grid)
        with pytest.raises(NotFound):
            queries.grid_by_link(first)
        assert queries.grid_by_link(second).id == grid
        actions.end_sharing(cast.amina.actor, grid)
        with pytest.raises(NotFound):
            queries.grid_by_link(second)


def test_after_thirty_days_only_what_is_kept_is_left(
    app: Flask, grid: str, cast: Cast, clock: time_machine.Traveller
) -> None:
    with app.app_context():
        kept = actions.begin_grid(cast.amina.actor, BEFORE).id
        actions.keep_grid(cast.amina.actor, kept, kept=True)
        clock.move_to(MORNING + timedelta(days=30, minutes=-1))
        assert dict(retention.run(["practice:grids"])) == {"practice:grids": 0}
        clock.move_to(MORNING + timedelta(days=30, minutes=1))
        assert dict(retention.run(["practice:grids"])) == {"practice:grids": 1}
        assert list(db.session.scalars(select(PracticeGrid.id))) == [kept]
        actions.erase_grid(cast.amina.actor, kept)
        assert list(db.session.scalars(select(PracticeGrid.id))) == []


def test_nobody_else_finds_it(app: Flask, grid: str, cast: Cast) -> None:
    with app.app_context():
        for act in (actions.share_grid, actions.end_sharing, actions.erase_grid):
            with pytest.raises(NotFound):
                act(cast.bruno.actor, grid)

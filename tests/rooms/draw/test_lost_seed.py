"""A draw whose seed nobody can read any more: the desk says what to do, and its slots are not lost with it."""

from collections.abc import Callable

import pytest
import time_machine
from flask import Flask

from app.core.db import db, transaction
from app.core.models import Job
from app.rooms.draw.models import DrawBid
from tests.rooms.draw.conftest import CLOSE, THURSDAY, close, draws
from tests.rooms.places import slot
from tests.support import clients
from tests.support.cast import Cast


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_desk_says_what_to_do_and_dropping_it_frees_the_slots(
    app: Flask, scarce: Cast, wish: Callable[..., None], monday: time_machine.Traveller, run_jobs: Callable[[], object]
) -> None:
    wish(scarce.bruno, "tilleul", THURSDAY)
    with app.app_context(), transaction():
        draws()[0].seed_sealed = "sealed under another key"
    close(monday)
    run_jobs()
    team = clients.client_of(app, scarce.elise)
    assert "Si elle est perdue, effacez la tâche" in team.get("/desk").text
    with app.app_context():
        [job] = db.session.scalars(db.select(Job.id).where(Job.kind == "draw:hold", Job.parked_at.is_not(None)))
        assert slot("salle-1", THURSDAY, "18:30").in_draw
    assert team.submit(f"/desk/jobs/{job}/drop").status_code == 303
    with app.app_context():
        assert slot("salle-1", THURSDAY, "18:30").open
        assert db.session.query(DrawBid).count() == 0
        assert [draw.closes_at for draw in draws() if draw.closes_at == CLOSE] == []

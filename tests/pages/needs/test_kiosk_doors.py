"""The doors of a kiosk's first page say what is there now."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.core.db import db, transaction
from app.houses.models import House
from app.practice.actions import offer_to_listen
from tests.rules.practising import listening
from tests.support.cast import Cast
from tests.support.kiosks import kiosk_of
from tests.support.page import text_of

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
# A Tuesday, at four in the afternoon in Paris.
TUESDAY = datetime(2026, 11, 24, 15, tzinfo=UTC)


def doors(app: Flask, cast: Cast) -> dict[str, str]:
    """What each says under its title, by where it leads."""
    page: Any = kiosk_of(app, cast.denis).get("/kiosk").page
    doors = page.all(".//nav[@class='kiosk__grid']/a")
    return {each.get("href"): text_of(small) for each in doors for small in each.iter("small")}


def test_a_rehearsal_is_offered_and_never_when_somebody_listens(app: Flask, cast: Cast) -> None:
    before = doors(app, cast)["/rehearsals"]
    with app.app_context():
        offer_to_listen(cast.bruno.actor, listening("Basile"))
    assert (before, doors(app, cast)["/rehearsals"]) == ("Seul, ou avec quelqu’un",) * 2


def test_a_house_that_is_open_late_says_until_when(app: Flask, cast: Cast) -> None:
    with app.app_context(), transaction():
        house = db.session.scalars(db.select(House).where(House.slug == "canal")).one()
        house.open_evenings, house.evening_until = [1], "20:30"
    with time_machine.travel(TUESDAY):
        assert doors(app, cast)["/"] == "Ouvert jusqu’à 20 h 30"

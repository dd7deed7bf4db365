"""A morning in the house, where two people listen."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask

from app.practice.actions import offer_to_listen
from tests.rules.practising import listening
from tests.support.cast import Cast

MORNING = datetime(2026, 11, 24, 9, 5, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Tuesday, five past nine."""
    with time_machine.travel(MORNING, tick=False) as machine:
        yield machine


@pytest.fixture
def today(app: Flask, clock: time_machine.Traveller, cast: Cast) -> dict[str, str]:
    """Bruno listens from now until ten; Denis, of the team, tomorrow."""
    with app.test_request_context():
        peer = offer_to_listen(cast.bruno.actor, listening("Basile", "09:00", "10:00", day=MORNING.date()))
        adviser = offer_to_listen(cast.denis.actor, listening("Denis", "14:00", "14:30", ways=("house",)))
        return {"peer": peer.id, "adviser": adviser.id}

"""A Monday morning in houses with rooms."""

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask

from tests.rooms.places import MONDAY, make_places
from tests.support.cast import Cast


@pytest.fixture
def monday() -> Iterator[time_machine.Traveller]:
    """It is Monday, 2 November 2026, 8:00 UTC; ``monday.move_to(…)`` goes elsewhere."""
    with time_machine.travel(MONDAY, tick=True) as clock:
        yield clock


@pytest.fixture
def places(app: Flask, monday: time_machine.Traveller, cast: Cast) -> Cast:
    """The cast, in houses with rooms."""
    with app.app_context():
        make_places()
    return cast

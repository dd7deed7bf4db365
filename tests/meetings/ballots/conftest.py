"""A club large enough to vote without names, and a clock that can be moved on."""

from typing import Any

import pytest
import time_machine
from flask import Flask

from app.core.clock import now
from tests.support.cast import Cast, Person, make_person


@pytest.fixture
def crowd(app: Flask, cast: Cast) -> list[Person]:
    """Six of Tilleul: Bruno leads, then Amina and four more."""
    app.config["LIMIT_FACTOR"] = 1000
    with app.app_context():
        return [cast.bruno, cast.amina, *(make_person(f"p{n}", tilleul=f"Nom {n}") for n in range(4))]


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(now(), tick=False) as traveller:
        yield traveller

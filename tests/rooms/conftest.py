"""A Monday morning in houses with rooms."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.rooms.actions import Wish, claim_slot
from tests.rooms import places as where
from tests.support.cast import Cast, Person


@pytest.fixture
def monday() -> Iterator[time_machine.Traveller]:
    """It is Monday, 2 November 2026, 8:00 UTC; ``monday.move_to(…)`` goes elsewhere."""
    with time_machine.travel(where.MONDAY, tick=True) as clock:
        yield clock


@pytest.fixture
def places(app: Flask, monday: time_machine.Traveller, cast: Cast) -> Cast:
    """The cast, in houses with rooms."""
    with app.app_context():
        where.make_places()
    return cast


@pytest.fixture
def slot_id(app: Flask, places: Cast) -> Callable[..., str]:
    """``slot_id("atelier", day, "10:00")``: for tests that open pages, and so hold no context."""

    def find(room: str = "salle-1", day: date = where.TUESDAY, clock: str = "18:30") -> str:
        with app.app_context():
            return where.slot(room, day, clock).id

    return find


@pytest.fixture
def claimed(app: Flask, slot_id: Callable[..., str]) -> Callable[..., str]:
    """``claimed(cast.bruno, "tilleul", public=True)``: the id of a claim."""

    def claim(person: Person, club: str, *slot: Any, **said: Any) -> str:
        found = slot_id(*slot)
        with app.app_context():
            return claim_slot(person.actor, Wish(found, club, **{"title": "Relire son CV", **said})).claim.id

    return claim

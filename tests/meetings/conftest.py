"""Meetings stand in the rooms of the tests of rooms."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask

from app.meetings.actions import answer_meeting
from app.rooms.actions import Wish, claim_slot
from tests.rooms.conftest import claimed, monday, places, slot_id
from tests.rooms.places import make_places, slot
from tests.support.cast import Cast

__all__ = ["claimed", "monday", "places", "slot_id"]
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def clock() -> Iterator[Any]:
    """The Monday before the Tuesday of the rooms' tests, standing still."""
    with time_machine.travel(datetime(2026, 11, 9, 9, 0, tzinfo=PARIS), tick=False) as machine:
        yield machine


@pytest.fixture
def cast_here(clock: Any, app: Flask, cast: Cast) -> Cast:
    """The cast at that hour, with rooms."""
    with app.app_context():
        make_places()
    return cast


@pytest.fixture
def awaited(app: Flask, cast_here: Cast) -> str:
    """A meeting of Tilleul on that Tuesday, 18:30 to 20:30, in a room; Amina and Bruno said that they come."""
    with app.app_context():
        made = claim_slot(cast_here.bruno.actor, Wish(slot().id, "tilleul", "Relire son CV")).claim.id
        for person in (cast_here.amina, cast_here.bruno):
            answer_meeting(person.actor, made, "yes")
    return made

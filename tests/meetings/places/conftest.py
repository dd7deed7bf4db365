"""A meeting elsewhere, on the day after the clocks went forward."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask

from app.core.db import transaction
from app.meetings.actions import Plan, plan_meeting
from app.meetings.places.queries import place_for
from app.meetings.queries import meeting_for
from tests.support.cast import Cast, Person, make_person, membership

PARIS = ZoneInfo("Europe/Paris")
ADDRESS = "3 rue des Lilas, code 12B"
# A Sunday on which the clocks go forward in the night before it: that day begins 23 hours before its end.
START = datetime(2027, 3, 28, 15, 0, tzinfo=PARIS)
PLAN = Plan("Au parc", START, START + timedelta(hours=2), area="Près du canal", address=ADDRESS)


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(datetime(2027, 3, 22, 9, 0, tzinfo=PARIS), tick=False) as machine:
        yield machine


@pytest.fixture
def planned(app: Flask, cast_here: Cast) -> str:
    with app.app_context():
        return plan_meeting(cast_here.bruno.actor, "tilleul", PLAN).id


def address_for(person: Person, meeting: str) -> str:
    return place_for(meeting_for(person.actor, meeting)).address


def co_lead(name: str) -> Person:
    person = make_person(name.lower(), tilleul=name)
    with transaction():
        membership(person, "tilleul").role = "lead"
    return person

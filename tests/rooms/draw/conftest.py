"""Two scarce evenings a week in a house, and how to wish for them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.core.db import db, transaction
from app.rooms.draw.actions import open_draws, rank_wishes
from app.rooms.draw.models import Draw
from app.rooms.models import OpeningWindow
from tests.rooms import places as where
from tests.support.cast import Cast, Person

# It is Monday 2 November. The next draw closes on Sunday the 8th at 20:00 in Paris, for the week of the 23rd.
WEEK = date(2026, 11, 23)
CLOSE = datetime(2026, 11, 8, 19, 0, tzinfo=UTC)
THURSDAY, FRIDAY = date(2026, 11, 26), date(2026, 11, 27)


def make_scarce(*weekdays: int) -> None:
    """The evenings of room 1 on these days are scarce."""
    with transaction():
        evenings = select(OpeningWindow).where(
            OpeningWindow.room_id == where.room("salle-1").id, OpeningWindow.starts == "18:30"
        )
        for window in db.session.scalars(evenings):
            window.scarce = window.weekday in weekdays


@pytest.fixture
def scarce(app: Flask, places: Cast) -> Cast:
    """Thursday and Friday evening of room 1 are scarce, and their draw is open."""
    with app.app_context():
        make_scarce(3, 4)
        open_draws()
    return places


def draws() -> list[Draw]:
    return list(db.session.scalars(select(Draw).order_by(Draw.week)))


def evening(day: date = THURSDAY) -> str:
    return where.slot("salle-1", day, "18:30").id


@pytest.fixture
def wish(app: Flask, scarce: Cast) -> Callable[..., None]:
    """``wish(cast.bruno, "tilleul", THURSDAY)``: for tests that hold no context."""

    def rank(person: Person, club: str, *days: date) -> None:
        with app.app_context():
            rank_wishes(person.actor, club, [evening(day) for day in days])

    return rank


def close(clock: time_machine.Traveller) -> None:
    """A minute after the close."""
    clock.move_to(CLOSE + timedelta(minutes=1))

"""Dates proposed to Tilleul: an evening in a room, one elsewhere, one online."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, datetime, timedelta

import pytest
from flask import Flask, has_app_context

from app.core.clock import now
from app.meetings.polls.actions import open_poll
from app.meetings.polls.wishes import Proposal, Wish
from tests.meetings.conftest import claimed, monday, places, slot_id
from tests.rooms import places as where
from tests.support.cast import Cast, Person

__all__ = ["claimed", "monday", "places", "slot_id"]
DAY = where.TUESDAY


def at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=now().tzinfo)


def elsewhere(day: date = DAY, hour: int = 9, place: str = "Devant la gare") -> Wish:
    return Wish("elsewhere", start=at(day, hour), end=at(day, hour + 2), place=place)


def online(day: date = DAY, hour: int = 13) -> Wish:
    return Wish("online", start=at(day, hour), end=at(day, hour + 1))


def in_room(room: str = "salle-1", day: date = DAY, clock: str = "18:30") -> Wish:
    return Wish("room", where.slot(room, day, clock).id)


def ends(days: float = 3) -> datetime:
    return (now() + timedelta(days=days)).replace(second=0, microsecond=0)


@pytest.fixture
def proposed(app: Flask, places: Cast) -> Callable[..., str]:
    """``proposed(cast.amina, in_room())``: the id of a poll; without wishes, one of each kind."""

    def propose(person: Person | None = None, *wishes: Wish, club: str = "tilleul", title: str = "Visite") -> str:
        with nullcontext() if has_app_context() else app.app_context():
            asked = wishes or (in_room(), elsewhere(), online())
            return open_poll((person or places.amina).actor, club, Proposal(title, ends(), asked)).id

    return propose

"""What the composed pages show: discussions and meetings, made in a line."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.clock import now
from app.core.db import db, transaction
from app.core.ids import new_id
from app.messaging import actions
from app.messaging.actions import Draft
from app.rooms.models import Claim, Room
from tests.support.cast import Cast, Person
from tests.support.factories import add


@pytest.fixture
def talk(app: Flask, cast: Cast) -> Callable[..., str]:
    """``talk(cast.bruno, "tilleul", "Mardi")``: open a discussion; gives its id."""
    app.config["LIMIT_FACTOR"] = 1e6

    def open_one(person: Person, slug: str, title: str, body: str = "Bonjour.") -> str:
        with app.app_context():
            draft = Draft(client_id=str(uuid.uuid4()), body=body)
            return actions.open_thread(person.actor, slug, title, draft).thread.id

    return open_one


@pytest.fixture
def meet(app: Flask, cast: Cast) -> Callable[..., str]:
    """``meet("tilleul", "Relire son CV", days=1, hour=18)``: a claim on the house's clock; gives its id."""

    def claim(slug: str, title: str, days: int = 1, hour: int = 18, house: str = "canal", **values: Any) -> str:
        zone = {"canal": "Europe/Paris", "port": "Pacific/Auckland"}[house]
        day = now().astimezone(ZoneInfo(zone)).date() + timedelta(days=days)
        start = datetime(day.year, day.month, day.day, hour, 30, tzinfo=ZoneInfo(zone))
        with app.app_context(), transaction():
            room = _room(cast.houses[house], house)
            told = {"starts_at": start, "ends_at": start + timedelta(hours=2), "made_at": now(), "door_word": "Lampe"}
            row = Claim(id=new_id(), club_id=cast.clubs[slug], room_id=room.id, title=title, **{**told, **values})
            claim_id: str = add(row).id
            return claim_id

    return claim


def _room(house_id: str, slug: str) -> Room:
    found = db.session.scalars(select(Room).where(Room.house_id == house_id)).first()
    if found is None:
        number = len(db.session.scalars(select(Room.id)).all()) + 1
        found = add(Room(id=new_id(), number=number, house_id=house_id, slug=slug, name=f"Salle {slug}", capacity=1))
    return found

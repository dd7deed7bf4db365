"""A kiosk, or the screen of a door: a browser that was paired at the desk."""

from typing import Any

from flask import Flask
from sqlalchemy import select

from app.core.db import db
from app.houses.devices.actions import show_code
from app.houses.devices.here import cookie_name
from app.rooms.models import Room
from tests.support import clients
from tests.support.cast import Person


def letters(app: Flask, person: Person, house: str = "canal", room: str = "") -> str:
    """The six letters that somebody of the team shows, for a kiosk or for the door of a room."""
    with app.app_context():
        place = db.session.scalars(select(Room.id).where(Room.slug == room)).one() if room else ""
        return show_code(person.actor, house, place)


def door_of(app: Flask, person: Person, room: str = "salle-1", house: str = "canal") -> clients.PageClient:
    """A new screen at the door of a room."""
    client = clients.visitor(app)
    answer = client.send("/door", {"code": letters(app, person, house, room)})
    assert (answer.status_code, answer.location) == (303, "/door")
    return client


def pair(app: Flask, client: Any, person: Person, house: str = "canal") -> Any:
    """Make a browser a kiosk: the same browser."""
    answer = client.send("/kiosk", {"code": letters(app, person, house)})
    assert (answer.status_code, answer.location) == (303, "/kiosk")
    return client


def kiosk_of(app: Flask, person: Person, house: str = "canal") -> clients.PageClient:
    """A new kiosk of a house, paired with the letters of one of its team."""
    paired: clients.PageClient = pair(app, clients.visitor(app), person, house)
    return paired


def device_cookie(app: Flask, client: clients.PageClient) -> str:
    """What the browser keeps."""
    with app.test_request_context():
        cookie = client.get_cookie(cookie_name())
    return cookie.value if cookie else ""

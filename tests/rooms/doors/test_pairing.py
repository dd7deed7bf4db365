"""The desk says which door a screen hangs at; the screen then opens that page, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.core.clock import now
from app.core.db import db
from app.houses.devices.models import Device
from app.rooms.doors.models import Door
from app.rooms.doors.queries import rooms_with_a_door
from tests.rooms.places import room
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.kiosks import door_of, kiosk_of, letters
from tests.support.page import text_of

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
LIST = "/houses/canal/devices"


def lines(page: Any) -> list[str]:
    return [text_of(each) for each in page.all(".//section[@id='screens']//h3")]


def test_the_desk_chooses_the_door_and_the_screen_types_the_letters(
    app: Flask, places: Cast, client_of: Any, visitor: PageClient
) -> None:
    desk = client_of(places.denis)
    offered = [(each.get("value"), each.text) for each in desk.get(LIST).page.all(".//select[@name='place']/option")]
    said = [words.replace("\u00a0", " ") for _value, words in offered]
    assert said == ["Dans le hall : une borne", "Porte : Salle 1", "Porte : Atelier"]
    assert desk.submit(LIST, {"place": offered[2][0]}).location == LIST
    code = "".join(each.text for each in desk.get(LIST).page.all(".//p[@class='word word--code']/b"))
    assert visitor.get("/door").page.h1 == "Relier cet écran"
    assert visitor.submit("/door", {"code": code}).location == "/door"
    page = visitor.get("/door").page
    assert (page.title, page.all(".//header/span")[0].text) == ("Atelier – Maison du Canal", "Atelier ")
    assert lines(desk.get(LIST).page) == ["Porte : Atelier"]


def test_the_letters_say_what_the_screen_is_wherever_they_are_typed(
    app: Flask, places: Cast, visitor: PageClient
) -> None:
    assert visitor.send("/kiosk", {"code": letters(app, places.denis, room="salle-1")}).location == "/kiosk"
    assert visitor.get("/kiosk").location == "/door"
    kiosk = kiosk_of(app, places.denis)
    assert [kiosk.get("/door").location, kiosk.send("/door", {"code": "BBBBBB"}).location] == ["/kiosk", "/kiosk"]


def test_a_door_of_another_house_is_not_for_this_team(app: Flask, places: Cast, client_of: Any) -> None:
    with app.app_context():
        quay = room("quai").id
    desk = client_of(places.denis)
    refused = desk.send(LIST, {"place": quay})
    assert (refused.status_code, refused.page.title) == (422, "Erreur : Écrans et bornes – Maison du Canal")


def test_wrong_letters_are_said_beside_the_field(app: Flask, places: Cast, visitor: PageClient) -> None:
    refused = visitor.send("/door", {"code": "BBBBBB"})
    assert (refused.status_code, refused.page.form().action) == (422, "/door")


def test_a_door_shows_life_and_what_is_silent_is_said(app: Flask, places: Cast, client_of: Any) -> None:
    door, desk = door_of(app, places.denis), client_of(places.denis)

    def working() -> list[str]:
        with app.app_context():
            both = [room("salle-1"), room("atelier")]
            return [one.slug for one in both if one.id in rooms_with_a_door(both)]

    with time_machine.travel(now(), tick=False) as clock:
        for minutes, silent, found in ((4, 0, ["salle-1"]), (2, 1, [])):
            clock.shift(timedelta(minutes=minutes))
            assert (desk.get(LIST).page.html.count("Muette"), working()) == (silent, found)
        assert (door.get("/door").status_code, working()) == (200, ["salle-1"])
        kiosk_of(app, places.denis)
        assert working() == ["salle-1", "atelier"]


def test_unpaired_it_asks_for_letters_again(app: Flask, places: Cast, client_of: Any) -> None:
    door, desk = door_of(app, places.denis), client_of(places.elise)
    with app.app_context():
        device = db.session.scalars(select(Device.id)).one()
    assert desk.send(f"{LIST}/{device}/unpair", on=LIST).location == LIST
    assert door.get("/door").page.h1 == "Relier cet écran"
    with app.app_context():
        assert db.session.scalars(select(Door)).all() == []

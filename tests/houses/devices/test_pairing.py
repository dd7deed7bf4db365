"""A screen of the house: six letters shown at the desk make a browser a kiosk, until the desk says otherwise."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.accounts.models import LoginSession
from app.core.clock import now, to_the_minute
from app.core.clockwork import run_clock
from app.core.db import db
from app.core.errors import NotFound
from app.houses.devices.actions import GUESSES, LETTERS, unpair
from app.houses.devices.models import Device, DeviceCall, PairingCode
from app.houses.journal import all_entries
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.factories import PASSWORD
from tests.support.kiosks import device_cookie, kiosk_of, letters, pair
from tests.support.process import Server
from tests.support.sockets import Socket

one_engine = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
LIST = "/houses/canal/devices"


def shown(page: Any) -> str:
    """The letters on the page of the desk."""
    return "".join(each.text for each in page.all(".//p[@class='word word--code']/b"))


def lines(page: Any) -> list[str]:
    return [" ".join("".join(each.itertext()).split()) for each in page.all(".//section[@id='screens']//h3/..")]


def test_the_desk_shows_letters_and_the_screen_types_them(
    app: Flask, cast: Cast, client_of: Any, visitor: PageClient
) -> None:
    desk = client_of(cast.denis)
    assert desk.submit(LIST).location == LIST
    code = shown(desk.get(LIST).page)
    assert (len(code), set(code) - set(LETTERS)) == (6, set())
    assert visitor.get("/kiosk").status_code == 200
    answer = visitor.submit("/kiosk", {"code": f" {code[:3].lower()}-{code[3:].lower()} "})
    assert (answer.status_code, answer.location) == (303, "/kiosk")
    kept = next(each for each in answer.headers.getlist("Set-Cookie") if each.startswith("device="))
    assert {part.strip() for part in kept.split(";")} >= {"HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=34560000"}
    assert visitor.get("/kiosk").page.h1 == "Bonjour. Que voulez-vous faire ?"
    page = desk.get(LIST).page
    assert (lines(page), shown(page)) == ([f"Borne 1Dernier signe : à l’instantReliée le {told_today(app)}"], "")
    with app.app_context():
        assert [(each.act, each.by_role) for each in all_entries()] == [
            ("device:paired", "house"),
            ("device:offered", "facilitator"),
        ]


def told_today(app: Flask) -> str:
    from app.web.filters import day_long

    with app.test_request_context(headers={"Accept-Language": "fr"}):
        return day_long(now())


@one_engine
def test_nothing_of_the_letters_and_of_the_cookie_is_stored_as_it_is(app: Flask, cast: Cast) -> None:
    code = letters(app, cast.denis)
    with app.app_context():
        stored = repr(db.session.execute(select(PairingCode.__table__)).all())
    assert (code in stored, len(stored) > 50) == (False, True)
    kiosk = kiosk_of(app, cast.elise)
    with app.app_context():
        row = db.session.execute(select(Device.__table__)).one()
    assert (device_cookie(app, kiosk) in repr(row), len(device_cookie(app, kiosk)) >= 40) == (False, True)


@one_engine
def test_letters_serve_once_for_ten_minutes_and_one_at_a_time(app: Flask, cast: Cast, visitor: PageClient) -> None:
    first = letters(app, cast.denis)
    second = letters(app, cast.denis)
    others = letters(app, cast.elise)
    assert visitor.send("/kiosk", {"code": first}).status_code == 422
    assert visitor.send("/kiosk", {"code": second}).status_code == 303
    visitor.delete_cookie("device")
    assert visitor.send("/kiosk", {"code": second}).status_code == 422
    with time_machine.travel(now() + timedelta(minutes=10)):
        refused = visitor.send("/kiosk", {"code": others})
        assert (refused.status_code, refused.page.title) == (422, "Erreur : Relier cet écran – Maison du Canal")


@one_engine
def test_who_guesses_is_stopped_by_place(app: Flask, cast: Cast, visitor: PageClient) -> None:
    code = letters(app, cast.denis)
    token = visitor.token("/kiosk")
    tries = [visitor.post("/kiosk", data={"csrf_token": token, "code": "BBBBBB"}) for _ in range(GUESSES.amount)]
    assert {answer.status_code for answer in tries} == {422}
    assert visitor.post("/kiosk", data={"csrf_token": token, "code": code}).status_code == 429
    elsewhere = {"REMOTE_ADDR": "10.9.8.7"}
    assert visitor.post("/kiosk", data={"csrf_token": token, "code": code}, environ_base=elsewhere).status_code == 303


@one_engine
def test_who_pairs_a_browser_is_signed_out_of_it(app: Flask, cast: Cast, client_of: Any) -> None:
    browser = pair(app, client_of(cast.denis), cast.denis)
    assert browser.get("/desk").location == "/sign-in?next=/desk"
    with app.app_context():
        assert db.session.scalars(select(LoginSession)).all() == []


@one_engine
def test_a_screen_gives_a_sign_of_life_to_the_minute(app: Flask, cast: Cast, client_of: Any, queries: Any) -> None:
    # In the morning, so that three hours later is the same day.
    start = (now() + timedelta(days=1)).replace(hour=8, minute=0, second=0, microsecond=0)
    with time_machine.travel(start, tick=False):
        kiosk = kiosk_of(app, cast.denis)

    def seen() -> Any:
        with app.app_context():
            return db.session.scalars(select(Device.seen_at)).one()

    later = start + timedelta(hours=3, seconds=20)
    with time_machine.travel(later, tick=False) as clock:
        assert "il y a 3 heures" in lines(client_of(cast.denis).get(LIST).page)[0]
        kiosk.get("/help")
        assert seen() == to_the_minute(later)
        clock.shift(20)
        with queries() as asked:
            kiosk.get("/clubs")
        assert [each for each in asked if each.startswith("UPDATE")] == []


@one_engine
def test_a_browser_without_the_cookie_costs_no_look(app: Flask, visitor: PageClient, cast: Cast, queries: Any) -> None:
    visitor.get("/help")
    with queries() as asked:
        visitor.get("/help")
    assert [each for each in asked if "device" in each] == []
    kiosk = kiosk_of(app, cast.denis)
    with queries() as asked:
        kiosk.get("/help")
    assert len([each for each in asked if "FROM device" in each]) == 1


def test_unpairing_ends_what_is_open_on_the_screen(app: Flask, cast: Cast, client_of: Any) -> None:
    kiosk, other = kiosk_of(app, cast.denis), client_of(cast.amina)
    kiosk.submit("/sign-in", {"email": cast.amina.email, "password": PASSWORD, "way": "password"})
    assert kiosk.get("/account").status_code == 200
    desk = client_of(cast.elise)
    with app.app_context():
        device = db.session.scalars(select(Device.id)).one()
        with pytest.raises(NotFound):
            unpair(cast.denis.actor, "port", device)
    assert desk.send(f"{LIST}/{device}/unpair", on=LIST).location == LIST
    assert kiosk.get("/account").location == "/sign-in?next=/account"
    assert other.get("/account").status_code == 200
    assert kiosk.get("/kiosk").page.h1 == "Relier cet écran"
    assert desk.send(f"{LIST}/{device}/unpair", on=LIST).status_code == 404
    with app.app_context():
        assert all_entries()[0].act == "device:unpaired"


def test_unpairing_closes_the_sockets_of_the_screen(server: Server) -> None:
    assert server.cast is not None
    kiosk = kiosk_of(server.app, server.cast.denis)
    kiosk.submit("/sign-in", {"email": server.cast.amina.email, "password": PASSWORD, "way": "password"})
    cookie = kiosk.get_cookie(server.app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    spoken = {"Cookie": f"{server.app.config['SESSION_COOKIE_NAME']}={cookie.value}"}
    live = Socket(server.url, headers=spoken)
    assert live.call("club:watch", {"club": "tilleul"})["ok"] is True
    with server.app.app_context():
        unpair(server.cast.denis.actor, "canal", db.session.scalars(select(Device.id)).one())
    assert live.gone() is True


@one_engine
def test_what_is_over_is_thrown_away(app: Flask, cast: Cast) -> None:
    kiosk = kiosk_of(app, cast.denis)
    letters(app, cast.denis)
    kiosk.send("/kiosk/call", on="/kiosk")
    with app.app_context():
        with time_machine.travel(now() + timedelta(minutes=16)):
            assert run_clock() > 0
        assert [db.session.scalars(select(table)).all() for table in (PairingCode, DeviceCall)] == [[], []]

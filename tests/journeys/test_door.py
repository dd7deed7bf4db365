"""The screen on a door: each minute it renews itself; through a cut it keeps what it heard, and says since when."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from app.core.clock import now
from app.core.db import db, transaction
from app.core.ids import new_id
from app.houses.devices.actions import unpair
from app.houses.devices.models import Device
from app.rooms.models import Claim, Span
from tests.rooms.places import make_places, room
from tests.support.browser import Reader
from tests.support.clients import visitor
from tests.support.kiosks import letters
from tests.support.process import Server

TABLET = {"width": 1280, "height": 800}
A_MINUTE = 62_000


@pytest.fixture
def door(server: Server, reader: Callable[..., Reader]) -> Reader:
    """A tablet that has just been paired, whose clock can be moved on."""
    assert server.cast is not None
    with server.app.app_context():
        make_places()
    door = reader(viewport=TABLET)
    door.context.clock.install()
    door.page.goto("/door")
    door.page.get_by_label("Les six lettres").fill(letters(server.app, server.cast.denis, room="salle-1"))
    door.page.get_by_role("button", name="Relier").click()
    expect(door.page.locator(".door")).to_be_visible()
    return door


def meet(
    server: Server, minutes: int, *, club: str = "romarin", title: str = "Entre nous", public: bool = False
) -> str:
    """A meeting that begins in so many minutes, and lasts two hours; its door word."""
    assert server.cast is not None
    with server.app.app_context(), transaction():
        start = now().replace(second=0, microsecond=0) + timedelta(minutes=minutes)
        place, end = room("salle-1").id, start + timedelta(hours=2)
        times = {"starts_at": start, "ends_at": end}
        claim = Claim(
            id=new_id(), club_id=server.cast.clubs[club], room_id=place, door_word="Boussole", title=title,
            public=public, made_at=now(), **times,
        )  # fmt: skip
        db.session.add(claim)
        db.session.flush()
        db.session.add(Span(id=new_id(), room_id=place, claim_id=claim.id, **times))
    return "Boussole"


def next_minute(page: Page) -> None:
    """The door asks again; its old face is gone, or says that it is old."""
    page.locator("main").evaluate("face => face.setAttribute('data-old', '')")
    with page.expect_response("**/door"):
        page.clock.fast_forward(A_MINUTE)
    expect(page.locator("main[data-old]:not(:has(.door__off:not([hidden])))")).to_have_count(0)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollHeight <= innerHeight && scrollX === 0"))


def test_it_renews_itself_without_a_reload(server: Server, door: Reader) -> None:
    page = door.page
    page.evaluate("window.kept = true")
    word = meet(server, -20)
    next_minute(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Réservé jusqu’à")
    expect(page.locator(".door__word strong")).to_have_text(word)
    assert (fits(page), page.evaluate("window.kept"), page.locator("main").count()) == (True, True, 1)
    nodes = page.locator("*").count()
    for _ in range(10):
        next_minute(page)
    expect(page.locator("*")).to_have_count(nodes)


@pytest.mark.parametrize("size", [(1024, 600), (1280, 800), (800, 1280)])
def test_a_long_name_leaves_room_for_what_comes_next(server: Server, door: Reader, size: tuple[int, int]) -> None:
    page, long = door.page, "Comprendre les annonces et préparer ensemble les entretiens de la semaine prochaine "
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for minutes in (-20, 105, 230):
        meet(server, minutes, club="tilleul", title=long.strip(), public=True)
    next_minute(page)
    expect(page.locator(".door__now")).to_contain_text("Comprendre les annonces")
    expect(page.locator(".door__list li")).to_have_count(2)
    assert fits(page)


def test_through_a_cut_it_keeps_what_it_heard_and_says_since_when(server: Server, door: Reader) -> None:
    page, off = door.page, door.page.locator(".door__off")
    door.allow("ERR_INTERNET_DISCONNECTED")
    meet(server, -20)
    next_minute(page)
    expect(off).to_be_hidden()
    heard = page.locator(".door__top time").inner_text().rpartition("· ")[2]
    door.context.set_offline(True)
    page.clock.fast_forward(A_MINUTE)
    expect(off).to_have_text(f"Hors ligne depuis {heard}")
    for _ in range(3):
        page.clock.fast_forward(3_600_000)
    expect(page.locator(".door__word strong")).to_have_text("Boussole")
    assert (page.url, fits(page)) == (f"{server.url}/door", True)
    with page.expect_response("**/door"):
        door.context.set_offline(False)
    expect(off).to_be_hidden()
    expect(page.locator(".door__top time")).to_be_visible()


def test_a_server_that_is_away_is_a_cut_too(server: Server, door: Reader) -> None:
    page = door.page
    door.allow("503")
    page.route("**/door", lambda asked: asked.fulfill(status=503, body="<p>Un instant</p>"))
    next_minute(page)
    expect(page.locator(".door__off")).to_be_visible()
    page.unroute("**/door")
    with page.expect_response("**/door"):
        page.clock.fast_forward(11_000)
    expect(page.locator(".door__off")).to_be_hidden()


def test_unpaired_at_the_desk_it_asks_for_letters(server: Server, door: Reader) -> None:
    assert server.cast is not None
    with server.app.app_context():
        unpair(server.cast.denis.actor, "canal", db.session.scalars(select(Device.id)).one())
    next_minute(door.page)
    expect(door.page.get_by_label("Les six lettres")).to_be_visible()


def test_the_clock_and_the_code_of_the_door_are_those_of_the_house(server: Server, door: Reader) -> None:
    """Whatever the tablet believes: the server's time is moved on, the tablet's own stands still."""
    page, shown, codes = door.page, set(), []
    meet(server, 4)
    secret = next(each["value"] for each in door.context.cookies() if each["name"] == "device")
    client = visitor(server.app)
    client.set_cookie("device", secret)
    for minutes in (1, 2, 61):
        with time_machine.travel(now() + timedelta(minutes=minutes)):
            told = client.get("/door", headers={"X-Fragment": "main", "Accept-Language": "fr"})
        body, moment = told.get_data(as_text=True), told.page.all(".//header/time")[0]
        page.unroute_all()
        page.route("**/door", partial(_answer, body))
        next_minute(page)
        expect(page.locator(".door__top time")).to_have_attribute("datetime", moment.get("datetime", ""))
        shown.add(moment.get("datetime"))
        codes += page.locator("[data-minute] strong").all_inner_texts()
        assert fits(page)
    # Two minutes before it begins, and an hour later, when nobody is asked any more.
    assert (len(shown), len(codes), len(set(codes))) == (3, 2, 2)


def _answer(body: str, asked: Route) -> None:
    asked.fulfill(body=body, content_type="text/html; charset=utf-8")

"""Blocks that are asked for again while somebody looks: the week of slots."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.rooms.places import make_places
from tests.support.browser import Reader
from tests.support.cast import Person
from tests.support.clients import api_of
from tests.support.process import Server


@pytest.fixture
def house(server: Server) -> Server:
    with server.app.app_context():
        make_places()
    return server


def _claim(server: Server, person: Person, club: str) -> str:
    """Take a free slot of next week; returns the id of its element on the page."""
    slots = requests.get(f"{server.url}/api/v1/houses/canal/slots?room=salle-1&limit=100", timeout=10).json()["items"]
    free = [slot for slot in slots if slot["state"] == "free"][-1]
    answer = requests.post(
        f"{server.url}/api/v1/slots/{free['id']}/claim",
        json={"club": club, "title": "Relire son CV"},
        headers={"Authorization": f"Bearer {api_of(server.app, person).secret}"},
        timeout=10,
    )
    answer.raise_for_status()
    return f"s-{free['id']}"


def _open_week(page: Page, server: Server) -> Page:
    """Today and the six days that follow lie in two weeks of the calendar: the one of the last day."""
    slots = requests.get(f"{server.url}/api/v1/houses/canal/slots?room=salle-1&limit=100", timeout=10).json()["items"]
    page.goto(f"/houses/canal/slots?room=salle-1&week={_week(slots[-1]['start'])}")
    return page


def _week(start: str) -> str:
    year, week, _day = datetime.fromisoformat(start).isocalendar()
    return f"{year}-W{week:02d}"


def test_a_member_sees_at_once_what_the_club_claims(house: Server, reader: Callable[..., Reader]) -> None:
    assert house.cast is not None
    page = reader(house.cast.amina).page
    with page.expect_websocket():
        _open_week(page, house)
    page.evaluate("window.kept = true")
    claimed = _claim(house, house.cast.bruno, "tilleul")
    expect(page.locator(f'[id="{claimed}"]')).to_contain_text("Votre club")
    assert page.evaluate("window.kept") is True


def test_others_see_it_within_twenty_seconds_and_open_no_socket(house: Server, reader: Callable[..., Reader]) -> None:
    assert house.cast is not None
    page = reader().page
    sockets: list[Any] = []
    page.on("websocket", lambda opened: sockets.append(opened))
    page.clock.install()
    _open_week(page, house)
    claimed = _claim(house, house.cast.bruno, "tilleul")
    expect(page.locator(f'[id="{claimed}"]')).to_contain_text("Libre")
    page.clock.fast_forward(20_000)
    expect(page.locator(f'[id="{claimed}"]')).to_contain_text("Réservé")
    assert sockets == []


def test_focus_stays_where_it_was(house: Server, reader: Callable[..., Reader]) -> None:
    assert house.cast is not None
    page = reader(house.cast.bruno).page
    with page.expect_websocket():
        _open_week(page, house)
    link = page.locator("#week .slot--free a").first
    link.focus()
    claimed = _claim(house, house.cast.bruno, "tilleul")
    expect(page.locator(f'[id="{claimed}"]')).to_contain_text("Votre club")
    expect(link).to_be_focused()

"""Who loses a slot is told that the same moment can be planned online, where their house has links."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.core.db import db
from app.core.errors import DomainError
from app.meetings.places.actions import set_link
from app.rooms.actions import Wish, claim_slot
from tests.rooms.places import MONDAY, slot
from tests.support.cast import Cast, Person
from tests.support.clients import PageClient

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
Browser = Callable[[Person], PageClient]
Find = Callable[..., str]
SENT = {"club": "glycine", "title": "Un titre gardé", "size": "5"}


@pytest.fixture
def with_links(app: Flask, places: Cast) -> None:
    with app.app_context():
        set_link(places.elise.actor, "canal", "https://rencontre.example/{code}")


def kinds(person: Person, wish: Wish) -> list[str]:
    with pytest.raises(DomainError) as refused:
        claim_slot(person.actor, wish)
    db.session.rollback()
    return [choice["kind"] for choice in refused.value.extra["alternatives"]]


@pytest.mark.usefixtures("context")
def test_a_house_without_links_offers_rooms_alone(places: Cast) -> None:
    claim_slot(places.bruno.actor, Wish(slot().id, "tilleul", "Le premier"))
    assert kinds(places.chloe, Wish(slot().id, "glycine", "Le second")) == ["later", "room", "house"]


@pytest.mark.usefixtures("context", "with_links")
def test_online_comes_after_the_rooms_and_has_no_slot(places: Cast) -> None:
    claim_slot(places.bruno.actor, Wish(slot().id, "tilleul", "Le premier"))
    with pytest.raises(DomainError) as refused:
        claim_slot(places.chloe.actor, Wish(slot().id, "glycine", "Le second"))
    *rooms, online = refused.value.extra["alternatives"]
    assert ([choice["kind"] for choice in rooms], online) == (["later", "room", "house"], {"kind": "online"})


@pytest.mark.usefixtures("context", "with_links")
def test_what_is_past_is_not_planned_online(places: Cast, monday: Any) -> None:
    wish = Wish(slot(day=MONDAY.date(), clock="10:00").id, "glycine", "Trop tard")
    monday.move_to("2026-11-02T11:30:00+00:00")
    assert "online" not in kinds(places.chloe, wish)


@pytest.mark.usefixtures("with_links")
def test_title_and_time_are_kept_on_the_way_to_the_form(
    client_of: Browser, places: Cast, slot_id: Find, claimed: Find
) -> None:
    claimed(places.bruno, "tilleul")
    chloe, path = client_of(places.chloe), f"/slots/{slot_id()}/claim"
    taken = chloe.get(path)
    there = f"/clubs/glycine/meetings/new?slot={slot_id()}"
    assert (taken.status_code, there in taken.page.links) == (409, True)
    begun = chloe.get(there).page
    assert [begun.by_id(name).get("value") for name in ("title", "day", "start", "end")] == [
        "", "2026-11-10", "18:30", "20:30",
    ]  # fmt: skip
    assert begun.by_id("online").get("checked") is not None
    lost = chloe.send(path, SENT, on=f"/slots/{slot_id('atelier')}/claim").page
    ways = [each.get("formaction") for each in lost.all(".//button[@name='begin']")]
    assert ways == [there]
    kept = chloe.send(there, {**SENT, "begin": "yes"}, on="/agenda")
    assert kept.status_code == 200
    assert [kept.page.by_id(name).get("value") for name in ("title", "day")] == ["Un titre gardé", "2026-11-10"]
    made = chloe.submit(there, {"title": "Un titre gardé", "online": "y"})
    assert made.status_code == 303
    seen = chloe.get(made.location).page
    assert (seen.h1, "18 h 30 – 20 h 30" in seen.main) == ("Un titre gardé", True)


@pytest.mark.usefixtures("with_links")
def test_a_slot_of_nowhere_is_not_found(client_of: Browser, places: Cast) -> None:
    bruno = client_of(places.bruno)
    assert bruno.get(f"/clubs/tilleul/meetings/new?slot={'a' * 26}").status_code == 404

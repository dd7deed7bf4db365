"""What a club is asked about its rooms stands on the first page of its leads, until it is answered."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.core.db import db, transaction
from app.rooms.actions import release_claim
from app.rooms.models import Hold
from app.rooms.series import swaps
from app.rooms.series.models import ClaimSwap
from app.rooms.waiting.actions import Wait, wait_for_slot
from tests.rooms.places import TUESDAY
from tests.support.cast import Cast, Person
from tests.support.clients import PageClient

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
Browser = Callable[[Person], PageClient]
WEEK = timedelta(days=7)


@pytest.fixture
def offered(app: Flask, places: Cast, claimed: Callable[..., str], slot_id: Callable[..., str]) -> str:
    """A slot that Tilleul waited for is kept for it; the id of its place in the list."""
    had, found = claimed(places.chloe, "glycine"), slot_id()
    with app.app_context():
        place: Any = wait_for_slot(places.bruno.actor, Wait(found, "tilleul")).id
        release_claim(places.chloe.actor, had)
    return str(place)


@pytest.fixture
def proposed(app: Flask, places: Cast, claimed: Callable[..., str], slot_id: Callable[..., str]) -> str:
    """Glycine proposes an exchange to Tilleul; the id of the proposal."""
    ours = claimed(places.chloe, "glycine", "atelier", TUESDAY + WEEK, "10:00")
    claimed(places.bruno, "tilleul")
    with app.app_context():
        return swaps.ask_swap(places.chloe.actor, ours, slot_id()).id


def words(client: PageClient) -> str:
    return client.get("/").page.main.replace("\N{NO-BREAK SPACE}", " ")


def test_a_slot_that_is_kept_is_on_the_first_page_of_the_leads(
    app: Flask, places: Cast, client_of: Browser, offered: str
) -> None:
    bruno, link = client_of(places.bruno), f"/waiting/{offered}"
    told = words(bruno)
    assert "Une salle est libre pour vous" in told
    assert "Club Tilleul. Répondre avant le mercredi 4 novembre, 9 h" in told
    assert link in bruno.get("/").page.links
    # A member and another club read nothing of it.
    assert [link in client_of(other).get("/").page.links for other in (places.amina, places.chloe)] == [False, False]
    with app.app_context(), transaction():
        hold = db.session.scalars(db.select(Hold)).one()
        hold.until = hold.made_at
    assert link not in bruno.get("/").page.links


def test_an_exchange_that_is_proposed_is_on_the_first_page_of_the_leads(
    places: Cast, client_of: Browser, proposed: str
) -> None:
    bruno, link = client_of(places.bruno), f"/swaps/{proposed}"
    told = words(bruno)
    assert "Un autre club vous propose un échange." in told
    assert "Club Tilleul. Répondre avant le lundi 9 novembre" in told
    assert link in bruno.get("/").page.links
    # Who asked waits, and a member has nothing to answer.
    assert [link in client_of(other).get("/").page.links for other in (places.amina, places.chloe)] == [False, False]
    assert bruno.submit(link, {"answer": "no"}).status_code == 303
    assert link not in bruno.get("/").page.links


def test_a_proposal_that_is_answered_asks_nothing_more(
    app: Flask, places: Cast, client_of: Browser, proposed: str
) -> None:
    bruno, path = client_of(places.bruno), f"/swaps/{proposed}"
    assert [e.get("value") for e in bruno.get(path).page.all(".//button") if e.get("name") == "answer"] == ["yes", "no"]
    bruno.submit(path, {"answer": "no"})
    page = bruno.get(path).page
    assert "Cette proposition n’attend plus de réponse." in page.main
    assert [e for e in page.all(".//button") if e.get("name") == "answer"] == []
    with app.app_context(), transaction():
        swap = db.session.get_one(ClaimSwap, proposed)
        swap.outcome, swap.until = None, swap.asked_at
    assert "Cette proposition n’attend plus de réponse." in bruno.get(path).page.main


def test_who_asked_reads_until_when_the_other_club_may_answer(
    places: Cast, client_of: Browser, claimed: Callable[..., str], slot_id: Callable[..., str]
) -> None:
    ours = claimed(places.chloe, "glycine", "atelier", TUESDAY + WEEK, "10:00")
    claimed(places.bruno, "tilleul")
    chloe, path = client_of(places.chloe), f"/claims/{ours}/swap?house=canal&week=2026-W46"
    answer = chloe.send(f"/claims/{ours}/swap", {"slot": slot_id()}, on=path)
    told = chloe.get(answer.location).page.main.replace("\N{NO-BREAK SPACE}", " ")
    assert "C’est proposé. L’autre club répond avant le lundi 9 novembre" in told


def test_who_waits_already_is_led_to_the_place(
    app: Flask, places: Cast, client_of: Browser, claimed: Callable[..., str], slot_id: Callable[..., str]
) -> None:
    morning = ("salle-1", TUESDAY, "10:00")
    claimed(places.chloe, "glycine", *morning)
    bruno, path = client_of(places.bruno), f"/slots/{slot_id(*morning)}/wait"
    assert bruno.get(path).status_code == 200
    place = bruno.submit(path, {"club": "tilleul", "what": "slot"}).location
    again = bruno.get(path)
    assert (again.status_code, again.location) == (303, place)

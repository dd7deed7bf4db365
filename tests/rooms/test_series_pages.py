"""The pages of series, moves and exchanges, without script."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.core.db import db
from app.rooms.series import changes
from app.rooms.series.models import ClaimSwap
from tests.rooms.places import TUESDAY, claims
from tests.support.cast import Cast, Person
from tests.support.clients import PageClient

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
Find = Callable[..., str]
Browser = Callable[[Person], PageClient]
WEEK = timedelta(days=7)


def test_a_lead_repeats_reads_each_date_and_takes_another_moment(
    app: Flask, client_of: Browser, places: Cast, slot_id: Find, claimed: Find
) -> None:
    claimed(places.chloe, "glycine", "salle-1", TUESDAY + WEEK)
    bruno, found = client_of(places.bruno), slot_id()
    form = bruno.get(f"/slots/{found}/claim").page
    assert ("Répéter ?" in form.text.replace("\u00a0", " "), "mardi 17 novembre : pas libre" in form.text) == (
        True,
        True,
    )
    sent = {"club": "tilleul", "title": "Relire son CV", "repeat": "biweekly", "times": "3"}
    with app.app_context():
        before = len(claims())
    none_ticked = bruno.submit(f"/slots/{found}/claim", {**sent, "repeat": "dates"})
    assert (none_ticked.status_code, "Cochez au moins une date." in none_ticked.page.text) == (422, True)
    sent |= {"repeat": "dates", "dates": [str(TUESDAY + WEEK), str(TUESDAY + 2 * WEEK)]}
    answer = bruno.submit(f"/slots/{found}/claim", sent)
    assert answer.status_code == 303
    page = bruno.get(answer.location).page
    assert ("2 dates réservées" in page.main, "1 date n’a pas pu être réservée." in page.main) == (True, True)
    assert "Déjà pris" in page.main or "vient d’être pris" in page.main
    chosen = next(e for e in page.all(".//button") if e.get("name") == "slot").get("value")
    assert bruno.send(f"{answer.location}/dates/1", {"slot": chosen}, on=answer.location).status_code == 303
    again = bruno.get(answer.location).page
    assert ("3 dates réservées" in again.main, "Pas réservé" in again.main, "Bruno" in again.main) == (
        True,
        False,
        False,
    )
    with app.app_context():
        assert len(claims()) == before + 3


def test_a_claim_is_changed_and_moved(
    app: Flask, client_of: Browser, places: Cast, claimed: Find, slot_id: Find
) -> None:
    claim, bruno = claimed(places.bruno, "tilleul"), client_of(places.bruno)
    empty = bruno.submit(f"/claims/{claim}/change", {"title": " "})
    assert (empty.status_code, "Écrivez un titre." in empty.page.text) == (422, True)
    assert bruno.submit(f"/claims/{claim}/change", {"title": "Autre titre", "size": "5"}).status_code == 303
    week = "2026-W47"
    picks = bruno.get(f"/claims/{claim}/move?house=canal&week={week}").page
    where = slot_id("salle-1", TUESDAY + WEEK, "10:00")
    assert f"/claims/{claim}/move/{where}" in picks.links
    assert bruno.submit(f"/claims/{claim}/move/{where}").status_code == 303
    page = bruno.get(f"/claims/{claim}").page.main.replace("\u00a0", " ")
    assert "Déplacé. Avant : mardi 10 novembre, 18 h 30, Salle 1. Après : mardi 17 novembre, 10 h, Salle 1." in page
    with app.app_context():
        (stands,) = claims()
        assert (stands.title, stands.size, stands.id) == ("Autre titre", 5, claim)


@pytest.mark.parametrize("public", [False, True])
def test_an_exchange_names_who_asks_only_where_the_week_does(
    app: Flask, client_of: Browser, places: Cast, claimed: Find, public: bool
) -> None:
    ours = claimed(places.bruno, "tilleul", public=public)
    claimed(places.chloe, "glycine", "atelier", TUESDAY + WEEK, "10:00")
    bruno, chloe = client_of(places.bruno), client_of(places.chloe)
    address = f"/claims/{ours}/swap?house=canal&week=2026-W47"
    picks = bruno.get(address).page
    assert [word for word in ("Glycine", "glycine", "Chloé") if word in picks.main] == []
    (chosen,) = [e.get("value") for e in picks.all(".//button") if e.get("name") == "slot"]
    assert bruno.send(f"/claims/{ours}/swap", {"slot": chosen}, on=address).status_code == 303
    mine = bruno.get("/clubs/tilleul/requests").page.main
    assert ("Vous proposez d’échanger" in mine, "Glycine" in mine) == (True, False)
    theirs = chloe.get("/clubs/glycine/requests").page.main
    assert ("propose d’échanger" in theirs, "Tilleul" in theirs) == (True, public)
    with app.app_context():
        swap = db.session.scalars(db.select(ClaimSwap.id)).one()
    page = chloe.get(f"/swaps/{swap}").page
    assert ("Vous recevez" in page.main, "Tilleul" in page.main) == (True, public)
    assert chloe.send(f"/swaps/{swap}", {"answer": "yes"}, on=f"/swaps/{swap}").status_code == 303
    history = bruno.get(f"/claims/{ours}").page.main
    assert ("Échangé avec un autre club." in history, "Glycine" in history) == (True, False)
    assert "propose d’échanger" not in chloe.get("/clubs/glycine/requests").page.main


def test_a_proposed_exchange_never_tells_where_the_other_club_went(
    app: Flask, client_of: Browser, places: Cast, claimed: Find, slot_id: Find
) -> None:
    """Who asked would know on every later day which slots are held by the one that held this slot."""
    ours = claimed(places.bruno, "tilleul")
    theirs = claimed(places.chloe, "glycine", "atelier", TUESDAY + WEEK, "10:00")
    bruno = client_of(places.bruno)
    address = f"/claims/{ours}/swap?house=canal&week=2026-W47"
    (chosen,) = [e.get("value") for e in bruno.get(address).page.all(".//button") if e.get("name") == "slot"]
    assert bruno.send(f"/claims/{ours}/swap", {"slot": chosen}, on=address).status_code == 303
    bruno.get("/clubs/tilleul/requests")  # what was said once of the proposal is said
    before = bruno.get("/clubs/tilleul/requests").page.main
    assert "mardi 17 novembre" in before.replace("\u00a0", " ")
    elsewhere = slot_id("atelier", TUESDAY + 2 * WEEK, "14:00")
    with app.app_context():
        assert changes.move_part(places.chloe.actor, theirs, "this", elsewhere) == (1, 0)
    assert bruno.get("/clubs/tilleul/requests").page.main == before


def test_a_date_of_a_series_is_given_back_with_those_that_follow(
    app: Flask, client_of: Browser, places: Cast, slot_id: Find
) -> None:
    bruno = client_of(places.bruno)
    sent: dict[str, Any] = {"club": "tilleul", "title": "Chaque semaine", "repeat": "weekly", "times": "2"}
    answer = bruno.submit(f"/slots/{slot_id('salle-1', TUESDAY, '10:00')}/claim", sent)
    with app.app_context():
        second = claims()[1].id
    assert "Pour quelles dates" in bruno.get(f"/claims/{second}/release").page.main
    assert bruno.submit(f"/claims/{second}/release", {"scope": "all"}).status_code == 303
    assert "Plus aucune date" in bruno.get(answer.location).page.main

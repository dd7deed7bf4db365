"""The pages of a draw, without script: wish, read what came out, check it; on paper too."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.rooms.draw.record import faults_of
from tests.rooms.draw.conftest import FRIDAY, THURSDAY, WEEK, close, draws, evening
from tests.rooms.places import claims
from tests.support import clients
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.page import text_of

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
PAGE = "/houses/canal/draws/2026-W48"


@pytest.fixture
def evenings(app: Flask, scarce: Cast) -> tuple[str, str]:
    with app.app_context():
        return evening(THURSDAY), evening(FRIDAY)


def test_leads_wish_correct_and_read_their_result(
    app: Flask, scarce: Cast, evenings: tuple[str, str], monday: time_machine.Traveller, run_jobs: Callable[[], int]
) -> None:
    bruno = clients.client_of(app, scarce.bruno)
    page = bruno.get("/clubs/tilleul/draw").page
    assert "Jusqu’au dimanche 8 novembre, 20 h." in page.text
    assert "0 tirage perdu de suite, 0 heure en douze semaines." in page.text
    twice = bruno.submit("/clubs/tilleul/draw", {"wish1": evenings[0], "wish2": evenings[0]})
    assert (twice.status_code, "Vous avez déjà choisi ce moment plus haut." in twice.page.text) == (422, True)
    assert bruno.submit("/clubs/tilleul/draw", {"wish1": evenings[0], "wish2": ""}).status_code == 303
    beside = bruno.get("/clubs/tilleul/requests").page.text
    assert "1 souhait classé." in beside
    close(monday)
    run_jobs()
    run_jobs()
    after = clients.client_of(app, scarce.bruno).get("/clubs/tilleul/draw").page
    assert "Gagne : personne d’autre ne demandait ce moment." in after.text
    with app.app_context():
        (claim,) = claims()
    assert f"/claims/{claim.id}" in after.links
    public = clients.visitor(app).get(PAGE).page
    assert "Gagne : personne d’autre ne demandait ce moment." in public.text
    assert "Tilleul" not in public.text
    record = clients.visitor(app).get(f"{PAGE}/record.json").json
    assert faults_of(record) == []


def test_a_moment_to_wish_for_is_short_enough_for_a_phone(app: Flask, scarce: Cast, evenings: tuple[str, str]) -> None:
    """A list that is closed shows some thirty letters: the room must be among them."""
    page = clients.client_of(app, scarce.bruno).get("/clubs/tilleul/draw").page
    said = [text_of(e).replace("\N{NO-BREAK SPACE}", " ") for e in page.by_id("wish1").findall("option")]
    assert said == ["Aucun", "jeudi 26, 18 h 30, Salle 1", "vendredi 27, 18 h 30, Salle 1"]


def test_a_lead_goes_from_the_draw_to_the_wishes_of_the_club(
    app: Flask, scarce: Cast, visitor: PageClient, monday: time_machine.Traveller
) -> None:
    wishes = "/clubs/tilleul/draw"
    assert wishes in clients.client_of(app, scarce.bruno).get(PAGE).page.links
    for other in (visitor, clients.client_of(app, scarce.amina), clients.client_of(app, scarce.chloe)):
        assert wishes not in other.get(PAGE).page.links
    close(monday)
    assert wishes not in clients.client_of(app, scarce.bruno).get(PAGE).page.links


def test_before_the_draw_everyone_reads_the_hash_and_nobody_the_seed(
    app: Flask, scarce: Cast, visitor: PageClient
) -> None:
    page = visitor.get(PAGE).page
    with app.app_context():
        assert draws()[0].seed_hash in page.text
    assert "Les moments à tirer" in page.text
    assert visitor.get(f"{PAGE}/record.json").status_code == 404
    assert "Nom de plante du club" in visitor.get(f"{PAGE}/paper").page.text
    assert visitor.get("/houses/canal/draws/2026-W40").status_code == 404
    assert visitor.get("/houses/canal/draws/nothing").status_code == 404
    week = visitor.get("/houses/canal/slots?room=salle-1&week=2026-W48").page
    assert PAGE in week.links
    assert "tiré au sort" in week.text
    assert str(WEEK) == "2026-11-23"


def test_who_wants_to_claim_it_is_told_why_not_and_where_to_wish(
    app: Flask, scarce: Cast, evenings: tuple[str, str]
) -> None:
    bruno = clients.client_of(app, scarce.bruno)
    asked = bruno.get(f"/slots/{evenings[0]}/claim")
    assert asked.status_code == 409
    assert "Ce moment se tire au sort" in asked.page.text
    assert "/clubs/tilleul/draw" in asked.page.links
    body: dict[str, Any] = {"club": "tilleul", "title": "Rencontre"}
    refused = clients.api_of(app, scarce.bruno).post(f"/api/v1/slots/{evenings[0]}/claim", json=body)
    assert (refused.status_code, refused.json["code"], len(refused.json["alternatives"])) == (409, "slot_in_draw", 3)


def test_the_team_types_a_sheet(app: Flask, scarce: Cast, evenings: tuple[str, str]) -> None:
    denis = clients.client_of(app, scarce.denis)
    path = "/houses/canal/draws/typed"
    assert denis.submit(path, {"wish1": evenings[0]}).status_code == 422
    assert denis.submit(path, {"club": "romarin", "wish1": evenings[0]}).status_code == 303
    assert "Club Romarin (sur papier)" in denis.get(path).page.text
    told = clients.client_of(app, scarce.dario).get("/clubs/romarin/draw").page.text
    assert "L’équipe a recopié votre feuille." in told

"""The poster of a meeting: only of one that a listed club opened to all, with what everyone may know."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.core.db import db, transaction
from app.rooms.actions import release_claim
from app.rooms.models import Claim
from app.web.pictures import qr_of
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.page import text_of

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def test_a_poster_says_what_everyone_may_know(
    app: Flask, visitor: PageClient, places: Cast, claimed: Callable[..., str]
) -> None:
    claim = claimed(places.bruno, "tilleul", public=True)
    page = visitor.get(f"/meetings/{claim}/poster").page
    assert (page.title, page.h1) == ("Affiche – Maison du Canal", "Relire son CV")
    when = [text_of(each) for each in page.all(".//div[@class='poster__when']/p")]
    assert when[:2] == ["Mardi 10 novembre, 18 h 30 – 20 h 30", "Maison du Canal, Salle 1, 2e étage"]
    assert text_of(page.all(".//div[@class='poster__qr']//strong")[0]) == "« Club Tilleul »"
    assert qr_of(f"{app.config['BASE_URL']}/meetings/{claim}") in page.html
    with app.app_context():
        told = db.session.get_one(Claim, claim)
        assert told.door_word not in page.html
    assert f"/meetings/{claim}/poster" in visitor.get(f"/meetings/{claim}").page.links


def test_what_is_not_open_to_all_has_none(
    app: Flask, client_of: Any, visitor: PageClient, places: Cast, claimed: Callable[..., str]
) -> None:
    own, hidden = claimed(places.bruno, "tilleul"), claimed(places.dario, "romarin", "atelier")
    with app.app_context(), transaction():
        db.session.get_one(Claim, hidden).public = True
    clients = [visitor, *(client_of(who) for who in (places.bruno, places.dario, places.denis))]
    for claim in (own, hidden):
        assert {client.get(f"/meetings/{claim}/poster").status_code for client in clients} == {404}
        page = client_of(places.amina).get(f"/meetings/{claim}").page
        assert (page.h1, [link for link in page.links if "poster" in link]) == ("Relire son CV", [])


def test_given_back_it_hangs_no_more(
    app: Flask, visitor: PageClient, places: Cast, claimed: Callable[..., str]
) -> None:
    claim = claimed(places.bruno, "tilleul", public=True)
    assert visitor.get(f"/meetings/{claim}/poster").status_code == 200
    with app.app_context():
        release_claim(places.bruno.actor, claim)
    assert visitor.get(f"/meetings/{claim}/poster").status_code == 404


def test_the_team_finds_it_from_the_week_and_members_from_the_meeting(
    client_of: Any, places: Cast, claimed: Callable[..., str]
) -> None:
    claim = claimed(places.bruno, "tilleul", public=True)
    week = client_of(places.denis).get("/houses/canal/slots?room=salle-1&week=2026-W46").page
    assert {f"/desk/claims/{claim}", "/desk/evening"} <= set(week.links)
    assert f"/meetings/{claim}" in client_of(places.denis).get(f"/desk/claims/{claim}").page.links
    assert f"/meetings/{claim}/poster" in client_of(places.denis).get(f"/meetings/{claim}").page.links
    assert f"/meetings/{claim}/poster" in client_of(places.amina).get(f"/meetings/{claim}").page.links

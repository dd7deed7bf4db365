"""The pages by which one says that one is there, and by which a club waits, without script."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from app.rooms.actions import release_claim
from app.rooms.doors.codes import door_code
from tests.rooms.places import TUESDAY, slot
from tests.support.cast import Cast, Person
from tests.support.clients import PageClient
from tests.support.kiosks import kiosk_of
from tests.support.queries import counted

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
Find = Callable[..., str]
Browser = Callable[[Person], PageClient]
MADE_UP = "a" * 26


@pytest.fixture
def begun(app: Flask, claimed: Find, places: Cast, monday: time_machine.Traveller) -> str:
    """A meeting of Romarin, five minutes ago."""
    claim = claimed(places.dario, "romarin")
    with app.app_context():
        start = slot().start
    monday.move_to(start + timedelta(minutes=5), tick=False)
    return claim


def test_at_the_door_a_claim_that_does_not_exist_looks_the_same(
    app: Flask, visitor: PageClient, client_of: Browser, places: Cast, begun: str
) -> None:
    for client in (visitor, client_of(places.chloe)):
        heard = []
        client.submit(
            f"/claims/{MADE_UP}/here", {"code": "000000"}
        )  # the first write of the day notes that somebody came
        for claim in (begun, MADE_UP):
            with counted(app) as queries:
                page = client.get(f"/claims/{claim}/here")
                sent = client.submit(f"/claims/{claim}/here", {"code": "000000"})
                said = [answer.page.html.replace(claim, "ID") for answer in (page, sent)]
                heard.append((page.status_code, sent.status_code, said, list(queries)))
        assert heard[0] == heard[1]
        assert heard[0][:2] == (200, 422)


def test_a_code_from_the_door_and_a_tap_of_a_member(
    app: Flask, visitor: PageClient, client_of: Browser, places: Cast, begun: str
) -> None:
    with app.app_context():
        code = door_code(slot().room.id, slot().start + timedelta(minutes=5))
    answer = visitor.submit(f"/claims/{begun}/here", {"code": code})
    assert (answer.status_code, answer.page.h1) == (200, "C’est noté : vous êtes là.")
    assert "Romarin" not in answer.page.html
    assert client_of(places.dario).submit(f"/claims/{begun}/here", {}).location == f"/claims/{begun}"


def test_at_a_kiosk_one_says_the_word(app: Flask, places: Cast, begun: str) -> None:
    kiosk = kiosk_of(app, places.denis)
    assert "/kiosk/here" in kiosk.get("/kiosk").page.links
    wrong = kiosk.submit("/kiosk/here", {"word": "rien"})
    assert (wrong.status_code, "Ce mot ne va avec aucune rencontre d’ici" in wrong.page.main) == (422, True)


def test_a_visitor_has_no_kiosk(visitor: PageClient, places: Cast) -> None:
    assert visitor.get("/kiosk/here").status_code == 404


def test_a_lead_waits_and_takes_what_is_offered(
    app: Flask, client_of: Browser, places: Cast, slot_id: Find, claimed: Find
) -> None:
    claim = claimed(places.bruno, "tilleul")
    chloe, path = client_of(places.chloe), f"/slots/{slot_id()}"
    page = chloe.get(f"{path}/claim").page
    assert f"{path}/wait" in page.links
    place = chloe.submit(f"{path}/wait", {"what": "slot", "size": "5"}).location
    assert place is not None
    assert "Votre club est le premier de la liste." in chloe.get(place).page.main
    with app.app_context():
        release_claim(places.bruno.actor, claim)
    offer = chloe.get(place).page
    assert offer.h1 == "Une salle est libre pour vous"
    assert "Elle est gardée pour votre club jusqu’au mercredi 4 novembre" in offer.main
    assert "Gardé un moment" in client_of(places.bruno).get("/houses/canal/slots?week=2026-W46").page.main
    assert "Libre pour vous" in chloe.get("/clubs/glycine/requests").page.main
    taken = chloe.submit(place, {})
    assert taken.location is not None
    assert taken.location.startswith("/claims/")


def test_a_slot_is_kept_while_the_page_is_filled(
    client_of: Browser, places: Cast, slot_id: Find, monday: time_machine.Traveller
) -> None:
    path = f"/slots/{slot_id()}/claim"
    bruno, chloe = client_of(places.bruno), client_of(places.chloe)
    form = bruno.get(path).page.form().fields
    kept = bruno.post(path, data={**form, "keep": "yes", "title": "Notre soirée"})
    assert (kept.status_code, kept.page.form().fields["title"]) == (200, "Notre soirée")
    assert "Ce moment est gardé pour votre club jusqu’à 9 h 05." in kept.page.main
    other = chloe.get(path)
    assert (other.status_code, other.page.h1) == (409, "Ce moment est gardé")
    assert bruno.post(path, data=kept.page.form().fields).status_code == 303
    incomplete = chloe.submit(f"/slots/{slot_id('atelier', TUESDAY, '10:00')}/claim", {})
    assert (incomplete.status_code, "Ce moment est gardé pour votre club" in incomplete.page.main) == (422, True)

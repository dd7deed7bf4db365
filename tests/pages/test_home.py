"""The first page: the house for a visitor, what waits for a member, the house of the team."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.clubs import actions
from app.clubs.models import Membership
from app.clubs.queries import ASKED
from app.core.clock import now
from app.core.db import db, transaction
from app.houses.models import House
from app.meetings.models import Rsvp
from tests.pages.words import spoken, words
from tests.support.cast import Cast, Person, make_person
from tests.support.clients import PageClient
from tests.support.factories import add, make_club, make_house
from tests.support.page import text_of

CLIENT = Callable[..., PageClient]
# A Monday afternoon in Paris, when Canal is open late.
MONDAY = "2026-11-23T14:00:00+00:00"


@pytest.fixture
def zoe(app: Flask, cast: Cast) -> Person:
    with app.app_context():
        return make_person("zoe")


def test_home_of_an_empty_installation_leads_to_its_opening(visitor: PageClient) -> None:
    answer = visitor.get("/")
    assert (answer.status_code, answer.location) == (303, "/setup")


def test_home_of_a_visitor(visitor: PageClient, cast: Cast) -> None:
    page = visitor.get("/").page
    assert page.title == "Accueil – Maison du Canal"
    assert "Cette maison accueille des clubs." in spoken(page)
    assert words(page, ".//article//h3") == [
        "45 ans et plus",
        "Créatrices d’entreprise",
        "Des clubs ne sont pas affichés",
    ]
    for marker in ("Romarin", "Transitions au travail", "Ama", "Bruno"):
        assert marker not in page.html


def test_home_of_a_house_without_clubs_says_how_one_begins(app: Flask, visitor: PageClient) -> None:
    with app.app_context(), transaction():
        make_house()
    main = visitor.get("/").page.main
    assert "Trois personnes suffisent pour en commencer un." in main


def test_home_shows_twelve_clubs_and_leads_to_the_others(app: Flask, visitor: PageClient, cast: Cast) -> None:
    assert "Voir tous les clubs" not in visitor.get("/").page.main
    with app.app_context(), transaction():
        house = db.session.get_one(House, cast.houses["canal"])
        for number in range(11):
            make_club(f"club-{number}", house)
    page = visitor.get("/").page
    assert (len(page.all(".//article//h3/a")), "Voir tous les clubs" in page.main) == (12, True)


def test_home_shows_what_is_open_to_all_tonight(visitor: PageClient, cast: Cast, meet: Callable[..., str]) -> None:
    with time_machine.travel(MONDAY, tick=False):
        shown = meet("tilleul", "Café des nouveaux", days=0, public=True)
        meet("glycine", "Plus tard", days=2, public=True)
        meet("tilleul", "Entre nous", days=0, hour=20)
        meet("romarin", "Caché", days=0, public=True)
        meet("tilleul", "Rendu", days=0, hour=16, public=True, released_at=now())
        page = visitor.get("/").page
    section = page.by_id("soir")
    assert text_of(section) == "Ce soir, la maison est ouverte"
    assert [link for link in page.links if link.startswith("/meetings/")] == [f"/meetings/{shown}"]
    assert "Salle canal, Maison du Canal Club Tilleul Places libres" in spoken(page)


def test_home_shows_the_next_open_meetings_when_there_is_none_today(
    app: Flask, visitor: PageClient, cast: Cast, meet: Callable[..., str]
) -> None:
    with time_machine.travel(MONDAY, tick=False):
        full = meet("tilleul", "Café des nouveaux", days=2, hour=10, public=True)
        with app.app_context(), transaction():
            add(Rsvp(meeting_id=full, membership_id=cast.amina.memberships["tilleul"], answer="yes", at=now()))
        page = visitor.get("/").page
    assert "Les prochaines rencontres ouvertes à tous : mercredi 25 nov. Café des nouveaux 10 h 30" in spoken(page)
    assert "Complet" in spoken(page)


def test_a_meeting_of_another_house_is_told_on_its_clock(
    visitor: PageClient, cast: Cast, meet: Callable[..., str]
) -> None:
    with time_machine.travel(MONDAY, tick=False):
        meet("tilleul", "Au port", days=1, hour=18, house="port", public=True)
        assert "Au port 18 h 30 Salle port, Maison du Port" in spoken(visitor.get("/").page)
        assert words(visitor.get("/clubs").page, ".//article[1]//li")[1] == "demain, 18 h 30"


def test_home_of_a_member_who_is_in_no_club(client_of: CLIENT, zoe: Person) -> None:
    page = client_of(zoe).get("/").page
    assert page.h1 == "Ce qui vous attend"
    assert "Vous n’êtes dans aucun club pour le moment. Trouver un club" in spoken(page)


def test_home_of_a_member(client_of: CLIENT, cast: Cast, talk: Callable[..., str], meet: Callable[..., str]) -> None:
    thread = talk(cast.bruno, "tilleul", "Mardi")
    talk(cast.amina, "tilleul", "Mon propre mot")
    with time_machine.travel(MONDAY, tick=False):
        first = meet("tilleul", "Relire son CV", days=1)
        meet("romarin", "Plus tard", days=3)
        client = client_of(cast.amina)
        page = client.get("/").page
        assert "Mot de la porte Lampe" in spoken(page)
        assert words(page, ".//section[@id='new']//h3") == ["Mardi"]
        assert words(page, ".//aside//h3") == ["Club Romarin", "Club Tilleul"]
        assert words(page, ".//aside//li//p") == ["Jeudi 26, 18 h 30", "Demain, 18 h 30"]
        assert {f"/threads/{thread}", f"/meetings/{first}"} <= set(page.links)
        for subject in ("45 ans et plus", "Transitions au travail"):
            assert subject not in page.html
        answer = client.send(f"/meetings/{first}/answer", {"answer": "no", "back": "/"}, on="/")
        assert answer.location == "/"
        assert "Plus tard" in spoken(client.get("/").page)
    client = client_of(cast.amina)
    client.get(f"/threads/{thread}")
    said = spoken(client.get("/").page)
    assert "Rien de nouveau." in said
    assert "Tout est lu" not in said


def test_home_of_a_lead_and_of_who_asks(app: Flask, client_of: CLIENT, cast: Cast, zoe: Person) -> None:
    with app.app_context():
        actions.join_club(zoe.actor, "glycine", "Zoé", "Je couds.")
    lead, asker = client_of(cast.chloe).get("/").page, client_of(zoe).get("/").page
    assert words(lead, ".//section[@id='new']//h3") == ["Des personnes demandent à entrer"]
    assert "/clubs/glycine/requests" in lead.links
    assert "Zoé" not in lead.html
    assert words(asker, ".//section[@id='new']//h3") == ["Votre demande attend une réponse"]
    assert words(asker, ".//aside//h3") == []
    with app.app_context():
        actions.refuse_request(cast.chloe.actor, "glycine", str(db.session.scalar(select(Membership.id).where(ASKED))))
    assert "Glycine" not in client_of(zoe).get("/").page.html


def test_home_leads_the_team_to_its_desk(client_of: CLIENT, cast: Cast) -> None:
    for person in (cast.denis, cast.elise):
        client = client_of(person)
        assert (client.get("/").status_code, client.get("/").location) == (303, "/desk")
        links = client.get("/help").page.all(".//nav[@class='nav']//a")
        assert [link.get("href") for link in links] == [
            "/desk",
            "/clubs",
            "/houses/canal/rooms",
            "/desk/journal",
            "/help",
        ]


def test_home_answers_with_one_block(client_of: CLIENT, cast: Cast) -> None:
    answer = client_of(cast.amina).get("/", headers={"X-Fragment": "new"})
    assert answer.text.startswith('<section id="new"')


def test_home_asks_as_much_for_one_as_for_many(
    app: Flask, client_of: CLIENT, visitor: PageClient, cast: Cast, queries: Any, talk: Any, meet: Any
) -> None:
    amina = client_of(cast.amina)

    def asked(client: PageClient) -> int:
        with queries() as found:
            client.get("/")
        return len(found)

    def add_one(title: str) -> None:
        talk(cast.bruno, "tilleul", title)
        meet("tilleul", title, days=len(title), public=True)

    add_one("a")
    amina.get("/")
    before = [asked(amina), asked(visitor)]
    add_one("aa")
    add_one("aaa")
    assert [asked(amina), asked(visitor)] == before

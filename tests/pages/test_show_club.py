"""The page of a club: its house for members, its door for the others."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from app.clubs.actions import rename
from tests.pages.words import spoken, words
from tests.support.cast import Cast, make_person
from tests.support.clients import PageClient

CLIENT = Callable[..., PageClient]


def test_a_club_from_outside(
    client_of: CLIENT, visitor: PageClient, cast: Cast, talk: Callable[..., str], meet: Callable[..., str]
) -> None:
    thread = talk(cast.bruno, "tilleul", "Mardi")
    meet("tilleul", "Entre nous")
    shown = meet("tilleul", "Café des nouveaux", public=True)
    for client in (visitor, client_of(cast.chloe), client_of(cast.denis)):
        page = client.get("/clubs/tilleul").page
        assert (page.title, page.h1) == ("Club Tilleul – Maison du Canal", "45 ans et plus")
        assert words(page, ".//main//h3") == ["Café des nouveaux"]
        assert f"/meetings/{shown}" in page.links
        assert f"/threads/{thread}" not in page.links
        for marker in ("Ama", "Bruno", "Mardi", "Entre nous", "Lampe", "membres du club"):
            assert marker not in page.html.replace("Semaine", "")
    assert "/clubs/tilleul/join" in visitor.get("/clubs/tilleul").page.links


def test_a_club_from_inside(client_of: CLIENT, cast: Cast, talk: Callable[..., str], meet: Callable[..., str]) -> None:
    thread, meeting = talk(cast.bruno, "tilleul", "Mardi"), meet("tilleul", "Entre nous")
    page = client_of(cast.amina).get("/clubs/tilleul").page
    assert (page.title, page.h1) == ("Club Tilleul – Maison du Canal", "45 ans et plus")
    assert words(page, ".//header//p[@class='nick']/span") == ["Nom de plante : Club Tilleul", "2 membres"]
    assert {f"/threads/{thread}", f"/meetings/{meeting}", "/clubs/tilleul/name", "/clubs/tilleul/leave"} <= set(
        page.links
    )
    assert words(page, ".//header/div[@class='club-head__acts']/a") == [
        "La prochaine rencontre",
        "Discussions",
        "Les membres",
    ]
    assert "Dernier mot : Bruno, à l’instant" in spoken(page)
    assert "Bruno mène le club." in spoken(page)
    assert "Mon nom ici : Ama" in spoken(page)
    assert "Sacha" not in page.html
    assert "/clubs/tilleul/requests" not in page.links
    assert words(page, ".//table//td") == ["Oui", "Non", "Non", "Oui", "Non", "Non", "Non", "Non", "Non"]


def test_a_club_for_its_lead(app: Flask, client_of: CLIENT, cast: Cast) -> None:
    page = client_of(cast.chloe).get("/clubs/glycine").page
    assert {"/clubs/glycine/requests", "/houses/canal/slots"} <= set(page.links)
    assert "Personne n’a encore écrit. Dites bonjour." in spoken(page)


def test_every_discussion_of_a_club_can_be_found(client_of: CLIENT, cast: Cast, talk: Callable[..., str]) -> None:
    threads = [f"/threads/{talk(cast.bruno, 'tilleul', f'Sujet {number}')}" for number in range(52)]
    amina = client_of(cast.amina)
    first = amina.get("/clubs/tilleul").page
    assert [link for link in first.links if link.startswith("/threads/")] == threads[:1:-1]
    (older,) = [link for link in first.links if "before=" in link]
    last = amina.get(older).page
    assert [link for link in last.links if link.startswith("/threads/")] == [threads[1], threads[0]]
    assert ("Discussions plus anciennes" in last.main, "/clubs/tilleul#talks" in last.links) == (False, True)
    assert "/reading?language=en&next=%2Fclubs%2Ftilleul%3Fbefore%3D6" in last.links
    assert amina.get("/clubs/tilleul?before=x").page.links == first.links


def test_a_former_name_is_said_on_one_s_own_page(app: Flask, client_of: CLIENT, cast: Cast) -> None:
    with app.app_context():
        rename(cast.amina.actor, "tilleul", "Amy")
    assert "Le club lit encore « s’appelait Ama »." in spoken(client_of(cast.amina).get("/clubs/tilleul").page)


def test_a_discreet_club_from_inside(client_of: CLIENT, cast: Cast) -> None:
    page = client_of(cast.amina).get("/clubs/romarin").page
    assert (page.title, page.h1) == ("Club Romarin – Maison du Canal", "Transitions au travail")
    assert "Ama" not in spoken(page).replace("Sacha", "")


def test_blocks_of_a_club(client_of: CLIENT, cast: Cast) -> None:
    client = client_of(cast.amina)
    for block, tag in (("talks", "section"), ("meetings", "div")):
        answer = client.get("/clubs/tilleul", headers={"X-Fragment": block})
        assert not answer.page.whole
        found = answer.page.by_id(block)
        assert found is not None
        assert found.tag == tag
    outside = client_of(cast.chloe).get("/clubs/tilleul", headers={"X-Fragment": "talks"})
    assert (outside.page.whole, outside.page.by_id("talks")) == (True, None)


def test_a_club_asks_as_much_for_one_as_for_many(
    app: Flask, client_of: CLIENT, visitor: PageClient, cast: Cast, queries: Any, talk: Any, meet: Any
) -> None:
    amina = client_of(cast.amina)

    def asked(client: PageClient) -> int:
        with queries() as found:
            client.get("/clubs/tilleul")
        return len(found)

    def add_one(title: str) -> None:
        talk(cast.bruno, "tilleul", title)
        meet("tilleul", title, days=len(title), public=True)
        with app.app_context():
            make_person(title, tilleul=f"Nour{title}")

    add_one("a")
    amina.get("/clubs/tilleul")
    before = [asked(amina), asked(visitor)]
    add_one("aa")
    add_one("aaa")
    assert [asked(amina), asked(visitor)] == before

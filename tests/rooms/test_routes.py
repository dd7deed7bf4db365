"""The pages of rooms: the week, the steps of a claim, what to take instead, giving back. Without script."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.core.db import db, transaction
from app.houses.models import House
from app.rooms.actions import close_room
from app.rooms.models import OpeningWindow
from app.rooms.week import label_of, monday_of, neighbours
from tests.rooms.places import MONDAY, TUESDAY, claims, house, make_room, slot
from tests.support.cast import Cast, Person, make_person
from tests.support.clients import PageClient
from tests.support.page import text_of

Find = Callable[..., str]
Browser = Callable[[Person], PageClient]
WEEK = "/houses/canal/slots?room=salle-1&week=2026-W46"


def words_of(client: PageClient, slot_id: str, path: str = WEEK) -> str:
    """What the week says of one slot."""
    return text_of(client.get(path).page.by_id(f"s-{slot_id}"))


def test_a_visitor_reads_the_week(visitor: PageClient, places: Cast, slot_id: Find) -> None:
    page = visitor.get(WEEK).page
    assert page.title == "Salles – Maison du Canal"
    assert "9–15 nov." in page.text
    assert text_of(page.by_id("j-2026-11-10")) == "Mardi 103 libres"
    assert words_of(visitor, slot_id()) == "soirée 18 h 30 – 20 h 30 Libre"
    assert not [link for link in page.links if link.startswith("/slots/")]
    assert "Jour férié" in text_of(page.by_id(f"s-{slot_id(day=date(2026, 11, 11))}"))


def test_what_the_week_says_of_a_claim(client_of: Browser, visitor: PageClient, places: Cast, claimed: Find) -> None:
    hidden = claimed(places.dario, "romarin", title="Un titre gardé")
    opened = claimed(places.bruno, "tilleul", "salle-1", TUESDAY, "14:00", public=True, title="Venez voir")
    dario, amina, denis = (client_of(person) for person in (places.dario, places.amina, places.denis))
    week = visitor.get(WEEK).page
    assert "Réservé" in week.main
    assert "Club Tilleul Ouverte à tous" in week.main.replace("Tilleul", "Tilleul ").replace("  ", " ")
    for word in ("Romarin", "gardé", "Venez", "mot :", hidden):
        assert word not in week.html
    assert f"/meetings/{opened}" in week.links
    for member in (dario, amina):
        page = member.get(WEEK).page
        assert re.search(r"Votre clubmot : \w+", page.main)
        assert f"/meetings/{hidden}" in page.links
        assert "Romarin" not in page.main
    staff = denis.get(WEEK).page.main
    assert re.search(r"Club Romarinmot : \w+", staff)
    assert "gardé" not in staff
    assert ("aucun club n’est nommé" in week.main, "aucun club n’est nommé" in staff) == (True, False)


def test_leads_find_where_to_claim(client_of: Browser, places: Cast, slot_id: Find) -> None:
    path = f"/slots/{slot_id()}/claim"
    assert path in client_of(places.bruno).get(WEEK).page.links
    for person in (places.amina, places.denis):
        assert path not in client_of(person).get(WEEK).page.links


def test_what_is_past_or_far_cannot_be_claimed(client_of: Browser, places: Cast, slot_id: Find) -> None:
    bruno = client_of(places.bruno)
    with time_machine.travel("2026-11-03T09:30:00+00:00"):
        past = slot_id(day=date(2026, 11, 3), clock="10:00")
        assert "Passé" in words_of(bruno, past, "/houses/canal/slots?week=2026-W45")
    far = words_of(bruno, slot_id(day=date(2026, 12, 29)), "/houses/canal/slots?week=2026-W53")
    assert far.endswith("Librebientôt à réserver")
    assert "Samedi 2bientôt à réserver" in bruno.get("/houses/canal/slots?room=salle-1&week=2026-W53").page.main


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        (None, "2026-11-02"),
        ("2026-W46", "2026-11-09"),
        ("2026-W42", "2026-10-12"),
        ("2026-W41", "2026-10-12"),
        ("2027-W02", "2027-01-11"),
        ("2031-W01", "2027-01-11"),
        ("2026-W99", "2026-11-02"),
        ("demain", "2026-11-02"),
    ],
)
def test_the_week_asked_for_or_the_nearest(visitor: PageClient, places: Cast, asked: str | None, shown: str) -> None:
    page = visitor.get("/houses/canal/slots", query_string={"week": asked} if asked else {}).page
    assert page.by_id(f"j-{shown}") is not None
    assert ("Avant" in page.main) is (shown != "2026-10-12")
    assert ("Après" in page.main) is (shown != "2027-01-11")


def test_after_the_last_slot_of_a_week_comes_the_next(app: Flask, places: Cast, context: None) -> None:
    canal = house("canal")
    with time_machine.travel("2026-11-08T21:00:00+01:00"):
        assert monday_of(None, canal, [slot().room]) == date(2026, 11, 9)
        assert neighbours(date(2026, 11, 9), canal) == ("2026-W45", "2026-W47")


def test_a_week_over_two_months(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "fr"}):
        assert label_of(date(2026, 11, 30), date(2026, 12, 5)).split() == ["30", "nov.", "–", "5", "déc."]
        assert label_of(date(2027, 2, 1), date(2027, 2, 6)) == "1er–6 févr."
        assert label_of(date(2027, 10, 11), date(2027, 10, 16)) == "11–16 oct."


def test_weeks_and_rooms_that_do_not_exist(visitor: PageClient, places: Cast) -> None:
    assert visitor.get("/houses/rien/slots").status_code == 404
    assert visitor.get("/houses/canal/slots?room=quai").status_code == 404


def test_each_house_in_its_own_time(visitor: PageClient, places: Cast, slot_id: Find) -> None:
    port = "/houses/port/slots?week=2026-W46"
    assert words_of(visitor, slot_id("quai"), port) == "soirée 18 h 30 – 20 h 30 Libre"
    assert "/houses/port/slots" in visitor.get(WEEK).page.links


def test_a_closed_day_says_why_and_an_absent_slot_is_drawn(app: Flask, visitor: PageClient, places: Cast) -> None:
    with app.app_context():
        shut = slot()
        close_room(house("canal"), None, shut.start, shut.end, "Réunion de l’équipe")
        with transaction():
            db.session.execute(db.delete(OpeningWindow).where(OpeningWindow.weekday == 3))
    page = visitor.get(WEEK).page
    assert "Réunion de l’équipe" in page.main
    days = page.all(".//ol[@class='week']/li")
    assert [len(day.findall("./ol/li")) for day in days] == [3] * 7


def test_a_room_that_does_not_open(app: Flask, visitor: PageClient, places: Cast) -> None:
    with app.app_context(), transaction():
        make_room(house("canal"), "cave", times=())
    page = visitor.get("/houses/canal/slots?room=cave").page
    assert "n’ouvre pas cette semaine-là" in page.main


def test_next_free_evenings(client_of: Browser, places: Cast, claimed: Find) -> None:
    claimed(places.chloe, "glycine", "salle-1", MONDAY.date())
    page = client_of(places.bruno).get("/houses/canal/slots").page
    assert "lundi 2 novembre (Atelier), mardi 3 novembre (Salle 1)." in text_of(page.by_id("evenings"))
    assert "Prendre le lundi 2" in page.main


def test_a_fragment_is_one_block(visitor: PageClient, places: Cast) -> None:
    answer = visitor.get(WEEK, headers={"X-Fragment": "week"})
    assert not answer.page.whole
    assert answer.page.by_id("week") is not None
    assert answer.page.by_id("evenings") is None
    assert "X-Fragment" in answer.headers["Vary"]


# Claim


def test_claim_slot(app: Flask, client_of: Browser, places: Cast, slot_id: Find) -> None:
    bruno = client_of(places.bruno)
    path = f"/slots/{slot_id()}/claim"
    step = bruno.get(path).page
    assert "Étape 2 sur 3" in step.main
    assert "18 h 30 – 20 h 30 (soirée)" in step.main
    answer = bruno.submit(path, {"title": "Jouer un entretien", "size": "10", "public": "yes"})
    assert answer.status_code == 303
    with app.app_context():
        (claim,) = claims()
        assert (claim.title, claim.size, claim.public) == ("Jouer un entretien", 10, True)
    done = bruno.get(answer.location).page
    assert done.h1 == "C’est réservé"
    assert claim.door_word in done.main
    assert f"/claims/{claim.id}/release" in done.links


def test_claim_slot_sent_twice(app: Flask, client_of: Browser, places: Cast, slot_id: Find) -> None:
    bruno = client_of(places.bruno)
    path = f"/slots/{slot_id()}/claim"
    fields = {**bruno.get(path).page.form().fields, "title": "Une fois", "size": "5"}
    first, again, changed = (bruno.post(path, data={**fields, "title": t}) for t in ("Une fois", "Une fois", "Deux"))
    assert first.status_code == again.status_code == changed.status_code == 303
    assert first.location == again.location == changed.location
    with app.app_context():
        assert [claim.title for claim in claims()] == ["Une fois"]


def test_claim_slot_with_mistakes(app: Flask, client_of: Browser, places: Cast, slot_id: Find) -> None:
    bruno = client_of(places.bruno)
    answer = bruno.submit(f"/slots/{slot_id()}/claim", {"title": "  ", "size": "20", "public": "yes"})
    assert answer.status_code == 422
    page = answer.page
    assert page.title.startswith("Erreur : ")
    summary = text_of(next(e for e in page.elements() if e.get("role") == "alert"))
    assert "Il reste 2 choses à corriger" in summary
    assert "Écrivez un titre." in summary
    assert "Salle 1 : 12 places. Vous avez choisi 20 et plus." in summary
    assert page.form().fields["public"] == "yes"
    assert page.form().fields["size"] == "20"
    assert f"/slots/{slot_id('atelier')}/claim" in [e.get("formaction") for e in page.all(".//button")]
    long = bruno.submit(f"/slots/{slot_id()}/claim", {"title": "x" * 81})
    assert "C’est trop long : 80 signes au plus" in long.page.main
    with app.app_context():
        assert claims() == []


@pytest.mark.parametrize("unsaid", [{}, {"size": ""}])
def test_how_many_come_may_stay_unsaid(
    app: Flask, client_of: Browser, places: Cast, slot_id: Find, unsaid: dict[str, str]
) -> None:
    """As by JSON: the house needs a title and a club, no more."""
    answer = client_of(places.bruno).submit(f"/slots/{slot_id()}/claim", {"title": "Jouer un entretien", **unsaid})
    assert answer.status_code == 303
    with app.app_context():
        assert [(claim.title, claim.size) for claim in claims()] == [("Jouer un entretien", 1)]


@pytest.mark.parametrize("size", ["999", "9" * 30, "9" * 5000, "0", "-1", "²", "x"])
def test_a_band_that_no_button_has(client_of: Browser, places: Cast, slot_id: Find, size: str) -> None:
    answer = client_of(places.bruno).submit(f"/slots/{slot_id()}/claim", {"title": "Fête", "size": size})
    assert answer.status_code == 422
    assert "Dites à peu près combien vous serez." in answer.page.main


def test_the_larger_room_keeps_what_was_typed(app: Flask, client_of: Browser, places: Cast, slot_id: Find) -> None:
    bruno = client_of(places.bruno)
    page = bruno.submit(f"/slots/{slot_id()}/claim", {"title": "Grande fête", "size": "20"}).page
    target = next(e.get("formaction", "") for e in page.all(".//button") if e.get("formaction"))
    assert bruno.post(target, data=page.form().fields).status_code == 303
    with app.app_context():
        assert [(claim.title, claim.room_id) for claim in claims()] == [("Grande fête", slot("atelier").room.id)]


def test_claim_slot_when_taken(client_of: Browser, places: Cast, slot_id: Find, claimed: Find) -> None:
    chloe = client_of(places.chloe)
    path = f"/slots/{slot_id()}/claim"
    fields = {**chloe.get(path).page.form().fields, "title": "Notre soirée", "size": "5", "public": "yes"}
    claimed(places.bruno, "tilleul")
    answer = chloe.post(path, data=fields)
    assert answer.status_code == 409
    page = answer.page
    assert page.h1 == "Ce moment vient d’être pris"
    assert "Ce que vous avez écrit est gardé" in page.main
    buttons = [e.get("formaction", "") for e in page.all(".//main//button")]
    assert len(buttons) == 3
    kept = page.form().fields
    assert (kept["title"], kept["size"], kept["public"]) == ("Notre soirée", "5", "yes")
    assert chloe.post(buttons[1], data=kept).status_code == 303


def test_opening_the_form_of_a_slot_that_is_gone(
    client_of: Browser, places: Cast, slot_id: Find, claimed: Find
) -> None:
    claim = claimed(places.bruno, "tilleul")
    path = f"/slots/{slot_id()}/claim"
    answer = client_of(places.chloe).get(path)
    assert answer.status_code == 409
    assert sum(link.startswith("/slots/") and link.endswith("/claim") for link in answer.page.links) == 3
    assert f"/slots/{slot_id()}/wait" in answer.page.links
    assert client_of(places.bruno).get(path).location == f"/claims/{claim}"
    past = client_of(places.bruno).get(f"/slots/{slot_id(day=date(2026, 11, 1))}/claim")
    assert (past.status_code, past.page.h1) == (410, "Ce moment est passé")
    shut = client_of(places.bruno).get(f"/slots/{slot_id(day=date(2026, 11, 11))}/claim")
    assert (shut.status_code, shut.page.h1) == (409, "Ce moment est fermé")


def test_what_the_quota_refuses_keeps_what_was_typed(
    app: Flask, client_of: Browser, places: Cast, slot_id: Find
) -> None:
    with app.app_context(), transaction():
        db.session.execute(db.update(House).values(claim_quota=0))
    bruno, path = client_of(places.bruno), f"/slots/{slot_id()}/claim"
    before = bruno.get(path)
    assert before.status_code == 200
    assert "Votre club a déjà toutes ses réservations à venir. Rendez une salle" in before.page.main
    assert "/clubs/tilleul#prochaines" in before.page.links
    answer = bruno.submit(path, {"title": "Un titre", "size": "5"})
    assert answer.status_code == 409
    assert "Votre club a déjà toutes ses réservations à venir. Rendez une salle" in answer.page.main
    assert "/clubs/tilleul#prochaines" in answer.page.links
    assert answer.page.form().fields["title"] == "Un titre"


def test_claim_slot_is_for_leads(client_of: Browser, visitor: PageClient, places: Cast, slot_id: Find) -> None:
    path = f"/slots/{slot_id()}/claim"
    assert visitor.get(path).location.startswith("/sign-in?next=")
    for person in (places.amina, places.denis, places.elise):
        assert client_of(person).get(path).status_code == 403
        assert client_of(person).send(path, {"club": "tilleul", "title": "x", "size": "1"}, on="/").status_code == 403
    bruno = client_of(places.bruno)
    foreign = bruno.send(path, {"club": "glycine", "title": "x", "size": "1"}, on="/")
    assert foreign.status_code == 404
    assert bruno.get(f"/slots/{'a' * 26}/claim").status_code == 404


def test_a_lead_of_several_clubs_chooses(app: Flask, client_of: Browser, places: Cast, slot_id: Find) -> None:
    with app.app_context():
        zoe = make_person("zoe", tilleul="Zoé", romarin="Autre")
        with transaction():
            db.session.execute(db.text("UPDATE membership SET role = 'lead' WHERE name IN ('Zoé', 'Autre')"))
    client, path = client_of(zoe), f"/slots/{slot_id()}/claim"
    assert "Pour quel club ?" in client.get(path).page.main
    missing = client.submit(path, {"title": "Titre", "size": "5"})
    assert "Choisissez un club." in missing.page.main
    refused = client.submit(path, {"title": "Titre", "size": "5", "club": "romarin", "public": "yes"})
    assert refused.status_code == 422
    assert "Ce club n’est pas affiché" in refused.page.main
    assert client.submit(path, {"title": "Titre", "size": "5", "club": "romarin"}).status_code == 303


def test_a_discreet_club_is_not_asked_whether_it_opens(client_of: Browser, places: Cast, slot_id: Find) -> None:
    assert "ouverte à tous" not in client_of(places.dario).get(f"/slots/{slot_id()}/claim").page.main


# What was claimed, given back


def test_show_claim_is_for_members(client_of: Browser, places: Cast, claimed: Find) -> None:
    path = f"/claims/{claimed(places.bruno, 'tilleul')}"
    seen = client_of(places.amina).get(path).page
    assert "Mot de la porte" in seen.main
    assert f"{path}/release" not in seen.links
    for person in (places.chloe, places.dario, places.denis):
        assert client_of(person).get(path).status_code == 404
        assert client_of(person).get(f"{path}/release").status_code == 404
    assert client_of(places.amina).get(f"{path}/release").status_code == 403


def test_release_claim(client_of: Browser, places: Cast, claimed: Find, slot_id: Find) -> None:
    path = f"/claims/{claimed(places.bruno, 'tilleul')}"
    bruno = client_of(places.bruno)
    assert "Un autre club peut la prendre tout de suite." in bruno.get(f"{path}/release").page.main
    assert "Votre club" in words_of(bruno, slot_id())
    answer = bruno.submit(f"{path}/release")
    assert (answer.status_code, answer.location) == (303, path)
    page = bruno.get(path).page
    assert "La salle est rendue." in page.main
    assert f"/slots/{slot_id()}/claim" in page.links
    assert "Libre" in words_of(bruno, slot_id())
    assert bruno.get(f"{path}/release").status_code == 404
    assert f"/slots/{slot_id()}/claim" not in client_of(places.amina).get(path).page.links


def test_the_week_asks_as_much_for_one_claim_as_for_three(
    app: Flask, client_of: Browser, places: Cast, claimed: Find, queries: Callable[[], Any]
) -> None:
    amina, counts = client_of(places.amina), []
    for amount in (1, 2):
        for number in range(amount):
            day = TUESDAY.replace(day=9 + number if amount == 1 else 12 + number)
            claimed(places.bruno, "tilleul", "salle-1", day, "10:00")
        with queries() as asked:
            amina.get(WEEK)
        counts.append(len(asked))
    assert counts[0] == counts[1]

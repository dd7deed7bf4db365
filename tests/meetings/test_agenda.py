"""The agenda of a person: all that is theirs in one list, by day, and what a page says of it to whom."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask

from app.core.actor import Actor
from app.core.db import db, transaction
from app.meetings import agenda
from app.meetings.actions import Plan, answer_meeting, plan_meeting
from app.meetings.agenda import Entry, show_agenda_of
from app.meetings.places.actions import set_link
from app.meetings.tasks.actions import make_task
from tests.rooms.places import TUESDAY, house
from tests.support import factories as make
from tests.support.cast import Cast, Person
from tests.support.clients import PageClient
from tests.support.page import text_of

Claimed = Callable[..., str]
Browser = Callable[[Person], PageClient]
PARIS = ZoneInfo("Europe/Paris")

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def november(day: int) -> date:
    return date(2026, 11, day)


def test_the_agenda_by_nearness(client_of: Browser, places: Cast, claimed: Claimed) -> None:
    claimed(places.bruno, "tilleul", "salle-1", november(2), "14:00", title="Tout à l’heure")
    claimed(places.bruno, "tilleul", "salle-1", november(2), "18:30", title="Ce soir même")
    claimed(places.dario, "romarin", "atelier", november(8), "10:00", title="Dimanche matin")
    claimed(places.bruno, "tilleul", "salle-1", november(9), "10:00", title="Lundi prochain")
    claimed(places.chloe, "glycine", "atelier", november(9), "10:00", title="Pas pour elle")
    page = client_of(places.amina).get("/agenda").page
    assert page.title == "Mon agenda – Maison du Canal"
    words = page.main
    order = ["Tout à l’heure", "Ce soir même", "Cette semaine", "Dimanche matin", "Plus tard", "Lundi prochain"]
    assert [words.index(word) for word in order] == sorted(words.index(word) for word in order)
    headings = [text_of(each) for each in page.all(".//main//section/h2")]
    assert headings[:4] == ["Tout à l’heure", "Aujourd’hui", "Cette semaine", "Plus tard"]
    assert "Pas pour elle" not in page.html
    assert "Mot de la porte" in words
    answers = [each for each in page.all(".//a[@class='btn btn--quiet btn--s']") if "Répondre" in text_of(each)]
    assert [text_of(each) for each in answers][-1] == "Répondre Lundi prochain"
    assert all(each.get("href").startswith("/meetings/") for each in answers)


def test_the_agenda_follows_every_club_of_its_reader(client_of: Browser, places: Cast, claimed: Claimed) -> None:
    claimed(places.bruno, "tilleul", "salle-1", TUESDAY)
    block = client_of(places.amina).get("/agenda").page.by_id("agenda")
    assert block is not None
    assert block.get("data-club") == "romarin tilleul"


def test_the_agenda_of_who_has_nothing(client_of: Browser, visitor: PageClient, places: Cast) -> None:
    assert "Aucune rencontre n’est prévue" in client_of(places.amina).get("/agenda").page.main
    team = client_of(places.denis).get("/agenda").page.main
    assert "il n’a pas d’agenda" in team
    assert "mot" not in team
    assert visitor.get("/agenda").location.startswith("/sign-in")


def test_nearness_is_that_of_the_calendar_of_the_house(app: Flask, places: Cast, claimed: Claimed) -> None:
    claimed(places.bruno, "tilleul", "salle-1", november(2), "18:30")
    claimed(places.bruno, "tilleul", "quai", november(3), "10:00")
    claimed(places.bruno, "tilleul", "salle-1", november(3), "10:00")
    # In Auckland it is Tuesday already.
    with app.test_request_context(), time_machine.travel("2026-11-02T12:00:00+00:00"):
        found = show_agenda_of(places.amina.actor)
        assert found.first is not None
        assert found.first.where == "Salle 1, Maison du Canal"
        assert [one.where for one in found.today] == ["Quai, Maison du Port"]
        assert [one.where for one in found.week] == ["Salle 1, Maison du Canal"]
        assert [one.elsewhere for one in (*found.today, *found.week)] == [True, False]


def test_what_is_over_today_stays_until_midnight(
    client_of: Browser, places: Cast, claimed: Claimed, monday: time_machine.Traveller
) -> None:
    claimed(places.bruno, "tilleul", "salle-1", november(2), "14:00", title="Tout à l’heure")
    claimed(places.bruno, "tilleul", "salle-1", november(2), "18:30", title="Ce soir même")
    amina = client_of(places.amina)
    monday.move_to(datetime(2026, 11, 2, 17, 0, tzinfo=PARIS))
    page = amina.get("/agenda").page
    assert [text_of(each) for each in page.all(".//main//section/h2")][:2] == ["Ce soir même", "Aujourd’hui"]
    (over,) = page.all(".//ul[@class='list']/li")
    assert text_of(over).endswith("C’est passé")
    monday.move_to(datetime(2026, 11, 3, 0, 1, tzinfo=PARIS))
    assert "Aucune rencontre n’est prévue" in amina.get("/agenda").page.main


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2026, 10, 25)])
def test_the_day_when_clocks_change_is_one_day(
    app: Flask, places: Cast, claimed: Claimed, monday: time_machine.Traveller, day: date
) -> None:
    """The evening of the longest and of the shortest day is today from its first minute to its last."""
    monday.move_to(datetime(day.year, day.month, day.day - 2, 9, tzinfo=PARIS))
    claimed(places.bruno, "tilleul", "salle-1", day, "18:30")
    with app.test_request_context():
        for hour, minute in ((0, 1), (23, 59)):
            monday.move_to(datetime(day.year, day.month, day.day, hour, minute, tzinfo=PARIS))
            found = show_agenda_of(places.amina.actor)
            shown = found.first or found.today[0]
            assert (shown.on, shown.over) == (day, hour == 23)


@pytest.fixture
def more() -> Iterator[list[Entry]]:
    """What another feature has for whoever asks."""
    found: list[Entry] = []

    def source(_actor: Actor) -> list[Entry]:
        return found

    agenda.sources.append(source)
    yield found
    agenda.sources.remove(source)


def entry(kind: str, title: str, **said: Any) -> Entry:
    start = said.pop("start", None)
    end = start.replace(hour=start.hour + 1) if start else None
    return Entry(start, end, kind, title, said.pop("where", ""), "/help", ref=title, **said)


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=PARIS)


def test_what_other_features_add_stands_among_the_meetings(
    client_of: Browser, places: Cast, claimed: Claimed, more: list[Entry]
) -> None:
    claimed(places.bruno, "tilleul", "salle-1", november(5), "10:00", title="Se voir")
    more += [
        entry("task", "Un jour, relire"),
        entry("task", "Apporter un plat", day=november(5), plant="Club Tilleul", action="C’est fait",
              href="/tasks/x/done", posts=True),
        entry("task", "En retard", day=date(2026, 10, 30)),
        entry("hour", "Avec Claire", start=at(5, 9), where="Maison du Canal", tag=("Vous venez", "pine", "check")),
        entry("rehearsal", "Un essai", start=at(3, 9), where="En ligne", icon="video", word="Boussole"),
    ]  # fmt: skip
    page = client_of(places.amina).get("/agenda").page
    headings = [text_of(each) for each in page.all(".//main//section/h2")][:4]
    assert headings == ["Un essai", "Aujourd’hui", "Cette semaine", "Sans date"]
    lines = [text_of(each.find(".//h3")) for each in page.all(".//ul[@class='list']/li")]
    assert lines == ["En retard", "Apporter un plat", "Avec Claire", "Se voir", "Un jour, relire"]
    assert page.form("/tasks/x/done").fields["back"] == "/agenda"
    paper = [text_of(each) for each in page.all(".//ul[@class='only-print stack-s']/li")]
    assert paper[1] == "Mardi 3 novembre, 9 h – 10 h Rendez-vous Mot de la porte : Boussole"
    assert paper[0] == "Vendredi 30 octobre Chose à faire"
    assert [each for each in paper for name in ("Tilleul", "plat", "Claire", "Se voir") if name in each] == []


def test_tasks_of_every_club_stand_by_their_day_and_are_done_in_one_tap(
    app: Flask, client_of: Browser, places: Cast, claimed: Claimed
) -> None:
    with app.app_context():
        mine = places.amina.memberships
        make_task(places.amina.actor, "romarin", "Lire le guide", mine["romarin"])
        make_task(places.amina.actor, "tilleul", "Rappeler la mairie", mine["tilleul"], november(5))
        make_task(places.bruno.actor, "tilleul", "Apporter du thé", mine["tilleul"], november(4))
        make_task(places.bruno.actor, "tilleul", "Pas pour elle", places.bruno.memberships["tilleul"])
    amina = client_of(places.amina)
    page = amina.get("/agenda").page
    headings = [text_of(each) for each in page.all(".//main//section/h2")][:2]
    assert headings == ["Cette semaine", "Sans date"]
    lines = [text_of(each.find(".//h3")) for each in page.all(".//ul[@class='list']/li")]
    assert lines == ["Apporter du thé", "Rappeler la mairie", "Lire le guide"]
    assert "On vous le propose" in page.main
    done = next(each.action for each in page.forms() if each.action.endswith("/done"))
    assert amina.submit("/agenda", action=done).location == "/agenda"
    lines = [text_of(each.find(".//h3")) for each in amina.get("/agenda").page.all(".//ul[@class='list']/li")]
    assert lines == ["Apporter du thé", "Lire le guide"]


def test_discreet_mode_shows_kinds_and_no_titles(
    client_of: Browser, places: Cast, claimed: Claimed, more: list[Entry]
) -> None:
    for hour in ("10:00", "14:00"):
        claimed(places.bruno, "tilleul", "salle-1", november(5), hour, title="Dire son handicap")
    more.append(entry("task", "Écrire au médecin", plant="Club Tilleul"))
    amina = client_of(places.amina)
    amina.set_cookie("reading", "m.auto..fr.plants")
    page = amina.get("/agenda").page
    shown = [text_of(each) for each in (*page.all(".//h2[@id='next']"), *page.all(".//ul[@class='list']/li//h3"))]
    assert shown == ["Rencontre", "Rencontre", "Chose à faire"]
    assert "Club Tilleul" in page.main
    assert "médecin" not in page.html


def test_paper_leaves_out_what_one_said_no_to(app: Flask, places: Cast, claimed: Claimed) -> None:
    first = claimed(places.bruno, "tilleul", "salle-1", TUESDAY)
    claimed(places.bruno, "tilleul", "salle-1", november(12))
    with app.test_request_context():
        answer_meeting(places.amina.actor, first, "no")
        assert [one.on for one in show_agenda_of(places.amina.actor).printed] == [november(12)]


def test_three_clubs_ask_no_more_than_one(
    app: Flask, client_of: Browser, places: Cast, claimed: Claimed, queries: Callable[[], Any]
) -> None:
    bruno, counts = client_of(places.bruno), []
    claimed(places.bruno, "tilleul", "salle-1", TUESDAY)
    with queries() as asked:
        assert bruno.get("/agenda").status_code == 200
    counts.append(len(asked))
    with app.app_context(), transaction():
        for slug in ("saule", "mimosa"):
            mine = make.make_club(slug, house("canal"))
            make.make_membership(db.session.get_one(make.Account, places.bruno.account_id), mine, "B", "lead")
    claimed(places.bruno, "saule", "atelier", TUESDAY)
    claimed(places.bruno, "mimosa", "atelier", november(12))
    with queries() as asked:
        assert "Club Mimosa" in bruno.get("/agenda").page.main
    counts.append(len(asked))
    assert counts[0] == counts[1]


def elsewhere(person: Person, day: int, **said: Any) -> None:
    plan_meeting(person.actor, "tilleul", Plan("Au café", at(day, 18), at(day, 20), **said))


def test_outside_the_rooms_the_agenda_says_where_in_words_and_paper_does_not(
    app: Flask, client_of: Browser, places: Cast, claimed: Claimed
) -> None:
    claimed(places.bruno, "tilleul", "salle-1", november(3), "10:00")
    with app.app_context():
        set_link(places.elise.actor, "canal", "https://rencontre.example/{code}")
        elsewhere(places.bruno, 5, area="Près du marché", address="3 rue des Lilas")
        elsewhere(places.bruno, 6, online=True)
    amina = client_of(places.amina)
    page = amina.get("/agenda").page
    lines = [text_of(each) for each in page.all(".//ul[@class='list']/li")]
    assert [("Près du marché" in line, "En ligne" in line) for line in lines] == [(True, False), (False, True)]
    paper = " ".join(text_of(each) for each in page.all(".//ul[@class='only-print stack-s']/li"))
    assert ("marché" in paper, "Lilas" in page.html) == (False, False)
    amina.set_cookie("reading", "m.auto..fr.plants")
    assert "marché" not in amina.get("/agenda").page.html

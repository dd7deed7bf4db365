"""The first opening of an empty house: a printed code, four steps, all of it at the end or nothing."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from app.accounts.models import Account
from app.core.db import db
from app.core.errors import NotFound, Taken
from app.houses.journal import all_entries
from app.houses.models import House, StaffPost
from app.houses.places import country_choices, zone_choices
from app.houses.setup.actions import bring_code, open_house, print_code, say_step, slug_of
from app.houses.setup.furnishing import windows_of
from app.houses.setup.models import SetupCode
from app.rooms.models import OpeningWindow, Room
from app.rooms.queries import rooms_of, slots_between
from tests.support import databases
from tests.support.application import make_app
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.clients import visitor as new_visitor
from tests.support.mailbox import Mailbox
from tests.support.race import race
from tests.support.second_step import set_up_app

HOUSE = {"house": "Maison du Pont", "zone": "Pacific/Auckland", "country": "NZ", "lang": ["fr", "en"]}
HOURS = {"days": ["0", "1", "2"], "opens": "09:00", "closes": "17:00", "evenings": ["1"], "until": "20:00"}
ROOM = {"name": "Salle bleue", "places": "12", "floor": "1er étage", "step_free": "y", "kits": ["morning", "evening"]}
YOU = {"email": "elise@maison.example", "name": "Élise"}

one_engine = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def code(app: Flask) -> str:
    with app.app_context():
        printed = print_code()
    assert printed is not None
    return printed


def rows(app: Flask) -> list[int]:
    with app.app_context():
        return [int(db.session.scalar(db.select(db.func.count()).select_from(t)) or 0) for t in (House, Room, Account)]


def walk(client: PageClient, code: str, *, until: int = 4) -> Any:
    steps = [("/setup", {"once": code, **HOUSE}), ("/setup/hours", HOURS), ("/setup/rooms", ROOM), ("/setup/you", YOU)]
    for path, fields in steps[:until]:
        answer = client.send(path, fields)
    return answer


def test_an_empty_house_opens_in_four_steps(
    app: Flask, visitor: PageClient, code: str, run_jobs: Any, mailbox: Mailbox
) -> None:
    home = visitor.get("/")
    assert (home.status_code, home.location) == (303, "/setup")
    assert visitor.get("/setup").page.h1 == "Bienvenue. Ouvrons votre maison."
    answer = walk(visitor, code, until=3)
    assert (answer.location, rows(app)) == ("/setup/you", [0, 0, 0])
    answer = visitor.send("/setup/you", YOU)
    assert (answer.status_code, answer.location, rows(app)) == (303, "/sign-in/code", [1, 1, 1])
    run_jobs()
    visitor.submit("/sign-in/code", {"code": mailbox.code_for("elise@maison.example")})
    assert visitor.get("/desk").location == "/sign-in?next=/desk"
    set_up_app(visitor)
    assert visitor.get("/api/v1/me").json["role"] == "manager"
    assert "Maison du Pont" in visitor.get("/desk").page.main


def test_what_the_steps_say_is_what_the_house_has(app: Flask, visitor: PageClient, code: str) -> None:
    walk(visitor, code)
    with app.app_context():
        house = db.session.scalars(db.select(House)).one()
        assert (house.slug, house.timezone, house.country, house.languages) == (
            "maison-du-pont",
            "Pacific/Auckland",
            "NZ",
            ["fr", "en"],
        )
        assert (house.hours, house.open_evenings, house.evening_until) == (
            [{"days": [0, 1, 2], "opens": "09:00", "closes": "17:00"}],
            [1],
            "20:00",
        )
        (room,) = rooms_of(house)
        assert (room.slug, room.capacity, room.step_free) == ("salle-bleue", 12, True)
        listed = db.session.execute(db.select(OpeningWindow.weekday, OpeningWindow.starts, OpeningWindow.ends))
        assert sorted(tuple(row) for row in listed) == [
            (0, "10:00", "12:00"),
            (1, "10:00", "12:00"),
            (1, "18:30", "20:00"),
            (2, "10:00", "12:00"),
        ]
        monday = date(2030, 1, 7)
        assert len(slots_between(house, [room], monday, monday + timedelta(days=7))) == 4
        assert [post.name for post in db.session.scalars(db.select(StaffPost))] == ["Élise"]
        assert [entry.act for entry in all_entries()] == ["house:opened"]


def test_the_hours_are_said_in_the_reader_s_language(visitor: PageClient, code: str) -> None:
    walk(visitor, code)
    assert "Lundi à mercredi : 9 h – 17 hMardi : le soir, jusqu’à 20 h" in visitor.get("/help").page.text
    visitor.get("/reading?language=es")
    assert "9:00 – 17:00" in visitor.get("/help").page.text


@one_engine
def test_the_code_is_used_once(app: Flask, visitor: PageClient, code: str) -> None:
    typed = f" {code[:4].lower()} {code[4:]} "
    assert visitor.send("/setup", {"once": typed, **HOUSE}).location == "/setup/hours"
    second = new_visitor(app).send("/setup", {"once": code, **HOUSE})
    assert (second.status_code, second.page.h1) == (422, "Bienvenue. Ouvrons votre maison.")
    assert "Ce n’est pas le code, ou il a déjà servi." in second.page.main
    # The browser that brought it goes back without bringing it again.
    assert visitor.get("/setup").page.by_id("once") is None


@one_engine
def test_the_code_is_stored_as_a_hash(app: Flask, code: str) -> None:
    with app.app_context():
        (kept,) = db.session.scalars(db.select(SetupCode))
        assert (len(code), code in kept.code_hash, len(kept.code_hash)) == (8, False, 64)


@one_engine
def test_every_process_prints_a_code_that_works(app: Flask, visitor: PageClient, code: str) -> None:
    with app.app_context():
        other = print_code()
    assert visitor.send("/setup", {"once": code, **HOUSE}).status_code == 303
    assert new_visitor(app).send("/setup", {"once": other, **HOUSE}).status_code == 303


@one_engine
def test_guessing_is_bounded(app: Flask, visitor: PageClient, code: str) -> None:
    statuses = [visitor.send("/setup", {"once": "AAAA2222", **HOUSE}).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]
    assert visitor.send("/setup", {"once": code, **HOUSE}).status_code == 429


@one_engine
@pytest.mark.usefixtures("code")
def test_an_empty_house_asks_nobody_to_sign_in(visitor: PageClient) -> None:
    assert [visitor.get(path).location for path in ("/desk", "/desk/journal", "/agenda")] == ["/setup"] * 3
    assert visitor.get("/account").location == "/sign-in?next=/account"


@one_engine
def test_a_later_step_waits_for_the_earlier_ones(visitor: PageClient, code: str) -> None:
    assert visitor.get("/setup/you").location == "/setup"
    visitor.send("/setup", {"once": code, **HOUSE})
    assert [visitor.get(path).location for path in ("/setup/rooms", "/setup/you")] == ["/setup/hours"] * 2
    assert visitor.get("/setup").page.form().fields["house"] == "Maison du Pont"


@one_engine
@pytest.mark.parametrize(
    ("number", "path", "wrong", "said"),
    [
        (1, "/setup", {"house": ""}, "Écrivez le nom de la maison."),
        (1, "/setup", {"zone": "Europe/Nowhere"}, "Choisissez un fuseau horaire."),
        (1, "/setup", {"country": "XX"}, "Choisissez un pays."),
        (2, "/setup/hours", {"days": []}, "Choisissez au moins un jour."),
        (2, "/setup/hours", {"closes": "08:00"}, "La maison ferme après avoir ouvert. Corrigez l’une des deux heures."),
        (2, "/setup/hours", {"opens": "25:00"}, "Écrivez une heure comme 18:30."),
        (3, "/setup/rooms", {"places": "0"}, "Écrivez un nombre de 1 à 500."),
        (3, "/setup/rooms", {"kits": []}, "Choisissez au moins un moment."),
        (4, "/setup/you", {"email": "elise"}, "Écrivez une adresse comme prenom@exemple.fr."),
    ],
)
def test_what_is_wrong_is_said_beside_it(
    app: Flask, visitor: PageClient, code: str, number: int, path: str, wrong: dict[str, Any], said: str
) -> None:
    if number > 1:
        walk(visitor, code, until=number - 1)
    fields = [{"once": code, **HOUSE}, HOURS, ROOM, YOU][number - 1]
    answer = visitor.send(path, {**fields, **wrong})
    assert (answer.status_code, answer.page.main.count(said), rows(app)) == (422, 2, [0, 0, 0])


@one_engine
def test_rooms_are_added_one_after_the_other(visitor: PageClient, code: str) -> None:
    walk(visitor, code, until=2)
    assert visitor.send("/setup/rooms", {**ROOM, "way": "more"}).location == "/setup/rooms"
    assert visitor.send("/setup/rooms", {**ROOM, "name": "Salle verte", "way": "more"}).location == "/setup/rooms"
    again = visitor.send("/setup/rooms", {**ROOM, "name": "SALLE verte", "way": "more"})
    assert (again.status_code, "Une autre salle porte ce nom." in again.page.main) == (422, True)
    assert visitor.send("/setup/rooms/0/remove", on="/setup/rooms").status_code == 303
    page = visitor.get("/setup/rooms").page
    assert ("Salle verte" in page.main, "Salle bleue" in page.main) == (True, False)
    assert visitor.send("/setup/rooms", {"name": "", "places": ""}).location == "/setup/you"


def test_there_is_no_opening_once_there_is_a_house(visitor: PageClient, cast: Cast, app: Flask) -> None:
    assert [visitor.get(path).status_code for path in ("/setup", "/setup/hours", "/setup/you")] == [404] * 3
    with app.app_context():
        assert print_code() is None


def finish(barrier: Any, url: str, mark: str, email: str) -> str:
    app = make_app(url)
    with app.app_context():
        barrier.wait()
        try:
            return open_house(mark, email, "Nom").email
        except (Taken, NotFound) as error:
            return error.code


@pytest.fixture
def raced(engine: str) -> Iterator[tuple[Flask, str]]:
    url = databases.new_database(engine)
    app = make_app(url)
    yield app, url
    databases.close(app)


def test_of_two_who_finish_at_once_one_opens_the_house(raced: tuple[Flask, str]) -> None:
    app, url = raced
    crowd = []
    with app.app_context():
        for number in range(2):
            printed = print_code()
            assert printed is not None
            mark = bring_code(printed, "", "192.0.2.1")
            told = {"name": f"Maison {number}", "zone": "Europe/Paris", "country": "FR", "languages": ["fr"]}
            say_step(mark, "house", told)
            say_step(mark, "hours", {"days": [0], "opens": "10:00", "closes": "18:00", "evenings": [], "until": ""})
            kept = {"name": "Salle", "floor": "", "capacity": 5, "step_free": True, "kits": ["morning"]}
            say_step(mark, "rooms", [kept])
            crowd.append((url, mark, f"person-{number}@maison.example"))
    answers = race(finish, *crowd)
    assert (sum("@" in answer for answer in answers), rows(app)) == (1, [1, 1, 1])
    assert {answer for answer in answers if "@" not in answer} <= {"already_open", "not_found"}


@one_engine
def test_every_zone_and_every_country_has_a_name(app: Flask) -> None:
    with app.test_request_context("/"):
        zones = {name: label for group in zone_choices().values() for name, label in group}
        countries = dict(country_choices())
    assert (len(zones) > 400, len(countries) > 240) == (True, True)
    assert (zones["Europe/Paris"], zones["Indian/Reunion"], countries["NZ"]) == (
        "Paris (France)",
        "La Réunion",
        "Nouvelle-Zélande",
    )
    order = list(countries.values())
    assert order.index("Belize") < order.index("Bénin") < order.index("Bermudes")


def test_the_parts_of_the_day_keep_to_the_hours() -> None:
    hours = {"days": [0], "opens": "11:00", "closes": "17:00", "evenings": [], "until": ""}
    # The second slot of the afternoon would last 45 minutes: it is left out.
    assert windows_of(["morning", "afternoon", "evening"], hours) == ((0, "11:00", "12:00"), (0, "14:00", "16:00"))


def test_a_name_becomes_an_address() -> None:
    assert [slug_of(name) for name in ("Maison du Canal", "L’Écluse", "بيت")] == [
        "maison-du-canal",
        "lecluse",
        "maison",
    ]

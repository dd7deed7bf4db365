"""CONTRACT 3 to the letter: who is in the demo house, its clubs, its houses, its talk."""

import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.clubs.models import Club, Membership
from app.core.db import Base, db
from app.demo.load import PASSWORD, load_demo_if_empty
from app.houses.models import House
from app.messaging.models import Message, Thread
from app.rooms.models import Room
from tests.demo import facts
from tests.support import application, clients, databases

LISTED = {
    "tilleul": ("open", "45 ans et plus"),
    "jacaranda": ("open", "Latinos"),
    "olivier": ("open", "Compétences d’ailleurs"),
    "ginkgo": ("open", "Après la thèse"),
    "grenadier": ("open", "Artistes"),
    "sureau": ("open", "Après une perte d’emploi"),
    "houx": ("open", "Se perfectionner"),
    "noisetier": ("open", "Une activité en plus"),
    "glycine": ("on_request", "Créatrices d’entreprise"),
}
DISCREET = {"romarin", "saule", "mimosa"}
PEOPLE: dict[str, tuple[str, dict[str, str]]] = {
    "amina": ("member", {"tilleul": "member", "romarin": "member"}),
    "bruno": ("member", {"tilleul": "lead"}),
    "chloe": ("member", {"glycine": "lead"}),
    "dario": ("member", {"romarin": "lead"}),
    "denis": ("facilitator", {}),
    "elise": ("manager", {}),
}
DAYS_OF_A_TALK = 2
SPANISH, ENGLISH, ARABIC = re.compile(r"[¿¡]"), re.compile(r"\b(the|you|with)\b"), re.compile(r"[\u0621-\u064a]")


def key_of(demo: Flask, name: str) -> Any:
    """A program with somebody's key, made with the password that the contract gives."""
    asked = {"email": f"{name}@demo.example", "password": "pepiniere-demo", "label": "essai"}
    answer = demo.test_client().post("/api/v1/tokens", json=asked)
    assert answer.status_code == 201
    client = clients.ApiClient(demo, demo.response_class, use_cookies=False)
    client.secret = answer.json["token"]
    return client


@pytest.mark.parametrize("name", PEOPLE)
def test_the_six_accounts(demo: Flask, name: str) -> None:
    me = key_of(demo, name).get("/me").json
    assert (me["role"], {m["club"]: m["role"] for m in me["memberships"]}) == PEOPLE[name]


def test_the_password_also_opens_the_page(demo: Flask) -> None:
    browser = clients.visitor(demo)
    answer = browser.send("/sign-in", {"email": "amina@demo.example", "password": PASSWORD, "way": "password"})
    assert (answer.status_code, browser.get("/account").status_code) == (303, 200)


def test_amina_has_two_names_and_nobody_else_two_clubs(demo: Flask, inside: None) -> None:
    rows = db.session.execute(select(Membership.account_id, Club.slug, Membership.name).join(Club)).all()
    of = defaultdict(dict)
    for account_id, slug, name in rows:
        of[account_id][slug] = name
    (amina,) = [clubs for clubs in of.values() if len(clubs) > 1]
    assert (set(amina), amina["tilleul"] == amina["romarin"]) == ({"tilleul", "romarin"}, False)


def test_chloe_is_the_outsider(demo: Flask) -> None:
    chloe = key_of(demo, "chloe")
    assert chloe.get("/clubs/tilleul").status_code == 200
    assert "membership" not in chloe.get("/clubs/tilleul").json
    asked = ("/clubs/tilleul/threads", "/clubs/tilleul/members", "/clubs/romarin", "/clubs/romarin/threads")
    assert [chloe.get(path).status_code for path in asked] == [404] * 4


def test_the_nine_listed_clubs(demo: Flask) -> None:
    items = demo.test_client().get("/api/v1/clubs?limit=100").json["items"]
    assert {club["slug"]: (club["door"], club["name"]) for club in items} == LISTED
    assert [club["slug"] for club in items if len(club["charter"]) < 3] == []


def test_the_three_discreet_clubs(demo: Flask, inside: None) -> None:
    discreet = db.session.scalars(select(Club).where(Club.door == "discreet")).all()
    assert {club.slug for club in discreet} == DISCREET
    assert [club.slug for club in discreet if len(club.charter) < 3 or club.history != "joining"] == []


def test_every_club_has_leads_and_a_plant_and_a_sign_of_its_own(demo: Flask, inside: None) -> None:
    clubs = db.session.scalars(select(Club)).all()
    leads = db.session.execute(select(Membership.club_id).where(Membership.role == "lead").distinct()).all()
    assert (len(clubs), len(leads)) == (12, 12)
    assert [club.slug for club in clubs if club.plant.lower() != club.slug] == []
    assert len({(club.tile, club.hue) for club in clubs}) == 12


def test_two_houses_on_two_sides_of_the_date_line(demo: Flask, inside: None) -> None:
    answer = [(house.slug, house.timezone) for house in db.session.scalars(select(House).order_by(House.position))]
    assert answer == [("canal", "Europe/Paris"), ("port", "Pacific/Auckland")]
    rooms = db.session.execute(select(House.slug, func.count()).join(Room).group_by(House.slug)).all()
    assert dict(map(tuple, rooms)) == {"canal": 3, "port": 2}


def test_slots_from_three_weeks_back_to_ten_weeks_ahead(demo: Flask, inside: None) -> None:
    for slug in ("canal", "port"):
        listed = facts.slots_of_all_weeks(facts.house(slug))
        evenings = facts.weeks_with_slots([slot for slot in listed if slot.stretch.evening])
        assert (len(facts.weeks_with_slots(listed)), len(evenings)) == (14, 14)
        assert {slot.state for slot in listed} >= {"free", "claimed"}


def test_one_day_is_closed_and_one_evening_is_scarce(demo: Flask, inside: None) -> None:
    canal = facts.slots_of_all_weeks(facts.house("canal"))
    assert len(facts.closed_days(canal)) == 1
    scarce = [slot for slot in canal if slot.stretch.scarce]
    assert {(slot.room.slug, slot.stretch.day.weekday(), slot.stretch.evening) for slot in scarce} == {
        ("salle-1", 3, True)
    }
    assert any(slot.open for slot in scarce)
    assert [slot for slot in scarce if slot.state == "claimed"] == []


def test_tilleul_meets_on_six_tuesday_evenings(demo: Flask, inside: None) -> None:
    evenings = facts.session_evenings()
    assert [(each.weekday(), each.strftime("%H:%M")) for each in evenings] == [(1, "18:30")] * 6


def test_talk_goes_on_for_days_in_every_club(demo: Flask, inside: None) -> None:
    rows = db.session.execute(select(Thread.id, Club.slug, Message.posted_at).join_from(Thread, Club).join(Message))
    days = defaultdict(set)
    clubs = defaultdict(set)
    for thread_id, slug, posted_at in rows:
        days[thread_id].add(posted_at.date())
        clubs[slug].add(thread_id)
    assert (len(clubs), min(len(threads) for threads in clubs.values()) >= 3) == (12, True)
    assert [thread_id for thread_id, seen in days.items() if len(seen) < DAYS_OF_A_TALK] == []


def test_talk_is_french_with_some_spanish_english_and_arabic(demo: Flask, inside: None) -> None:
    bodies = db.session.scalars(select(Message.body)).all()
    counts = [sum(bool(script.search(body)) for body in bodies) for script in (SPANISH, ENGLISH, ARABIC)]
    assert [number >= 3 for number in counts] == [True] * 3
    assert sum(counts) < len(bodies) / 4


def test_the_demo_holds_together(demo: Flask, inside: None) -> None:
    listed = [s for slug in ("canal", "port") for s in facts.slots_of_all_weeks(facts.house(slug))]
    assert facts.moments_to_come() == []
    assert facts.claims_off_the_slots(listed) == []
    assert facts.clubs_beyond_their_share() == []
    assert (facts.holes_in_logs(), facts.out_of_order()) == ([], [])


def by_password(demo: Flask, name: str) -> clients.PageClient:
    browser = clients.visitor(demo)
    browser.send("/sign-in", {"email": f"{name}@demo.example", "password": PASSWORD, "way": "password"})
    return browser


PLANS = {
    ("amina", "/clubs/tilleul"): ("Session d’automne", "Une heure sur les tableurs", "Visiter une jardinerie"),
    ("bruno", "/clubs/tilleul/ballots"): ("Que faisons-nous après la session", "Accueillir une personne nouvelle"),
    ("bruno", "/clubs/tilleul/tasks"): ("Téléphoner à la jardinerie", "Demander à l’accueil si le tableau"),
    ("bruno", "/clubs/tilleul/decided"): ("On commence à l’heure", "Le bilan de la session"),
    ("amina", "/agenda"): ("Relire la lettre de Fatou",),
    ("chloe", "/agenda"): ("Regarder un marché ouvrir", "Petit bureau, rez-de-chaussée"),
    ("chloe", "/clubs/glycine"): ("Se dire nos prix", "Qui raconte son projet"),
    ("amina", "/rehearsals"): ("Avec une personne de l’équipe",),
    ("elise", "/houses/canal/shelf"): ("Parler de son âge en entretien",),
}


@pytest.mark.parametrize(("name", "path"), PLANS)
def test_the_clubs_plan_together(demo: Flask, name: str, path: str) -> None:
    page = by_password(demo, name).get(path).page
    assert [words for words in PLANS[name, path] if words not in page.main] == []


def test_as_much_on_both_engines_as_on_any_day(demo: Flask, inside: None) -> None:
    assert facts.planned_together() == facts.TOGETHER


def rows_of(demo: Flask) -> dict[str, int]:
    with demo.app_context():
        return {t.name: db.session.scalar(select(func.count()).select_from(t)) for t in Base.metadata.sorted_tables}


def test_a_second_time_adds_nothing(demo: Flask) -> None:
    before = rows_of(demo)
    told = demo.test_cli_runner().invoke(args=["seed", "demo"])
    assert (told.exit_code, told.output) == (0, "The database already holds a house: nothing was added.\n")
    with demo.app_context():
        assert load_demo_if_empty() is False
    assert rows_of(demo) == before


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_house_of_one_s_own_is_left_alone(app: Flask, cast: Any, run_jobs: Callable[[], int]) -> None:
    before = rows_of(app)
    with app.app_context():
        assert load_demo_if_empty() is False
    assert rows_of(app) == before


FAR = {"BASE_URL": "https://maison.example", "SMTP_URL": "smtp://127.0.0.1:9", "LIMIT_FACTOR": 1000}


def test_nobody_of_the_demo_comes_in_where_others_can_reach_it(demo: Flask) -> None:
    token = key_of(demo, "amina")
    far = application.make_app(demo.config["SQLALCHEMY_DATABASE_URI"], **FAR)
    client = clients.ApiClient(far, far.response_class)
    for name in PEOPLE:
        asked = {"email": f"{name}@demo.example", "password": PASSWORD, "label": "essai"}
        nobody = client.post("/tokens", json={**asked, "email": "nobody@demo.example"})
        answer = client.post("/tokens", json=asked)
        assert (answer.status_code, answer.json["code"], answer.data) == (401, "wrong_password", nobody.data)
    client.secret = token.secret
    assert (token.get("/me").status_code, client.get("/me").status_code) == (200, 401)
    databases.close(far)

"""The desk: what waits, this evening, how clubs are; it counts meetings and names nobody."""

import ast
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from app.accounts.digests import digest_for
from app.accounts.models import Account
from app.clubs.models import Change, Club, Membership
from app.config import ROOT
from app.core import jobs
from app.core.clock import now
from app.core.db import db, transaction
from app.core.ids import new_id
from app.core.models import ClockJob, Job
from app.facilitation.reports import actions as reports
from app.houses import desk as waiting
from app.houses.desk import Case
from app.houses.models import JournalEntry, StaffPost
from app.messaging.models import Message
from app.pages.desk.clock import CLOCK, JOBS
from app.pages.desk.models import ClubCue, ClubSize
from app.pages.desk.sizes import band_of, measure_clubs, shown_bands
from tests.pages.desks import grow
from tests.pages.words import spoken, told
from tests.rooms.places import club
from tests.support.cast import Cast, make_person
from tests.support.clients import PageClient
from tests.support.factories import add

CLIENT = Callable[..., PageClient]
sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
# A Monday in Paris.
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def lines(page: Any) -> list[list[str]]:
    """The table of clubs."""
    rows = page.all(".//section[@aria-labelledby='health']//tbody/tr")
    return [told(row) for row in rows]


# ------------------------------------------------------------------ what waits


@sqlite
def test_the_summary_of_the_day_counts_what_waits_without_a_request(
    app: Flask, cast: Cast, talk: Callable[..., str]
) -> None:
    """One case that needed a request would keep the summaries of the whole house from leaving."""
    thread = talk(cast.bruno, "tilleul", "Mardi")
    with app.test_request_context():
        message = db.session.scalars(select(Message.id).where(Message.thread_id == thread)).one()
        reports.report_message(cast.amina.actor, message, reports.Complaint("hurt", danger=True))
    with app.app_context():
        assert digest_for(db.session.get_one(Account, cast.denis.account_id)).lines == ["1 chose attend l’équipe"]


@sqlite
def test_now_today_later_each_with_one_thing_to_do(
    client_of: CLIENT, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def case(urgency: str, title: str, hours: int) -> Case:
        since = now() - timedelta(hours=hours)
        return Case(urgency, "brick", "flag", "Signalement", title, "Club Tilleul.", since, f"/{title}", "Lire")

    cases = [case("", "tard", 1), case("now", "neuf", 1), case("today", "jour", 2), case("now", "vieux", 9)]
    monkeypatch.setattr(waiting, "waiting", [lambda _actor, houses: cases if houses else []])
    page = client_of(cast.denis).get("/desk").page
    assert told(page.all(".//section[@id='queue']//h4")) == ["vieux", "neuf", "jour", "tard"]
    assert told(page.all(".//section[@id='queue']//h3")) == ["Maintenant", "Aujourd’hui", "Plus tard"]
    assert [link.get("href") for link in page.all(".//ul[@class='cases']//a")] == ["/vieux", "/neuf", "/jour", "/tard"]
    assert told(page.all(".//div[@class='figures']/div"))[0] == "2à regarder maintenant"
    block = client_of(cast.denis).get("/desk", headers={"X-Fragment": "queue"}).text
    assert block.lstrip().startswith('<section id="queue"')


@sqlite
def test_a_desk_of_one_s_own_houses_alone(app: Flask, client_of: CLIENT, cast: Cast, meet: Callable[..., str]) -> None:
    with app.app_context(), transaction():
        db.session.get_one(StaffPost, (cast.denis.account_id, cast.houses["canal"])).house_id = cast.houses["port"]
        db.session.get_one(StaffPost, (cast.elise.account_id, cast.houses["canal"])).name = "Claire"
    assert lines(client_of(cast.denis).get("/desk").page) == []
    page = client_of(cast.elise).get("/desk").page
    assert (page.title, page.h1) == ("Bureau de l’équipe – Maison du Canal", "Bonjour Claire")
    assert [line[0].split("moins")[0].strip() for line in lines(page)] == [
        "Club Glycine",
        "Club Romarin",
        "Club Tilleul",
    ]
    with app.app_context(), transaction():
        db.session.execute(db.delete(StaffPost))
    assert "n’est rattaché à aucune maison" in spoken(client_of(cast.elise).get("/desk").page)


@sqlite
def test_nobody_is_named(app: Flask, client_of: CLIENT, cast: Cast, talk: Callable[..., str]) -> None:
    talk(cast.bruno, "tilleul", "Un titre à nous", "Un message à nous")
    html = client_of(cast.denis).get("/desk").page.html
    assert "Club Tilleul" in html
    secrets = ["Un titre à nous", "Un message à nous", "45 ans et plus", "Transitions au travail", "Bruno", "Sacha"]
    assert [word for word in secrets if word in html] == []


@sqlite
def test_it_asks_as_much_for_one_club_as_for_many(
    app: Flask, client_of: CLIENT, cast: Cast, meet: Callable[..., str], queries: Callable[[], Any]
) -> None:
    client, counts = client_of(cast.denis), []
    for number in (1, 2):
        for each in range(number):
            meet("tilleul", f"a{number}{each}", days=-3 * number - each)
            meet("romarin", f"b{number}{each}", days=3 * number + each)
        client.get("/desk")
        with queries() as asked:
            client.get("/desk")
        counts.append(len(asked))
    assert counts[0] == counts[1]


# ------------------------------------------------------------------ this evening


@sqlite
def test_the_sheet_of_the_evening(client_of: CLIENT, cast: Cast, meet: Callable[..., str]) -> None:
    with time_machine.travel(MONDAY, tick=False):
        client = client_of(cast.denis)
        assert "/desk/evening" not in client.get("/desk").page.links
        assert "Aucune rencontre ce soir." in spoken(client.get("/desk/evening").page)
        meet("tilleul", "Relire", days=0, hour=18, size=10)
        meet("romarin", "Entre nous", days=0, hour=20, door_word="Étoile")
        meet("glycine", "L’après-midi", days=0, hour=14)
        meet("glycine", "Demain", days=1, hour=18)
        meet("tilleul", "Rendue", days=0, hour=19, released_at=now())
        page = client.get("/desk/evening").page
        assert [told(row) for row in page.all(".//tbody/tr")] == [
            ["18 h 30 – 20 h 30", "Salle canal", "Lampe", "Club Tilleul", "10 à 19 personnes", "à dire à l’accueil"],
            [
                "20 h 30 – 22 h 30",
                "Salle canal",
                "Étoile",
                "Club Romarin",
                "moins de 5 personnes",
                "à dire à l’accueil",
            ],
        ]
        assert "Lundi 23 novembre." in spoken(page)
        home = client.get("/desk").page
        assert "/desk/evening" in home.links
        evening = told(home.all(".//section[@aria-labelledby='eve']//li"))
        assert evening[0] == "18 h 30, Salle canalClub Tilleul, 10 à 19 personnes."
        assert "Lampe" not in home.html


# ------------------------------------------------------------------ how clubs are


@sqlite
def test_health_is_meetings_held_by_the_printed_rule(
    app: Flask, client_of: CLIENT, cast: Cast, meet: Callable[..., str]
) -> None:
    with time_machine.travel(MONDAY, tick=False):
        with app.app_context(), transaction():
            db.session.execute(update(Club).values(created_at=now() - 90 * DAY))
        client = client_of(cast.denis)
        assert {line[3] for line in lines(client.get("/desk").page)} == {"À soutenir"}
        for days in (-1, -2, -3, -4, -5, -10, -33, -80):
            meet("tilleul", "Tenue", days=days)
        meet("tilleul", "Rendue", days=-17, released_at=now())
        meet("glycine", "Bientôt", days=3)
        meet("tilleul", "Bientôt", days=8)
        with app.app_context(), transaction():
            db.session.get_one(Club, cast.clubs["romarin"]).created_at = now() - 27 * DAY
        page = client.get("/desk").page
        small, never = "moins de 5 membres", "aucune rencontre en 8 semaines"
        assert lines(page) == [
            [f"Club Glycine{small}", never, "26 nov., 18 h 30", "À encourager"],
            [f"Club Romarin{small}, club non affiché", never, "aucune", "Tout jeune"],
            [f"Club Tilleul{small}", "3 semaines avec rencontre sur 8", "1er déc., 18 h 30", "Va bien"],
        ]
        beats = page.all(".//section[@aria-labelledby='health']//tbody/tr")[2].findall(".//i")
        assert [each.get("data-n") for each in beats] == ["0", "0", "0", "1", "0", "0", "1", "3"]
        assert "Va bien : une rencontre au moins dans les quatre dernières semaines, une à venir" in spoken(page)
        with app.app_context(), transaction():
            db.session.add(ClubCue(club_id=cast.clubs["tilleul"], kind="no_lead", since=MONDAY.date() - DAY))
        assert lines(client.get("/desk").page)[2][3] == "Va bien"
        with app.app_context():
            grow()
        assert lines(client.get("/desk").page)[1][3].startswith("À encouragerPersonne ne mène le club")


@pytest.mark.parametrize(("number", "band"), [(0, 1), (4, 1), (5, 5), (9, 5), (10, 10), (19, 10), (20, 20), (300, 20)])
def test_bands(number: int, band: int) -> None:
    assert band_of(number) == band


def test_a_band_moves_only_after_two_weeks_in_the_new_one(app: Flask, cast: Cast) -> None:
    def after(days: int) -> int:
        with time_machine.travel(MONDAY + days * DAY, tick=False), app.app_context():
            measure_clubs()
            return shown_bands([club("tilleul")])[cast.clubs["tilleul"]]

    def people(number: int) -> None:
        """So many are in the club."""
        with app.app_context(), transaction():
            own = select(Membership).where(Membership.club_id == cast.clubs["tilleul"]).order_by(Membership.id)
            for each, row in enumerate(db.session.scalars(own)):
                row.ended_at = None if each < number else now()

    with app.app_context():
        assert shown_bands([club("tilleul")])[cast.clubs["tilleul"]] == 1
    assert after(0) == 1
    with app.app_context():
        for number in range(10):
            make_person(f"p{number}", tilleul=f"Personne {number}")
    people(6)
    assert [after(1), after(8), after(14)] == [1, 1, 1]
    people(4)
    assert after(15) == 1
    people(6)
    assert [after(16), after(29), after(30)] == [1, 1, 5]
    people(12)
    assert after(31) == 5
    people(9)
    assert [after(32), after(46)] == [5, 5]
    with app.app_context():
        sizes = {row.club_id: (row.band, row.next_band) for row in db.session.scalars(select(ClubSize))}
        assert sizes == {cast.clubs[slug]: (5 if slug == "tilleul" else 1, None) for slug in cast.clubs}


# ------------------------------------------------------------------ cues


# ------------------------------------------------------------------ the clock


def declared(name: str) -> Iterator[str]:
    """The first word of every ``@every(…)`` or ``@handler(…)`` of the code."""
    for path in [*sorted((ROOT / "app").rglob("jobs.py")), ROOT / "app" / "accounts" / "notices.py"]:
        for node in ast.walk(ast.parse(path.read_text())):
            called = isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == name
            if called and node.args and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value)


def test_everything_that_runs_by_itself_has_words() -> None:
    found = set(declared("every")), set(declared("handler"))
    assert (len(found[0]) > 2, len(found[1]) > 3) == (True, True)
    assert (found[0] - set(CLOCK), found[1] - set(JOBS)) == (set(), set())


@sqlite
def test_the_clock_is_red_when_it_is_late(app: Flask, client_of: CLIENT, cast: Cast) -> None:
    client = client_of(cast.denis)
    assert "Regarder comment vont les clubsjamaisEn retard" in "".join(told(client.get("/desk").page.all(".//tr")))
    with app.app_context():
        jobs.run_clock()
        assert db.session.scalars(select(ClubSize)).all() != []
    assert "Tout est à l’heure." in spoken(client.get("/desk").page)
    with app.app_context(), transaction():
        row = db.session.get_one(ClockJob, "desk:look_at_clubs")
        row.due_at, row.failure = now() - 3 * DAY, "OperationalError"
    rows = [told(row) for row in client.get("/desk").page.all(".//section[@aria-labelledby='clock']//tbody/tr")]
    assert [row[2] for row in rows if row[0] == "Regarder comment vont les clubs"] == ["En retard"]
    assert "Tout est à l’heure." not in spoken(client.get("/desk").page)


@pytest.fixture
def parked(app: Flask, cast: Cast) -> str:
    """A mail that was given up."""
    with app.app_context(), transaction():
        values = {"kind": "mail:send", "payload": {"sealed": "x"}, "run_at": now(), "parked_at": now()}
        found: str = add(Job(id=new_id(), tries=8, failure="SMTPServerDisconnected", **values)).id
    return found


@sqlite
def test_a_job_that_was_given_up(app: Flask, client_of: CLIENT, cast: Cast, parked: str) -> None:
    seen, manager = client_of(cast.denis).get("/desk").page, client_of(cast.elise)
    assert "Envoyer un e-mailEssayé 8 fois, sans succès (SMTPServerDisconnected)." in "".join(
        told(seen.all(".//section[@aria-labelledby='clock']//li"))
    ).replace("Envoyer un e-mail ", "Envoyer un e-mail")
    assert [link for link in seen.links if "/desk/jobs/" in link] == []
    assert manager.send(f"/desk/jobs/{parked}/retry", on="/desk").status_code == 303
    assert manager.send(f"/desk/jobs/{parked}/retry", on="/desk").status_code == 404
    with app.app_context(), transaction():
        job = db.session.get_one(Job, parked)
        assert (job.parked_at, job.tries) == (None, 0)
        job.parked_at = now()
    assert manager.submit(f"/desk/jobs/{parked}/drop").location == "/desk"
    with app.app_context():
        assert db.session.get(Job, parked) is None
        entries = db.session.execute(select(JournalEntry.act, JournalEntry.facts)).all()
        assert [tuple(row) for row in entries] == [
            (f"job:{how}", {"kind": "mail:send"}) for how in ("retried", "dropped")
        ]


def test_the_log_says_when_something_was_last_said(app: Flask, cast: Cast, talk: Callable[..., str]) -> None:
    """What the quiet cue reads instead of the messages."""
    talk(cast.bruno, "tilleul", "Bienvenue")
    with app.app_context():
        kinds = db.session.scalars(select(Change.kind).where(Change.club_id == cast.clubs["tilleul"])).all()
        assert "message:posted" in kinds

"""A room's calendar from elsewhere: what would come of it, the second yes, once and no more, and the way back."""

import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from app.core import retention
from app.core.db import db
from app.houses.models import JournalEntry
from app.rooms.actions import close_room
from app.rooms.imports.actions import bring_calendar
from app.rooms.imports.models import ImportedClosure, RoomImport
from app.rooms.imports.reading import Moment
from app.rooms.models import Closure, Span
from tests.rooms.imports.test_reading import event, file
from tests.rooms.places import TUESDAY, house, room, slot
from tests.support.cast import Cast, Person
from tests.support.clients import PageClient
from tests.support.page import Page

Claimed = Callable[..., str]
Browser = Callable[..., PageClient]
PARIS = ZoneInfo("Europe/Paris")
PATH = "/houses/canal/rooms/salle-1/import"
CHOIR = ("UID:choir", "DTSTART;TZID=Europe/Paris:20261110T183000", "DTEND;TZID=Europe/Paris:20261110T203000",
         "RRULE:FREQ=WEEKLY;COUNT=3", "SUMMARY:Chorale de Zorglub")  # fmt: skip
YOGA = ("UID:yoga", "DTSTART;TZID=Europe/Paris:20261112T100000", "DTEND;TZID=Europe/Paris:20261112T110000")

# Where locks and groups of rows are taken strictly; the rights table walks the same doors on SQLite.
pytestmark = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)


def bring(browser: PageClient, data: bytes, **fields: str) -> Any:
    sent = {"file": (io.BytesIO(data), "salle.ics"), "weeks": "26", **fields}
    return browser.send(PATH, sent, content_type="multipart/form-data")


def yes(browser: PageClient, page: Page) -> str:
    """The second yes; what the page of the rooms says of it."""
    answer = browser.send(PATH, {"plan": page.form().fields["plan"]})
    assert (answer.status_code, answer.location) == (303, "/houses/canal/rooms")
    return str(browser.get("/houses/canal/rooms").page.main)


def rows(table: Any) -> int:
    return int(db.session.scalar(select(func.count()).select_from(table)) or 0)


def states() -> list[str]:
    """Of the slots that the files above are about: the three evenings, then the morning."""
    evenings = [slot("salle-1", TUESDAY + timedelta(weeks=n)) for n in (0, 1, 2)]
    return [one.state for one in (*evenings, slot("salle-1", date(2026, 11, 12), "10:00"))]


def test_a_dry_run_writes_nothing_and_a_second_yes_does(
    app: Flask, client_of: Browser, visitor: PageClient, places: Cast, claimed: Claimed
) -> None:
    claimed(places.bruno, "tilleul")
    denis = client_of(places.denis)
    answer = bring(denis, file(event(*CHOIR), event(*YOGA)))
    assert answer.status_code == 200
    said = answer.page.main
    assert "3 moments seraient occupés." in said
    assert "1 moment reste au club qui l’a réservé." in said
    assert said.index("Chorale de Zorglub") < said.index("Club Tilleul a la salle : 18 h 30 – 20 h 30")
    assert "Jeudi 12 novembre, 10 h – 11 h" in said
    with app.app_context():
        assert (rows(RoomImport), rows(Closure), states()) == (0, 0, ["claimed", "free", "free", "free"])
    assert "3 moments sont occupés." in yes(denis, answer.page)
    with app.app_context():
        assert states() == ["claimed", "closed", "closed", "closed"]
        assert set(db.session.scalars(select(Closure.reason))) == {"Occupé"}
        assert db.session.scalars(select(JournalEntry.facts).where(JournalEntry.act == "calendar:brought")).one() == {
            "moments": 3
        }
    week = visitor.get("/houses/canal/slots?room=salle-1&week=2026-W47").page.main
    assert "Occupé" in week
    assert "Zorglub" not in week
    listed = denis.get("/houses/canal/rooms").page.main
    assert "Salle 1, importé le lundi 2 novembre3 moments à venir" in listed
    assert "Occupé" not in listed.split("Calendriers importés")[0]


def test_the_same_file_again_adds_nothing(app: Flask, client_of: Browser, places: Cast) -> None:
    denis, data = client_of(places.denis), file(event(*CHOIR))
    first = bring(denis, data).page
    yes(denis, first)
    assert "Il n’y avait rien à ajouter." in yes(denis, first)
    again = bring(denis, data).page
    assert "3 moments sont déjà là." in again.main
    assert "Rien de nouveau à occuper" in again.main
    more = bring(denis, file(event(*CHOIR), event(*YOGA))).page
    assert "1 moment est occupé." in yes(denis, more)
    with app.app_context():
        assert (rows(RoomImport), rows(ImportedClosure)) == (2, 4)


def test_what_a_club_took_meanwhile_stays_its_own(
    app: Flask, client_of: Browser, places: Cast, claimed: Claimed
) -> None:
    denis = client_of(places.denis)
    page = bring(denis, file(event(*CHOIR))).page
    claimed(places.bruno, "tilleul")
    assert "2 moments sont occupés. 1 autre vient d’être réservé par un club : il lui reste." in yes(denis, page)
    with app.app_context():
        assert states()[:3] == ["claimed", "closed", "closed"]
        assert rows(Closure) == 2


def test_an_import_is_undone_as_a_whole_and_other_closures_stay(app: Flask, client_of: Browser, places: Cast) -> None:
    denis = client_of(places.denis)
    yes(denis, bring(denis, file(event(*CHOIR))).page)
    with app.app_context():
        start = datetime(2026, 11, 17, 19, 0, tzinfo=PARIS)
        close_room(house("canal"), room("salle-1"), start, start + timedelta(hours=4), "Peinture")
    path = next(each for each in denis.get("/houses/canal/rooms").page.links if each.endswith("/undo"))
    assert "3 moments sont de nouveau à réserver." in denis.get(path).page.main
    assert denis.send(path).location == "/houses/canal/rooms"
    with app.app_context():
        assert states() == ["free", "closed", "free", "free"]
        assert slot("salle-1", date(2026, 11, 17)).why == "Peinture"
        spans = db.session.scalars(select(Span).order_by(Span.starts_at)).all()
        assert [(each.starts_at - start) / timedelta(hours=1) for each in spans] == [0, 1.5]
        assert spans[-1].ends_at == start + timedelta(hours=4)
        assert (rows(RoomImport), rows(ImportedClosure), rows(Closure)) == (0, 0, 1)
    assert denis.get(path).status_code == 404


def test_what_is_refused_is_said_beside_the_field(client_of: Browser, places: Cast) -> None:
    denis = client_of(places.denis)
    for data, said in ((b"<html>", "n’est pas un calendrier"), (b"", "n’est pas un calendrier")):
        answer = bring(denis, data)
        assert answer.status_code == 422
        assert said in answer.page.main
        assert answer.page.title.startswith("Erreur :")
    assert denis.send(PATH, {"weeks": "26"}).status_code == 422
    assert bring(denis, file(event(*CHOIR)), weeks="5000").status_code == 422
    forged = denis.send(PATH, {"plan": "x"})
    assert "C’était trop long" in forged.page.main


def test_the_yes_is_for_one_room_and_one_hour(client_of: Browser, places: Cast, monday: time_machine.Traveller) -> None:
    denis = client_of(places.denis)
    plan = bring(denis, file(event(*CHOIR))).page.form().fields["plan"]
    elsewhere = denis.send("/houses/canal/rooms/atelier/import", {"plan": plan})
    assert elsewhere.status_code == 422
    monday.shift(timedelta(minutes=61))
    assert denis.send(PATH, {"plan": plan}).status_code == 422


def test_an_import_is_kept_as_long_as_its_closures(app: Flask, places: Cast, monday: time_machine.Traveller) -> None:
    with app.app_context():
        start = datetime(2026, 11, 10, 9, tzinfo=PARIS)
        bring_calendar(
            places.denis.actor, "canal", "salle-1", [Moment(start, start + timedelta(hours=1), "", "a" * 32)]
        )
    monday.shift(timedelta(days=400))
    with app.app_context():
        assert dict(retention.run(("rooms:closures", "rooms:imports"))) == {"rooms:closures": 1, "rooms:imports": 1}
        assert rows(RoomImport) == 0


def test_four_hundred_at_once_are_a_steady_number_of_questions_each(
    app: Flask, places: Cast, queries: Callable[[], Any]
) -> None:
    counts = []
    with app.app_context():
        for number in (2, 6):
            begin = datetime(2026, 12, number, 0, 0, tzinfo=PARIS)
            several = [
                Moment(begin + timedelta(minutes=5 * n), begin + timedelta(minutes=5 * n + 5), "", f"{number}-{n}")
                for n in range(number)
            ]
            with queries() as asked:
                bring_calendar(places.denis.actor, "canal", "salle-1", several)
            counts.append(len(asked))
    assert (counts[1] - counts[0]) % 4 == 0
    assert (counts[1] - counts[0]) // 4 <= 10


def test_nobody_else_brings_a_calendar(client_of: Browser, places: Cast) -> None:
    person: Person
    for person in (places.bruno, places.amina):
        assert client_of(person).get(PATH).status_code == 404

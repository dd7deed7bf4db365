"""The journal: only ever added to, and read by those it concerns."""

import ast
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from app.clubs.models import Club
from app.config import ROOT
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, is_sqlite, transaction
from app.core.ids import new_id
from app.facilitation.models import Report
from app.houses.journal import note
from app.houses.models import JournalEntry, StaffPost
from app.messaging.models import Message
from app.pages.journal.words import WORDS
from tests.support.cast import Cast, Person
from tests.support.clients import PageClient
from tests.support.factories import add, make_club, make_house

CLIENT = Callable[..., PageClient]
sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
SOURCES = sorted((ROOT / "app").rglob("*.py"))


@pytest.fixture
def noted(app: Flask, cast: Cast) -> Callable[..., int]:
    """``noted("decision:hide", cast.bruno, role="lead")``: an act in Tilleul; gives its number."""

    def write(act: str, person: Person, slug: str = "tilleul", about: Person | None = None, **values: Any) -> int:
        with app.app_context(), transaction():
            told = {"house_id": cast.houses["canal"], "club_id": cast.clubs[slug]}
            about_id = about.account_id if about else None
            entry = note(act, person.actor, about_id=about_id, **{**told, **values})
            db.session.flush()
            return entry.number

    return write


def rows(page: Any) -> list[list[str]]:
    """The lines as they are read."""
    return [["".join(cell.itertext()).replace("\xa0", " ") for cell in row] for row in page.all(".//main//tbody/tr")]


def acts(page: Any) -> list[str]:
    return [row[1] for row in rows(page)]


WRITES = (
    update(JournalEntry).values(act="decision:keep"),
    delete(JournalEntry),
    text("UPDATE journal_entry SET by_id = NULL"),
    text("DELETE FROM journal_entry WHERE number > 0"),
)


def test_nothing_of_it_is_changed_or_deleted(app: Flask, noted: Callable[..., int], cast: Cast) -> None:
    number = noted("decision:hide", cast.bruno, role="lead")
    with app.app_context():
        refused = [*WRITES, *([] if is_sqlite() else [text("TRUNCATE journal_entry")])]
        for write in refused:
            with pytest.raises(DBAPIError, match="journal_entry_stays"), transaction():
                db.session.execute(write)
        for change in (_change, db.session.delete):
            with pytest.raises(DBAPIError, match="journal_entry_stays"), transaction():
                change(db.session.get_one(JournalEntry, number))
                db.session.flush()
        assert [(each.number, each.act) for each in db.session.scalars(select(JournalEntry))] == [
            (number, "decision:hide")
        ]


def _change(entry: JournalEntry) -> None:
    entry.act = "decision:keep"


def test_the_application_holds_no_word_that_takes_tables_or_guards_away() -> None:
    """The owner of a table may always drop it: no line of the application says so."""
    # SQLite empties its write-ahead log by a word that is also one for tables: there it takes none.
    words = re.compile(
        r"\b((?<!\"PRAGMA wal_checkpoint\()TRUNCATE|DROP\s+(TABLE|TRIGGER|FUNCTION)|DISABLE\s+TRIGGER"
        r"|session_replication_role)\b",
        re.I,
    )
    assert len(SOURCES) > 100
    assert [path.name for path in SOURCES if words.search(path.read_text())] == []
    dropping = [
        path.name for path in SOURCES if re.search(r"\.drop(_all)?\(|journal_entry\b.*\btext\(", path.read_text())
    ]
    assert dropping == []


def noting() -> Iterator[str]:
    """The act of every ``note(…)`` of the code; ``*`` stands for what is put in when it runs."""
    for path in SOURCES:
        tree = ast.parse(path.read_text())
        named = {ast.unparse(each.targets[0]): each.value for each in tree.body if isinstance(each, ast.Assign)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _is_note(node.func) and node.args:
                yield from _acts_of(named.get(ast.unparse(node.args[0]), node.args[0]))


def _is_note(function: ast.expr) -> bool:
    return (isinstance(function, ast.Name) and function.id == "note") or (
        isinstance(function, ast.Attribute)
        and function.attr == "note"
        and isinstance(function.value, ast.Name)
        and function.value.id == "journal"
    )


def _acts_of(given: ast.expr) -> Iterator[str]:
    if isinstance(given, ast.Constant):
        yield str(given.value)
    elif isinstance(given, ast.IfExp):
        yield from _acts_of(given.body)
        yield from _acts_of(given.orelse)
    elif isinstance(given, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in given.values)
    else:
        yield ast.unparse(given)


def test_every_act_that_is_noted_has_words() -> None:
    found = sorted(set(noting()))
    assert "decision:*" in found
    assert [act for act in found if not any(fnmatchcase(known, act) for known in WORDS)] == []


@sqlite
def test_a_club_reads_its_part_and_nobody_s_name(client_of: CLIENT, cast: Cast, noted: Callable[..., int]) -> None:
    until = datetime(2026, 12, 1, 17, 30, tzinfo=UTC)
    with time_machine.travel(datetime(2026, 11, 23, 9, 14, 50, tzinfo=UTC), tick=False):
        noted("decision:pause", cast.bruno, role="lead", about=cast.amina, rule="1", until=until.isoformat())
        noted("decision:hide", cast.denis, rule="Parler de nos enfants")
        noted("decision:hide", cast.dario, "romarin", role="lead")
        for person in (cast.amina, cast.bruno):
            page = client_of(person).get("/clubs/tilleul/journal").page
            assert (page.title, page.h1) == ("Journal – Club Tilleul – Maison du Canal", "Journal du club")
            assert rows(page) == [
                ["Lundi 23 novembre, 10 h 14", "Un message est caché. Règle : Parler de nos enfants.", "L’équipe"],
                [
                    "Lundi 23 novembre, 10 h 14",
                    "Un membre est mis en pause. Règle : 1. Respecter chacun. Jusqu’au mardi 1er décembre, 18 h 30.",
                    "Une personne responsable",
                ],
            ]  # fmt: skip


@sqlite
def test_each_person_reads_what_was_decided_about_them(
    client_of: CLIENT, cast: Cast, noted: Callable[..., int]
) -> None:
    noted("decision:pause", cast.bruno, role="lead", about=cast.amina, rule="2")
    noted("decision:hide", cast.dario, "romarin", role="lead", about=cast.amina)
    noted("decision:remove", cast.bruno, role="lead", about=cast.chloe)
    found = [row[1:] for row in rows(client_of(cast.amina).get("/account/journal").page)]
    assert found == [
        ["Un message est caché.", "Club Romarin", "Une personne responsable"],
        ["Un membre est mis en pause. Règle : 2. Garder le secret.", "Club Tilleul", "Une personne responsable"],
    ]
    assert "Rien n’a été ouvert" in client_of(cast.bruno).get("/account/journal").page.main


@sqlite
def test_a_year_that_is_over_is_said(client_of: CLIENT, cast: Cast, noted: Callable[..., int]) -> None:
    with time_machine.travel(datetime(2024, 3, 1, 9, 0, tzinfo=UTC), tick=False):
        noted("decision:keep", cast.bruno, role="lead")
    assert rows(client_of(cast.bruno).get("/clubs/tilleul/journal").page)[0][0] == "Vendredi 1er mars 2024, 10 h"


@pytest.fixture
def report(app: Flask, cast: Cast, talk: Callable[..., str], noted: Callable[..., int]) -> str:
    """Bruno's message is reported by Amina; nobody has decided."""
    talk(cast.bruno, "tilleul", "Mardi")
    with app.app_context(), transaction():
        message = db.session.scalars(select(Message)).one()
        row = Report(
            id=new_id(), club_id=message.club_id, message_id=message.id, reporter_id=cast.amina.memberships["tilleul"],
            reason="insult", made_at=now(), escalates_at=now() + timedelta(days=1),
        )  # fmt: skip
        found: str = add(row).id
    return found


@pytest.mark.parametrize("keyed", [True, False])
def test_an_undecided_report_does_not_exist_for_whom_it_is_about(
    app: Flask, client_of: CLIENT, cast: Cast, report: str, noted: Callable[..., int], keyed: bool, monkeypatch: Any
) -> None:
    monkeypatch.setitem(WORDS, "report:made", "Un message est signalé.")
    noted("report:made", cast.amina, role="member", subject_id=report, about=cast.bruno if keyed else None)

    def seen() -> list[list[str]]:
        paths = ((cast.amina, "/clubs/tilleul/journal"), (cast.bruno, "/clubs/tilleul/journal"))
        club = [acts(client_of(person).get(path).page) for person, path in paths]
        return [*club, acts(client_of(cast.bruno).get("/account/journal").page)]

    told = ["Un message est signalé."]
    assert seen() == [told, [], []]
    with app.app_context(), transaction():
        db.session.get_one(Report, report).decided_at = now()
    assert seen() == [told, told, told if keyed else []]


@sqlite
def test_the_team_reads_its_own_houses(app: Flask, client_of: CLIENT, cast: Cast, noted: Callable[..., int]) -> None:
    with app.app_context(), transaction():
        db.session.get_one(StaffPost, (cast.denis.account_id, cast.houses["canal"])).name = "Samir"
        pont = make_house("pont")
        make_club("aulne", pont)
        elsewhere = {"house_id": pont.id, "club_id": db.session.scalar(select(Club.id).where(Club.slug == "aulne"))}
    noted("decision:hide", cast.denis, rule="1")
    noted("decision:keep", cast.dario, "romarin", role="lead", house_id=None, rule="Entre personnes trans")
    noted("decision:remove", cast.elise, **elsewhere)
    noted("decision:restore", cast.elise, house_id=None, club_id=None)
    for person in (cast.denis, cast.elise):
        found = [row[1:] for row in rows(client_of(person).get("/desk/journal").page)]
        assert found == [
            ["Un message caché est de nouveau visible.", "–", "L’équipe"],
            ["Un message signalé reste en place.", "Club Romarin", "Une personne responsable"],
            ["Un message est caché. Règle : 1. Respecter chacun.", "Club Tilleul", "Samir"],
        ]
    assert client_of(cast.amina).get("/desk/journal").status_code == 404


@sqlite
def test_a_page_of_it_stays_the_same(app: Flask, client_of: CLIENT, cast: Cast, noted: Callable[..., int]) -> None:
    with app.app_context(), transaction():
        for number in range(65):
            for slug in ("tilleul", "romarin"):
                note("decision:hide", cast.bruno.actor, role="lead", club_id=cast.clubs[slug], rule=f"Règle {number}")
    client, path = client_of(cast.amina), "/clubs/tilleul/journal"
    first = client.get(path).page
    assert [len(rows(first)), f"{path}?before=36" in first.links] == [30, True]
    second = client.get(f"{path}?before=36").page
    noted("decision:hide", cast.bruno, role="lead", rule="Règle 65")
    assert acts(second) == acts(client.get(f"{path}?before=36").page)
    last = client.get(f"{path}?before=6").page
    assert acts(last)[-1] == "Un message est caché. Règle : Règle 0."
    assert [len(rows(last)), any("before" in link for link in last.links if link.startswith("/clubs"))] == [5, False]
    read = acts(first) + acts(second) + acts(last)
    assert read == [f"Un message est caché. Règle : Règle {number}." for number in reversed(range(65))]
    for nonsense in ("0", "1", "é", "999999999", "-3"):
        assert client.get(path, query_string={"before": nonsense}).status_code == 200


@sqlite
def test_it_asks_as_much_for_one_as_for_many(
    client_of: CLIENT, cast: Cast, noted: Callable[..., int], queries: Callable[[], Any]
) -> None:
    clients = {
        path: client_of(person) for path, person in (("/desk/journal", cast.denis), ("/account/journal", cast.amina))
    }
    counts: dict[str, list[int]] = {path: [] for path in clients}
    for number in (1, 2):
        for _each in range(number):
            noted("decision:hide", cast.denis, about=cast.amina)
            noted("decision:hide", cast.elise, "romarin", about=cast.amina)
        for path, client in clients.items():
            client.get(path)
            with queries() as asked:
                client.get(path)
            counts[path].append(len(asked))
    assert [each[0] == each[1] for each in counts.values()] == [True, True]


def test_nothing_of_a_lead_or_a_member_is_kept(app: Flask, cast: Cast, noted: Callable[..., int]) -> None:
    number = noted("decision:hide", cast.bruno, role="lead", about=cast.amina)
    with app.app_context():
        entry = db.session.get_one(JournalEntry, number)
        stored = repr([getattr(entry, column.name) for column in JournalEntry.__table__.columns])
    people: list[Actor] = [cast.bruno.actor, cast.amina.actor]
    assert [who.account_id in stored for who in people] == [False, False]

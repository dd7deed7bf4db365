"""Minutes written by several: no edit is lost, whoever comes second; what is picked from them; how long they live."""

from collections.abc import Callable
from datetime import timedelta
from multiprocessing.synchronize import Barrier
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, text

from app.clubs.actions import join_club
from app.clubs.models import Change, Club
from app.clubs.queries import member_club_for
from app.core import privacy
from app.core.db import db, transaction
from app.core.errors import DomainError, Gone, Invalid, NotAllowed, NotFound
from app.core.retention import run
from app.meetings.minutes.actions import Superseded, drop_decision, pick_decision, pick_task, write_minutes
from app.meetings.minutes.leaving import part_from_minutes
from app.meetings.minutes.models import MinutesVersion, NotedDecision
from app.meetings.tasks.models import Task
from app.rooms.actions import release_claim
from tests.rooms.places import make_places
from tests.rules.arranged import begin
from tests.support import databases
from tests.support.application import make_app
from tests.support.cast import Cast, Person, make_cast, make_person
from tests.support.clients import ApiClient, PageClient
from tests.support.page import text_of
from tests.support.race import race

Browser = Callable[[Person], PageClient]
Claimed = Callable[..., str]
SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
FIRST = "Présents : six\n- On garde le mardi\n- Rappeler la mairie"


@pytest.fixture
def meeting(claimed: Claimed, places: Cast, monday: time_machine.Traveller) -> str:
    """One of Tilleul's, which began five minutes ago; Tuesday of the week after."""
    found = claimed(places.bruno, "tilleul")
    monday.shift(timedelta(days=8, hours=9, minutes=35))
    return found


def texts() -> list[str]:
    return list(db.session.scalars(select(MinutesVersion.text).order_by(MinutesVersion.number)))


@SQLITE
def test_the_second_writer_is_told_and_loses_nothing(context: None, places: Cast, meeting: str) -> None:
    amina, bruno = places.amina.actor, places.bruno.actor
    assert write_minutes(bruno, meeting, 0, FIRST).number == 1
    assert write_minutes(amina, meeting, 1, f"{FIRST}\nFin").number == 2
    with pytest.raises(Superseded) as late:
        write_minutes(bruno, meeting, 1, f"{FIRST}\nMerci")
    assert (late.value.status, late.value.latest.number, texts()) == (409, 2, [FIRST, f"{FIRST}\nFin"])
    # Sent twice by a slow network, or nothing changed: it is stored once.
    assert write_minutes(amina, meeting, 1, f"{FIRST}\nFin").number == 2
    assert write_minutes(bruno, meeting, 1, FIRST).number == 2
    assert write_minutes(bruno, meeting, 2, f"{FIRST}\nFin\nMerci").number == 3
    with pytest.raises(Superseded):
        write_minutes(amina, meeting, 0, "Tout à refaire")
    with pytest.raises(NotFound):
        write_minutes(amina, meeting, 7, "Trop loin")
    kinds = select(Change.kind, Change.subject_id).where(Change.kind == "minutes:written")
    assert db.session.execute(kinds).all() == [("minutes:written", meeting)] * 3


def write_at_once(barrier: Barrier, url: str, person: Person, meeting: str, line: str) -> str:
    app = make_app(url, LIMIT_FACTOR=100)
    with app.app_context():
        barrier.wait()
        try:
            write_minutes(person.actor, meeting, 1, f"{FIRST}\n{line}")
        except Superseded:
            return "late"
        return "saved"


def race_for_the_second(app: Flask, cast: Cast, meeting: str) -> list[str]:
    with app.app_context():
        write_minutes(cast.bruno.actor, meeting, 0, FIRST)
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    people = [cast.amina, cast.bruno, cast.amina, cast.bruno]
    return sorted(race(write_at_once, *((url, who, meeting, f"Ligne {n}") for n, who in enumerate(people))))


def begun(app: Flask, cast: Cast) -> str:
    """A meeting that has begun by the clock of every process."""
    with app.app_context():
        make_places()
        return begin(cast)["begun"]


def test_of_several_at_once_one_is_saved(app: Flask, cast: Cast) -> None:
    assert race_for_the_second(app, cast, begun(app, cast)) == ["late", "late", "late", "saved"]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(MinutesVersion)) == 2


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_without_the_constraint_edits_would_be_lost(engine: str) -> None:
    app = make_app(databases.new_database(engine))
    with app.app_context():
        cast = make_cast()
        with transaction():
            db.session.execute(text("ALTER TABLE minutes_version DROP CONSTRAINT uq_minutes_version_meeting_id_number"))
    assert race_for_the_second(app, cast, begun(app, cast)).count("saved") > 1
    databases.close(app)


@SQLITE
def test_who_may_write_and_when(
    context: None, places: Cast, meeting: str, monday: time_machine.Traveller, claimed: Claimed
) -> None:
    for who in (places.chloe, places.dario, places.denis, places.elise):
        for act in (
            lambda actor: write_minutes(actor, meeting, 0, "Non"),
            lambda actor: pick_decision(actor, meeting, 1, 0),
            lambda actor: pick_task(actor, meeting, 1, 0),
        ):
            with pytest.raises(NotFound):
                act(who.actor)
    for sent, code in (("", "text_empty"), ("x" * 12_001, "text_too_long"), ("x\n" * 401, "text_too_many_lines")):
        with pytest.raises(Invalid) as refused:
            write_minutes(places.amina.actor, meeting, 0, f"{sent}." if "\n" in sent else sent)
        assert refused.value.code == code
    monday.shift(timedelta(hours=-1))
    with pytest.raises(DomainError) as early:
        write_minutes(places.amina.actor, meeting, 0, "Trop tôt")
    assert (early.value.code, early.value.status) == ("meeting_not_begun", 409)
    release_claim(places.bruno.actor, meeting)
    with pytest.raises(Gone):
        write_minutes(places.amina.actor, meeting, 0, "Rendue")
    assert texts() == []


@SQLITE
def test_decisions_and_tasks_are_picked(context: None, places: Cast, meeting: str) -> None:
    amina, bruno = places.amina.actor, places.bruno.actor
    write_minutes(bruno, meeting, 0, FIRST)
    decision = pick_decision(amina, meeting, 1, 1)
    assert pick_decision(bruno, meeting, 1, 1).id == decision.id
    task = pick_task(amina, meeting, 1, 2)
    assert pick_task(amina, meeting, 1, 2).id == task.id
    lead = places.bruno.memberships["tilleul"]
    assert (decision.text, decision.written_by_id) == ("On garde le mardi", lead)
    assert (task.text, task.made_by_id, task.holder_id) == ("Rappeler la mairie", lead, None)
    for number, line in ((1, 3), (1, -1), (2, 0), (0, 0)):
        with pytest.raises(NotFound):
            pick_decision(amina, meeting, number, line)
    with pytest.raises(NotAllowed):
        drop_decision(amina, decision.id)
    with pytest.raises(NotFound):
        drop_decision(places.chloe.actor, decision.id)
    drop_decision(bruno, decision.id)
    kinds = list(db.session.scalars(select(Change.kind).order_by(Change.seq).where(Change.kind != "claim:made")))
    assert kinds == ["minutes:written", "decision:noted", "task:made", "decision:gone"]


@SQLITE
def test_who_came_after_they_were_begun_reads_nothing_of_them(
    app: Flask, client_of: Browser, api_of: Callable[[Person], ApiClient], places: Cast, meeting: str
) -> None:
    with app.app_context():
        with transaction():
            db.session.get_one(Club, places.clubs["tilleul"]).history = "joining"
        write_minutes(places.bruno.actor, meeting, 0, FIRST)
        decided = pick_decision(places.bruno.actor, meeting, 1, 1).id
        zoe = make_person("zoe")
        join_club(zoe.actor, "tilleul", "Zoé")
        assert member_club_for(zoe.actor, "tilleul")[1].first_seq > 1
        with pytest.raises(NotFound):
            write_minutes(zoe.actor, meeting, 1, "Zoé")
        with pytest.raises(NotFound):
            drop_decision(zoe.actor, decided)
        write_minutes(places.bruno.actor, meeting, 1, f"{FIRST}\nFin")
        later = pick_decision(places.bruno.actor, meeting, 2, 3).id
        drop_decision(places.bruno.actor, decided)
    for person, names in ((places.amina, [meeting, later, decided]), (zoe, [None, later, None])):
        rows = api_of(person).get("/clubs/tilleul/changes?since=0").json["changes"][-3:]
        assert [row["data"] and row["data"].popitem()[1] for row in rows] == names
    client = client_of(zoe)
    page = client.get(f"/meetings/{meeting}").page
    assert "commencé avant votre arrivée" in page.main
    assert "On garde le mardi" not in page.html
    for path in ("", "/edit", "/versions/1"):
        assert client.get(f"/meetings/{meeting}/minutes{path}").status_code == 404
    assert "On garde le mardi" not in client.get("/clubs/tilleul/decided").text


@SQLITE
@pytest.mark.parametrize(
    ("messages", "left"),
    [("blank", ["…", "…\nMerci d’Amina", "Merci d’Amina\n…"]),
     ("keep", [FIRST, f"{FIRST}\nMerci d’Amina", f"Merci d’Amina\n{FIRST}"])],
)  # fmt: skip
def test_who_leaves_takes_their_lines_out_of_every_version(
    context: None, places: Cast, meeting: str, messages: Any, left: list[str]
) -> None:
    write_minutes(places.bruno.actor, meeting, 0, FIRST)
    write_minutes(places.amina.actor, meeting, 1, f"{FIRST}\nMerci d’Amina")
    write_minutes(places.amina.actor, meeting, 2, f"Merci d’Amina\n{FIRST}")
    pick_decision(places.amina.actor, meeting, 3, 2)
    pick_decision(places.bruno.actor, meeting, 3, 0)
    chapters = {each.name: each.rows(places.bruno.account_id) for each in privacy.chapters()}
    assert [row["text"] for row in chapters["minutes"]] == [FIRST]
    assert [row["text"] for row in chapters["decided"]] == ["On garde le mardi"]
    for _twice in range(2):
        with transaction():
            part_from_minutes(places.bruno.memberships["tilleul"], messages)
    assert texts() == left
    decided = list(db.session.scalars(select(NotedDecision.text).order_by(NotedDecision.seq)))
    assert decided == (["Merci d’Amina"] if messages == "blank" else ["On garde le mardi", "Merci d’Amina"])


@SQLITE
def test_all_versions_go_together_when_the_first_is_old(
    context: None, places: Cast, meeting: str, monday: time_machine.Traveller
) -> None:
    with transaction():
        db.session.get_one(Club, places.clubs["tilleul"]).keep_months = 1
    write_minutes(places.bruno.actor, meeting, 0, FIRST)
    monday.shift(timedelta(days=25))
    write_minutes(places.amina.actor, meeting, 1, f"{FIRST}\nFin")
    pick_decision(places.amina.actor, meeting, 2, 1)
    assert dict(run(["minutes:old", "minutes:decisions"])) == {"minutes:old": 0, "minutes:decisions": 0}
    monday.shift(timedelta(days=8))
    assert dict(run(["minutes:old", "minutes:decisions"])) == {"minutes:old": 1, "minutes:decisions": 0}
    assert texts() == []
    monday.shift(timedelta(days=25))
    assert dict(run(["minutes:decisions"])) == {"minutes:decisions": 1}


@SQLITE
def test_nobody_writes_a_page_that_cannot_be_saved(
    app: Flask, client_of: Browser, places: Cast, meeting: str, monday: Any
) -> None:
    """Before the meeting the page says from when on, and leads back: what is typed there would be lost."""
    monday.shift(timedelta(hours=-1))
    amina, edit = client_of(places.amina), f"/meetings/{meeting}/minutes/edit"
    told = amina.get(edit)
    assert (told.status_code, told.page.h1, told.page.all(".//main//textarea")) == (200, "Compte rendu", [])
    when = "à partir du mardi 10 novembre, 18 h 30."
    assert when in told.page.main.replace("\u00a0", " ")
    assert [link for link in told.page.links if link == f"/meetings/{meeting}"] != []
    assert when in amina.get(f"/meetings/{meeting}/minutes").page.main.replace("\u00a0", " ")
    with app.app_context():
        release_claim(places.bruno.actor, meeting)
    assert "Cette rencontre n’a plus lieu" in amina.get(edit).page.main


@SQLITE
def test_a_first_text_has_no_number(app: Flask, client_of: Browser, places: Cast, meeting: str) -> None:
    amina, there = client_of(places.amina), f"/meetings/{meeting}/minutes"
    with app.app_context():
        write_minutes(places.bruno.actor, meeting, 0, FIRST)
    assert "ersion" not in amina.get(there).page.main
    assert amina.get(f"{there}/versions/1").page.h1 == "Compte rendu, premier texte"
    with app.app_context():
        write_minutes(places.bruno.actor, meeting, 1, f"{FIRST}\nFin")
    page = amina.get(there).page
    assert [text_of(link) for link in page.all(".//ol[@class='facts']//a")] == ["Version 2", "Premier texte"]
    heads = amina.get(f"{there}/versions/2").page.all(".//span[@role='columnheader']")
    assert [text_of(each) for each in heads] == ["Premier texte", "Version 2"]


@SQLITE
def test_the_pages(app: Flask, client_of: Browser, places: Cast, meeting: str) -> None:
    amina, bruno = client_of(places.amina), client_of(places.bruno)
    edit = f"/meetings/{meeting}/minutes/edit"
    assert "Commencer le compte rendu" in amina.get(f"/meetings/{meeting}").page.main
    assert amina.submit(edit, {"text": " "}).status_code == 422
    assert amina.submit(edit, {"text": FIRST}).location == f"/meetings/{meeting}/minutes"
    # Both open the form; Bruno saves first.
    form = amina.get(edit).page.form()
    bruno.submit(edit, {"text": f"{FIRST}\nFin de Bruno"})
    late = amina.post(edit, data={**form.fields, "text": f"{FIRST}\nFin d’Amina"})
    assert late.status_code == 409
    assert [text_of(each) for each in late.page.all(".//mark")] == ["de Bruno", "d’Amina"]
    again = late.page.form(edit)
    assert (again.fields["base"], again.fields["text"]) == ("2", f"{FIRST}\nFin de Bruno\nFin d’Amina")
    assert amina.post(edit, data=again.fields).location == f"/meetings/{meeting}/minutes"
    page = bruno.get(f"/meetings/{meeting}/minutes").page
    block = page.by_id("minutes")
    assert block is not None
    assert block.get("data-kinds") == "minutes:written decision:noted decision:gone"
    assert [text_of(each) for each in page.all(".//article//li")] == [
        "On garde le mardi",
        "Rappeler la mairie Fin de Bruno Fin d’Amina",
    ]
    picked = bruno.send(f"/meetings/{meeting}/minutes/decisions", {"number": "3", "line": "1"}, on="")
    assert picked.location == f"/meetings/{meeting}/minutes"
    assert bruno.send(f"/meetings/{meeting}/minutes/decisions", {"number": "x", "line": "²"}, on="").status_code == 404
    assert bruno.send(f"/meetings/{meeting}/minutes/tasks", {"number": "3", "line": "2"}, on="").status_code == 303
    assert "On garde le mardi" in amina.get("/clubs/tilleul").page.main
    assert "On garde le mardi" in amina.get("/clubs/tilleul/decided").page.main
    old = amina.get(f"/meetings/{meeting}/minutes/versions/2").page
    assert [text_of(each) for each in old.all(".//mark")] == ["Fin de Bruno"]
    with app.app_context():
        assert db.session.scalars(select(Task.text)).all() == ["Rappeler la mairie"]


@SQLITE
def test_a_heading_is_neither_decided_nor_to_be_done(
    app: Flask, client_of: Browser, places: Cast, meeting: str
) -> None:
    with app.app_context():
        write_minutes(places.bruno.actor, meeting, 0, "Décidé :\n- On garde le mardi\nÀ faire :\n- Rappeler la mairie")
    page = client_of(places.amina).get(f"/meetings/{meeting}/minutes").page
    rows = page.all(".//section[@aria-labelledby='pick-h']//li")
    offered = [(text_of(each.find(".//bdi")), len(each.findall(".//button"))) for each in rows]
    assert [(line.replace("\u202f", " ").replace("\u00a0", " "), buttons) for line, buttons in offered] == [
        ("Décidé :", 0), ("On garde le mardi", 2), ("À faire :", 0), ("Rappeler la mairie", 2),
    ]  # fmt: skip

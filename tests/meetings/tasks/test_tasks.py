"""Small things to do: who takes them, who says that they are done, who reads them, and how long."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.clubs.actions import join_club, leave_club
from app.clubs.models import Change, Club
from app.clubs.queries import member_club_for
from app.core import privacy
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import DomainError, Gone, Invalid, NotAllowed, NotFound, Taken
from app.core.retention import run
from app.meetings.tasks import actions
from app.meetings.tasks.actions import drop_task, finish_task, leave_task, make_task, reopen_task, take_task
from app.meetings.tasks.leaving import part_from_tasks
from app.meetings.tasks.models import Task
from app.meetings.tasks.queries import TaskView, tasks_for_agenda, tasks_of
from tests.support.cast import Cast, Person, make_person, membership
from tests.support.clients import ApiClient, PageClient
from tests.support.page import text_of

API, Browser = Callable[[Person], ApiClient], Callable[[Person], PageClient]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def seen(cast: Cast, person: Person) -> list[TaskView]:
    club = db.session.get_one(Club, cast.clubs["tilleul"])
    with_me = membership(person, "tilleul")
    return tasks_of(club, with_me)


def states(cast: Cast, person: Person) -> list[tuple[str, str | None, bool, bool]]:
    return [(each.text, each.holder, each.mine, each.asked) for each in seen(cast, person)]


def test_a_task_is_asked_for_taken_and_given_back(context: None, cast: Cast) -> None:
    amina, bruno = cast.amina, cast.bruno
    task = make_task(bruno.actor, "tilleul", " Rappeler  la mairie ", amina.memberships["tilleul"])
    assert states(cast, amina) == [("Rappeler la mairie", "Ama", True, True)]
    assert tasks_for_agenda(amina.actor)[0].asked
    with pytest.raises(Taken):
        take_task(bruno.actor, task.id)
    leave_task(amina.actor, task.id)
    assert states(cast, bruno) == [("Rappeler la mairie", None, False, False)]
    take_task(bruno.actor, task.id)
    take_task(bruno.actor, task.id)
    assert states(cast, amina) == [("Rappeler la mairie", "Bruno", False, False)]
    with pytest.raises(NotAllowed):
        leave_task(amina.actor, task.id)
    kinds = list(db.session.scalars(select(Change.kind).order_by(Change.seq)))
    assert kinds == ["task:made", "task:changed", "task:changed"]
    assert tasks_for_agenda(amina.actor) == []


def test_done_in_one_tap_and_undone(context: None, cast: Cast) -> None:
    amina, bruno = cast.amina, cast.bruno
    task = make_task(bruno.actor, "tilleul", "Apporter les chaises", bruno.memberships["tilleul"])
    with pytest.raises(NotAllowed):
        finish_task(amina.actor, task.id)
    finish_task(bruno.actor, task.id)
    finish_task(bruno.actor, task.id)
    assert states(cast, bruno) == []
    with pytest.raises(Gone):
        take_task(amina.actor, task.id)
    reopen_task(bruno.actor, task.id)
    assert states(cast, bruno) == [("Apporter les chaises", "Bruno", True, False)]
    free = make_task(bruno.actor, "tilleul", "Écrire l’affiche")
    finish_task(amina.actor, free.id)
    with pytest.raises(NotAllowed):
        drop_task(amina.actor, free.id)
    drop_task(bruno.actor, free.id)
    with pytest.raises(NotFound):
        reopen_task(amina.actor, free.id)


def test_who_is_not_in_the_club_finds_nothing(context: None, cast: Cast) -> None:
    task = make_task(cast.bruno.actor, "tilleul", "Écrire l’affiche")
    for who in (cast.chloe, cast.dario, cast.denis, cast.elise):
        for act in (take_task, leave_task, finish_task, reopen_task, drop_task):
            with pytest.raises(NotFound):
                act(who.actor, task.id)
        with pytest.raises(NotFound):
            make_task(who.actor, "tilleul", "Autre chose")
    assert list(db.session.scalars(select(Task.text))) == ["Écrire l’affiche"]


def test_what_a_task_must_be(context: None, cast: Cast) -> None:
    bruno, today = cast.bruno.actor, now().date()
    for sent, code in (
        (("",), "text_empty"),
        (("x" * 201,), "text_too_long"),
        (("Oui", cast.chloe.memberships["glycine"]), "holder_unknown"),
        (("Oui", "", today - timedelta(days=2)), "due_out_of_range"),
        (("Oui", "", today + timedelta(days=400)), "due_out_of_range"),
    ):
        with pytest.raises(Invalid) as refused:
            make_task(bruno, "tilleul", *sent)
        assert refused.value.code == code


def test_a_club_has_a_hundred_at_most(context: None, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_OPEN", 2)
    first = make_task(cast.bruno.actor, "tilleul", "Un")
    make_task(cast.amina.actor, "tilleul", "Deux")
    with pytest.raises(DomainError) as refused:
        make_task(cast.amina.actor, "tilleul", "Trois")
    assert (refused.value.code, refused.value.status) == ("tasks_full", 409)
    finish_task(cast.bruno.actor, first.id)
    make_task(cast.amina.actor, "tilleul", "Trois")


def test_a_newcomer_reads_from_their_coming_on(context: None, cast: Cast) -> None:
    with transaction():
        db.session.get_one(Club, cast.clubs["tilleul"]).history = "joining"
    before = make_task(cast.bruno.actor, "tilleul", "Avant")
    zoe = make_person("zoe")
    join_club(zoe.actor, "tilleul", "Zoé")
    zoe.memberships["tilleul"] = member_club_for(zoe.actor, "tilleul")[1].id
    make_task(cast.bruno.actor, "tilleul", "Après")
    assert [each.text for each in seen(cast, zoe)] == ["Après"]
    with pytest.raises(NotFound):
        take_task(zoe.actor, before.id)


def test_the_log_names_a_newcomer_no_task_of_before(app: Flask, api_of: API, cast: Cast) -> None:
    with app.app_context():
        with transaction():
            db.session.get_one(Club, cast.clubs["tilleul"]).history = "joining"
        before, gone = (make_task(cast.bruno.actor, "tilleul", text).id for text in ("Avant", "Enlevée"))
        zoe = make_person("zoe")
        join_club(zoe.actor, "tilleul", "Zoé")
        take_task(cast.bruno.actor, before)
        drop_task(cast.bruno.actor, gone)
        after = make_task(cast.bruno.actor, "tilleul", "Après").id
        drop_task(cast.bruno.actor, after)
    told = [("task:changed", before), ("task:gone", gone), ("task:made", after), ("task:gone", after)]
    path = "/clubs/tilleul/changes?since=0"
    rows = [row for row in api_of(cast.amina).get(path).json["changes"] if row["kind"].startswith("task:")]
    assert [(row["kind"], row["data"]["task"]) for row in rows][2:] == told
    rows = [row for row in api_of(zoe).get(path).json["changes"] if row["kind"].startswith("task:")]
    names = [None, None, after, after]
    assert [row["data"] and row["data"]["task"] for row in rows] == names


def test_what_who_left_the_club_held_is_to_take(context: None, cast: Cast) -> None:
    task = make_task(cast.amina.actor, "tilleul", "Écrire l’affiche", cast.amina.memberships["tilleul"])
    leave_club(cast.amina.actor, "tilleul")
    assert states(cast, cast.bruno) == [("Écrire l’affiche", None, False, False)]
    take_task(cast.bruno.actor, task.id)
    assert states(cast, cast.bruno) == [("Écrire l’affiche", "Bruno", True, False)]


@pytest.mark.parametrize(("messages", "left"), [("blank", ["De Bruno"]), ("keep", ["D’Amina", "De Bruno"])])
def test_who_leaves_for_good_takes_their_words_along_or_not(
    context: None, cast: Cast, messages: str, left: list[str]
) -> None:
    ship = cast.amina.memberships["tilleul"]
    make_task(cast.amina.actor, "tilleul", "D’Amina")
    make_task(cast.bruno.actor, "tilleul", "De Bruno", ship)
    rows = {chapter.name: chapter.rows(cast.amina.account_id) for chapter in privacy.chapters()}["tasks"]
    assert [(row["what"], row["text"]) for row in rows] == [("task_asked", "D’Amina"), ("task_held", None)]
    for _twice in range(2):
        with transaction():
            part_from_tasks(ship, messages)  # type: ignore[arg-type]
    assert sorted(db.session.scalars(select(Task.text))) == sorted(left)
    assert set(db.session.scalars(select(Task.holder_id))) == {None}


def test_the_clock_ends_what_nobody_moves(context: None, cast: Cast) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        done = make_task(cast.bruno.actor, "tilleul", "Faite")
        finish_task(cast.bruno.actor, done.id)
        make_task(cast.bruno.actor, "tilleul", "Pas faite")
        make_task(cast.bruno.actor, "tilleul", "Pour plus tard", "", now().date() + timedelta(days=60))
        with transaction():
            db.session.get_one(Club, cast.clubs["tilleul"]).keep_months = 1
        clock.shift(timedelta(days=25))
        assert dict(run(["tasks:old"])) == {"tasks:old": 0}
        clock.shift(timedelta(days=10))
        assert dict(run(["tasks:old"])) == {"tasks:old": 2}
        assert list(db.session.scalars(select(Task.text))) == ["Pour plus tard"]


def test_the_pages(app: Flask, client_of: Browser, cast: Cast) -> None:
    amina, bruno = client_of(cast.amina), client_of(cast.bruno)
    made = {"text": "Rappeler la mairie", "holder": cast.amina.memberships["tilleul"], "due": str(now().date())}
    assert bruno.submit("/clubs/tilleul/tasks/new", {"text": ""}).status_code == 422
    assert bruno.submit("/clubs/tilleul/tasks/new", made).location == "/clubs/tilleul/tasks"
    page = amina.get("/clubs/tilleul").page
    block = page.by_id("tasks")
    assert block is not None
    assert (block.get("data-club"), block.get("data-kinds")) == ("tilleul", "task:made task:changed task:gone")
    buttons = [text_of(each) for each in block.iter("button")]
    assert buttons == ["Je m’en charge Rappeler la mairie", "Je ne peux pas Rappeler la mairie"]
    with app.app_context():
        task = db.session.scalars(select(Task.id)).one()
    assert amina.send(f"/tasks/{task}/take", {"back": "/clubs/tilleul#tasks"}, on="").location == "/clubs/tilleul#tasks"
    assert amina.send(f"/tasks/{task}/done", {"back": "//evil.example"}, on="").location == "/"
    done = amina.get("/clubs/tilleul/tasks").page.by_id("tasks")
    assert done is not None
    assert [text_of(each) for each in done.iter("button")] == ["Pas encore fait Rappeler la mairie"]
    assert amina.send(f"/tasks/{task}/undone", on="").status_code == 303


def test_the_list_asks_as_often_for_one_as_for_three(
    client_of: Browser, app: Flask, cast: Cast, queries: Callable[[], object]
) -> None:
    client, counts = client_of(cast.amina), []
    for number in (1, 2):
        with app.app_context():
            for _each in range(number):
                make_task(cast.bruno.actor, "tilleul", "À faire", cast.bruno.memberships["tilleul"])
        client.get("/clubs/tilleul/tasks")
        with queries() as asked:  # type: ignore[attr-defined]
            client.get("/clubs/tilleul/tasks")
        counts.append(len(asked))
    assert counts[0] == counts[1]

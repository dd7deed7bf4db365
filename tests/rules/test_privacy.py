"""Confidential from the first line: what is not yours does not exist, two clubs cannot be joined up."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.core.clock import now
from app.core.db import db
from app.core.privacy import chapters, holdings, kept_back
from tests.rules.stage import Stage
from tests.support import clients, databases
from tests.support.application import make_app
from tests.support.page import Page

PEOPLE = ("account", "membership")


@pytest.fixture(scope="module")
def stage() -> Any:
    app = make_app(databases.new_database("sqlite"), LIMIT_FACTOR=1000)
    yield Stage(app)
    databases.close(app)


# By which a column leads to a person without saying so to the database.
BY_NAME = re.compile(r"(^|_)(account_id|membership_id|person_key|drawer_key|about_key)$|_by(_id)?$|^by_id$")
NO_KEY = {
    ("message", "hidden_by"): "lead or staff, not who",
    ("rehearsal", "cancelled_by"): "asker or listener, not who",
}


def leads_to_a_person(table: Any, column: Any) -> bool:
    if any(key.column.table.name in PEOPLE for key in column.foreign_keys):
        return True
    return BY_NAME.search(column.name) is not None and (table.name, column.name) not in NO_KEY


def test_every_key_of_a_person_is_declared(stage: Stage) -> None:
    """A table that a new feature forgets to declare fails here; it is then erased, and given back or not with a why."""
    leading = {
        (table.name, column.name)
        for table in db.metadata.sorted_tables
        for column in table.columns
        if leads_to_a_person(table, column)
    }
    assert len(leading) >= 30
    assert {(each.table, each.column) for each in holdings()} == leading


def test_every_holding_is_taken_away_or_says_why_not(stage: Stage) -> None:
    """Name it in ``take_away`` or in ``keep_back``, both in ``app.core.privacy``."""
    given = {each for chapter in chapters() for each in chapter.covers}
    assert len(given) >= 15
    assert given & set(kept_back()) == set()
    assert {(each.table, each.column) for each in holdings()} - given - set(kept_back()) == set()
    assert [why for why in kept_back().values() if len(why) < 10] == []


def test_every_declaration_says_why() -> None:
    assert [each for each in holdings() if len(each.why) < 10] == []


ROLES = ("visitor", "other", "former", "facilitator", "manager")


def said(answer: Any, slug: str) -> tuple[int, list[tuple[str, str]], str]:
    """An answer without what is new each time: the session's cookie and the CSRF token."""
    body = answer.get_data(as_text=True).replace(slug, "SLUG")
    if answer.mimetype == "text/html" and not answer.location:
        body = body.replace(Page(body).csrf_token, "TOKEN")
    headers = [(k, v.replace(slug, "SLUG")) for k, v in answer.headers if k not in ("Set-Cookie", "Date")]
    cookies = [cookie.split("=")[0] for cookie in answer.headers.getlist("Set-Cookie")]
    return answer.status_code, [*headers, ("cookies", str(cookies))], body


@pytest.mark.parametrize("role", ROLES)
def test_for_one_reader_the_page_is_the_same_letter_for_letter(stage: Stage, role: str) -> None:
    client = stage.page_client(role)
    client.get("/help")
    with time_machine.travel(now(), tick=False) as clock:
        discreet = client.get("/clubs/romarin")
        clock.shift(61)
        assert client.get("/clubs/neverwa").data == discreet.data
        assert client.get("/nowhere").data == discreet.data


@pytest.mark.parametrize("role", ["other", "former", "facilitator", "manager"])
def test_what_is_not_yours_answers_as_what_does_not_exist(stage: Stage, role: str) -> None:
    nothing = "a" * 26
    client = stage.page_client(role)
    client.get("/help")
    for name, path in (
        ("thread", "/threads/{}"),
        ("claim", "/claims/{}"),
        ("claim", "/meetings/{}"),
        ("thread", "/api/v1/threads/{}/messages"),
    ):
        found = [said(client.get(path.format(each)), each) for each in (stage.known[name], nothing)]
        assert found[0] == found[1]


def seen_by(stage: Stage, person: Any, slug: str, app: Flask) -> str:
    """Everything that a member of one club is shown by its pages and calls."""
    page, api = clients.client_of(app, person), clients.api_of(app, person)
    texts = [page.get(f"/clubs/{slug}{rest}").text for rest in ("", "/members", "/threads/new")]
    texts += [api.get(f"/clubs/{slug}{rest}").text for rest in ("", "/members", "/threads", "/changes?since=0")]
    threads = [row["id"] for row in api.get(f"/clubs/{slug}/threads").json["items"]]
    texts += [page.get(f"/threads/{thread}").text for thread in threads]
    texts += [api.get(f"/threads/{thread}/messages").text for thread in threads]
    return "\n".join(texts)


def test_two_clubs_cannot_be_joined_up(stage: Stage) -> None:
    """Bruno reads Tilleul, Dario reads Romarin; Amina is in both: no id of hers stands in both."""
    from tests.rules.stage import draft, talk

    amina, app = stage.cast.amina, stage.app
    with app.app_context():
        talk.open_thread(amina.actor, "romarin", "Salut", draft("Bonsoir."))
    tilleul, romarin = (
        seen_by(stage, stage.cast.bruno, "tilleul", app),
        seen_by(stage, stage.cast.dario, "romarin", app),
    )
    assert (amina.memberships["tilleul"] in tilleul, amina.memberships["romarin"] in romarin) == (True, True)
    assert ("Ama" in tilleul, "Sacha" in tilleul, "Sacha" in romarin) == (True, False, True)
    assert amina.account_id not in tilleul + romarin
    ids = [set(re.findall(r"\b[a-z2-7]{26}\b", text)) for text in (tilleul, romarin)]
    assert min(len(each) for each in ids) >= 3
    known = {stage.cast.houses["canal"], stage.cast.houses["port"]}
    assert (ids[0] & ids[1]) - known == set()


def test_times_are_shown_to_the_minute(stage: Stage) -> None:
    api = clients.api_of(stage.app, stage.cast.bruno)
    messages = api.get(f"/threads/{stage.known['thread']}/messages").json["items"]
    changes = api.get("/clubs/tilleul/changes?since=0").json["changes"]
    times = [message["posted_at"] for message in messages] + [change["at"] for change in changes]
    assert len(times) >= 8
    assert [time for time in times if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:00Z", time)] == []
    page = clients.client_of(stage.app, stage.cast.bruno).get(f"/threads/{stage.known['thread']}").page
    shown = [e.get("datetime") for e in page.all(".//time")]
    assert [time for time in shown if not re.fullmatch(r"\d{4}-\d\d-\d\d(T\d\d:\d\d)?", time or "")] == []


def test_the_log_of_a_club_holds_ids_alone(stage: Stage) -> None:
    columns = {column.name: str(column.type) for column in db.metadata.tables["change"].columns}
    assert columns == {
        "club_id": "VARCHAR(26)",
        "seq": "INTEGER",
        "kind": "VARCHAR(30)",
        "subject_id": "VARCHAR(26)",
        "at": "DATETIME",
    }


def test_addresses_are_stored_sealed(stage: Stage) -> None:
    """In the whole database no address stands in the clear, although every account has one."""
    rows = stage.rows()
    assert len(rows["account"]) >= 9
    assert "demo.example" not in str(rows)


def test_after_leaving_no_name_is_stored(stage: Stage) -> None:
    rows = str(stage.rows())
    assert ("'Ama'" in rows, "'Félix'" in rows) == (True, False)


def test_staff_actors_are_refused_by_every_read_of_a_club(stage: Stage) -> None:
    from app.clubs.queries import member_club_by_id, member_club_for, memberships_of
    from app.core.errors import NotFound

    with stage.app.app_context():
        for person in (stage.cast.denis, stage.cast.elise):
            for read in (
                lambda actor: member_club_for(actor, "tilleul"),
                lambda actor: member_club_by_id(actor, stage.cast.clubs["tilleul"]),
            ):
                refused(NotFound, read, person.actor)
            assert memberships_of(person.actor) == []


def refused(kind: type[Exception], read: Callable[[Any], Any], actor: Any) -> None:
    with pytest.raises(kind):
        read(actor)

"""Closed by default: what nobody marked is for signed-in people only, and no write passes without its token."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from app.web.guard import no_csrf, public
from tests.support import clients, databases
from tests.support.application import make_app
from tests.support.cast import Person, make_person


@pytest.fixture
def house() -> Iterator[Flask]:
    """An application with routes that somebody has just added."""
    app = make_app(databases.new_database("sqlite"))
    app.add_url_rule("/new", "new", lambda: "inside", methods=["GET", "POST"])
    app.add_url_rule("/api/v1/new", "api_new", lambda: {"inside": True}, methods=["GET", "POST"])
    app.add_url_rule("/new-open", "open", public(lambda: "outside"), methods=["GET", "POST"])
    app.add_url_rule("/new-free", "free", public(no_csrf(lambda: "sent")), methods=["POST"])
    yield app
    databases.close(app)


@pytest.fixture
def zoe(house: Flask) -> Person:
    with house.app_context():
        return make_person("zoe")


def test_a_new_page_leads_a_visitor_to_the_way_in(house: Flask) -> None:
    answer = clients.visitor(house).get("/new?a=1")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=/new?a%3D1")


def test_a_new_call_answers_401(house: Flask) -> None:
    answer = clients.visitor(house).get("/api/v1/new")
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert (answer.json["code"], answer.headers["WWW-Authenticate"]) == ("not_signed_in", "Bearer")


def test_a_signed_in_person_gets_in(house: Flask, zoe: Person) -> None:
    assert clients.client_of(house, zoe).get("/new").text == "inside"
    assert clients.api_of(house, zoe).get("/new").json == {"inside": True}


def test_a_marked_page_is_open(house: Flask) -> None:
    assert clients.visitor(house).get("/new-open").text == "outside"


def test_a_write_without_its_token_is_refused(house: Flask, zoe: Person) -> None:
    client = clients.client_of(house, zoe)
    assert client.post("/new").status_code == 400
    assert clients.visitor(house).post("/new-open").status_code == 400
    assert client.post("/new", data={"csrf_token": client.token("/sign-in")}).text == "inside"


def test_a_call_by_cookie_needs_the_token_and_by_bearer_does_not(house: Flask, zoe: Person) -> None:
    client = clients.client_of(house, zoe)
    assert client.post("/api/v1/new").status_code == 400
    token = client.token("/sign-in")
    assert client.post("/api/v1/new", headers={"X-CSRFToken": token}).json == {"inside": True}
    assert clients.api_of(house, zoe).post("/new").json == {"inside": True}


def test_a_bearer_header_switches_the_cookie_off(house: Flask, zoe: Person) -> None:
    client = clients.client_of(house, zoe)
    assert client.get("/api/v1/new", headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert client.post("/api/v1/new", headers={"Authorization": "Bearer wrong"}).status_code == 401


def test_a_token_of_one_browser_does_not_serve_another(house: Flask, zoe: Person) -> None:
    first, second = clients.client_of(house, zoe), clients.client_of(house, zoe)
    stolen: dict[str, Any] = {"csrf_token": first.token("/sign-in")}
    assert second.post("/new", data=stolen).status_code == 400


def test_a_write_that_proves_itself_otherwise_needs_no_token(house: Flask) -> None:
    assert clients.visitor(house).post("/new-free").text == "sent"


def test_what_was_typed_comes_back_when_the_session_has_ended(house: Flask, zoe: Person) -> None:
    client = clients.client_of(house, zoe)
    late = {"csrf_token": client.token("/sign-in"), "title": "Samedi", "body": "Qui vient ?"}
    clients.client_of(house, zoe).send("/sign-out-everywhere", on="/sign-in")
    answer = client.post("/new", data=late)
    assert answer.status_code == 401
    kept = answer.text.split('<textarea class="input" id="kept"')[1].split(">", 1)[1].split("</textarea>")[0]
    assert kept == "Samedi\n\nQui vient ?"


def test_what_was_typed_comes_back_when_the_token_is_too_old(house: Flask, zoe: Person) -> None:
    answer = clients.client_of(house, zoe).post("/new", data={"csrf_token": "old", "body": "Qui vient ?"})
    assert answer.status_code == 400
    assert answer.text.count("Qui vient ?") == 1


def test_an_empty_form_of_a_visitor_leads_to_the_way_in(house: Flask) -> None:
    client = clients.visitor(house)
    answer = client.post("/new", data={"csrf_token": client.token("/sign-in")})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=/new")

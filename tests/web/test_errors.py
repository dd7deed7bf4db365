"""Every refusal is a page in plain words, or a problem object; none of them says what was asked."""

from collections.abc import Iterator

import pytest
import structlog
from flask import Flask
from sqlalchemy import text

from app.core import errors
from app.core.db import db
from app.web.guard import public
from app.web.log import init_log
from tests.support import clients, databases
from tests.support.application import make_app
from tests.support.page import Page

ERRORS = {
    400: errors.DomainError,
    403: errors.NotAllowed,
    404: errors.NotFound,
    409: errors.Taken,
    410: errors.Gone,
    422: errors.Invalid,
    503: errors.Unavailable,
}


def breaks() -> str:
    raise ValueError("what a person wrote")


@pytest.fixture
def house() -> Iterator[Flask]:
    """An application with an address for each error."""
    app = make_app(databases.new_database("sqlite"), LOG_LEVEL="info")

    def raising(kind: type[errors.DomainError]) -> str:
        raise kind()

    @public
    def wait() -> str:
        raise errors.TooMany(7)

    for prefix in ("", "/api/v1"):
        for status, kind in ERRORS.items():
            view = public(lambda kind=kind: raising(kind))
            app.add_url_rule(f"{prefix}/e/{status}", f"{prefix}e{status}", view)
        app.add_url_rule(f"{prefix}/e/429", f"{prefix}e429", wait)
        app.add_url_rule(f"{prefix}/e/500", f"{prefix}e500", public(lambda: breaks()))
    yield app
    databases.close(app)


@pytest.mark.parametrize("status", [*ERRORS, 429, 500])
def test_an_error_is_a_reviewed_page(house: Flask, status: int) -> None:
    answer = clients.visitor(house).get(f"/e/{status}")
    assert (answer.status_code, answer.mimetype, answer.headers["Cache-Control"]) == (status, "text/html", "no-store")
    assert answer.page.h1 != ""


@pytest.mark.parametrize("status", [*ERRORS, 429, 500])
def test_an_error_is_a_problem_at_the_json_door(house: Flask, status: int) -> None:
    answer = clients.visitor(house).get(f"/api/v1/e/{status}")
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    told = {"type", "title", "status", "detail", "code"} | ({"retry_after"} if status == 429 else set())
    assert set(answer.json) == told
    assert answer.json["status"] == status


def test_what_must_wait_says_how_long(house: Flask) -> None:
    found = {status: clients.visitor(house).get(f"/e/{status}").headers["Retry-After"] for status in (429, 503)}
    assert found == {429: "7", 503: "20"}


def test_the_page_of_an_absent_database_asks_again_by_itself(house: Flask) -> None:
    page = clients.visitor(house).get("/e/503").page
    assert page.all(".//body")[0].get("data-retry") == "20"


@pytest.mark.parametrize(("asked", "status"), [("SELECT 1 / 0", 404), ("SELECT 1 FROM nowhere", 500)])
def test_a_statement_that_failed_does_not_break_the_page_that_says_so(asked: str, status: int) -> None:
    house = make_app(databases.new_database("postgresql"))
    house.add_url_rule("/e/asked", "asked", public(lambda: str(db.session.scalar(text(asked)))))
    assert clients.visitor(house).get("/e/asked").status_code == status
    databases.close(house)


@pytest.fixture
def log() -> Iterator[None]:
    """What the next application logs goes to the present standard error; afterwards to where it went before."""
    kept = structlog.get_config()
    yield
    structlog.configure(**kept)


def test_an_unforeseen_error_is_logged_by_its_kind_alone(
    house: Flask, log: None, capfd: pytest.CaptureFixture[str]
) -> None:
    init_log(house)
    assert "what a person wrote" not in clients.visitor(house).get("/e/500?q=secret").text
    told = capfd.readouterr().err
    assert ("ValueError" in told, "what a person wrote" in told, "secret" in told) == (True, False, False)


def test_a_page_of_an_error_that_breaks_too_says_nothing_of_what_was_asked(
    house: Flask, log: None, capfd: pytest.CaptureFixture[str]
) -> None:
    house.context_processor(breaks)  # type: ignore[type-var]
    init_log(house)
    answer = clients.visitor(house).get("/e/404?q=secret")
    told = capfd.readouterr().err
    assert (answer.status_code, "what a person wrote" in told, "secret" in told) == (503, False, False)


def test_an_unknown_address_is_not_repeated(visitor: clients.PageClient) -> None:
    answer = visitor.get("/a-secret-place?q=a-secret-word")
    assert (answer.status_code, "a-secret" in answer.text) == (404, False)


@pytest.mark.usefixtures("cast")
def test_unknown_addresses_get_the_same_page(visitor: clients.PageClient) -> None:
    pages = {visitor.get(path).text for path in ("/nowhere", "/clubs/nowhere", "/houses/nowhere/slots", "/x/y?z=1")}
    tokens = {Page(page).csrf_token for page in pages}
    plain = {page.replace(token, "") for page in pages for token in tokens if token in page}
    assert len(plain) == 1


def test_a_method_that_an_address_does_not_know(visitor: clients.PageClient) -> None:
    answer = visitor.delete("/healthz")
    assert answer.status_code in (400, 405)


def test_too_much_at_once_is_refused_in_words(house: Flask) -> None:
    client = clients.visitor(house)
    answer = client.post("/sign-in", data={"csrf_token": client.token("/sign-in"), "email": "x" * 200_000})
    assert (answer.status_code, answer.mimetype) == (413, "text/html")


def test_bytes_that_are_no_text_are_refused_in_words(visitor: clients.PageClient) -> None:
    body = f"csrf_token={visitor.token('/sign-in')}&email=%ff%fe"
    answer = visitor.post("/sign-in", data=body, content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, answer.page.h1) == (422, "Entrer")

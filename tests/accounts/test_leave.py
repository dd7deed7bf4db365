"""The way out."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from app.accounts.models import LoginSession
from app.core.db import db
from tests.support import clients
from tests.support.cast import Cast
from tests.support.clients import PageClient

HOME = "http://127.0.0.1:5000"


def sessions(app: Flask) -> int:
    with app.app_context():
        return int(db.session.scalar(db.select(db.func.count()).select_from(LoginSession)) or 0)


def test_leaving_ends_the_session_and_leads_elsewhere(app: Flask, cast: Cast, client_of: Any) -> None:
    browser = client_of(cast.amina)
    answer = browser.get("/leave")
    assert (answer.status_code, answer.location) == (303, app.config["EXIT_URL"])
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert sessions(app) == 0
    assert browser.get("/account").status_code == 303
    assert browser.get_cookie("session") is None or "_user_id" not in browser.get_cookie("session").value


def test_a_visitor_leaves_too(app: Flask, visitor: PageClient) -> None:
    assert visitor.get("/leave").location == app.config["EXIT_URL"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Purpose": "prefetch"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"X-Moz": "prefetch"},
    ],
)
def test_a_prefetch_does_nothing(app: Flask, cast: Cast, client_of: Any, headers: dict[str, str]) -> None:
    browser = client_of(cast.amina)
    answer = browser.get("/leave", headers=headers)
    assert (answer.status_code, answer.headers.get("Clear-Site-Data"), sessions(app)) == (204, None, 1)
    assert browser.get("/account").status_code == 200


def test_head_does_nothing(app: Flask, cast: Cast, client_of: Any) -> None:
    assert client_of(cast.amina).head("/leave").status_code == 204
    assert sessions(app) == 1


def test_the_script_leaves_without_a_redirect(app: Flask, cast: Cast, client_of: Any) -> None:
    answer = client_of(cast.amina).post("/leave", headers={"Origin": HOME})
    assert (answer.status_code, answer.location) == (204, None)
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert sessions(app) == 0


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", None])
def test_nobody_else_can_sign_a_person_out(app: Flask, cast: Cast, client_of: Any, origin: str | None) -> None:
    headers = {} if origin is None else {"Origin": origin}
    assert client_of(cast.amina).post("/leave", headers=headers).status_code == 403
    assert sessions(app) == 1


@pytest.mark.parametrize(("shared", "forgotten"), [(True, True), (False, False)])
def test_a_shared_device_forgets_how_one_reads(cast: Cast, client_of: Any, shared: bool, forgotten: bool) -> None:
    browser = client_of(cast.amina, shared=shared)
    browser.set_cookie("reading", "xl.dark..fr")
    browser.get("/leave")
    assert (browser.get_cookie("reading") is None) is forgotten


def test_leaving_works_while_the_database_is_away(
    app: Flask, cast: Cast, client_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = client_of(cast.amina)

    def away(*_args: object, **_kwargs: object) -> None:
        raise OperationalError("", {}, Exception("gone"))

    monkeypatch.setattr(db.session, "execute", away)
    assert browser.get("/leave").location == app.config["EXIT_URL"]
    assert browser.get_cookie("session") is None


def test_the_old_cookie_opens_nothing(app: Flask, cast: Cast, client_of: Any) -> None:
    browser = client_of(cast.amina)
    with browser.session_transaction() as session:
        kept = dict(session)
    browser.get("/leave")
    with browser.session_transaction() as session:
        session.update(kept)
    assert browser.get("/account").status_code == 303


@pytest.mark.parametrize(("path", "status"), [("/clubs/tilleul", 303), ("/", 303), ("/api/v1/me", 401)])
def test_who_left_without_network_is_out_with_the_next_request(
    app: Flask, cast: Cast, client_of: Any, path: str, status: int
) -> None:
    browser = client_of(cast.amina)
    browser.set_cookie("left", "1")
    answer = browser.get(path)
    assert (answer.status_code, answer.location) == (status, "/" if status == 303 else None)
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert sessions(app) == 0
    assert browser.get_cookie("left") is None
    assert browser.get("/account").location == "/sign-in?next=/account"


def test_who_comes_after_that_session_was_over_goes_where_they_wanted_to(visitor: Any) -> None:
    visitor.set_cookie("left", "1")
    answer = visitor.get("/help")
    assert (answer.status_code, answer.headers["Clear-Site-Data"]) == (200, '"cache", "storage"')
    assert visitor.get_cookie("left") is None


def test_a_key_for_a_program_is_not_who_left(app: Flask, cast: Cast, client_of: Any) -> None:
    browser, key = client_of(cast.amina), clients.api_of(app, cast.amina).secret
    browser.set_cookie("left", "1")
    assert browser.get("/api/v1/me", headers={"Authorization": f"Bearer {key}"}).status_code == 200
    assert sessions(app) == 1
    browser.get("/")
    assert (sessions(app), browser.get_cookie("left")) == (0, None)


def test_a_way_out_that_was_heard_leaves_no_mark(cast: Cast, client_of: Any) -> None:
    browser = client_of(cast.amina)
    browser.set_cookie("left", "1")
    assert browser.post("/leave", headers={"Origin": HOME}).status_code == 204
    assert browser.get_cookie("left") is None

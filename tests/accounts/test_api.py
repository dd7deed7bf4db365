"""The JSON door of accounts."""

from typing import Any

import pytest
from flask import Flask

from app.accounts.actions import WrongPassword, make_token, prove_password, set_password
from app.accounts.budgets import Asker
from app.accounts.models import Token
from app.core.db import db
from app.core.errors import NotFound
from app.houses.locks.actions import lock_account
from tests.support.cast import Cast
from tests.support.clients import ApiClient, PageClient, visitor
from tests.support.factories import PASSWORD

PATH = "/api/v1/tokens"


def bearer(app: Flask, secret: str) -> ApiClient:
    program = ApiClient(app, app.response_class, use_cookies=False)
    program.secret = secret
    return program


def test_make_a_key_with_a_password(app: Flask, visitor: PageClient, cast: Cast) -> None:
    answer = visitor.post(PATH, json={"email": cast.amina.email, "password": PASSWORD, "label": "essai"})
    assert (answer.status_code, set(answer.json)) == (201, {"id", "token"})
    assert answer.headers["Cache-Control"] == "no-store"
    me = bearer(app, answer.json["token"]).get("/me").json
    assert (me["role"], me["has_password"]) == ("member", True)


def test_the_secret_is_not_stored(app: Flask, visitor: PageClient, cast: Cast) -> None:
    made = visitor.post(PATH, json={"email": cast.amina.email, "password": PASSWORD, "label": "essai"}).json
    with app.app_context():
        row = db.session.get(Token, made["id"])
        assert row is not None
        assert made["token"] not in (row.secret_hash, row.label)
        assert len(row.secret_hash) == 64


def test_wrong_and_unknown_are_answered_alike(app: Flask, cast: Cast, queries: Any) -> None:
    seen = []
    for email in (cast.amina.email, "nobody@demo.example", "no address at all"):
        with queries() as asked:
            answer = visitor(app).post(PATH, json={"email": email, "password": "not the right one", "label": "x"})
        headers = sorted(answer.headers)
        seen.append((answer.status_code, answer.get_data(), headers, list(asked)))
    assert seen[0] == seen[1] == seen[2]
    assert (seen[0][0], answer.mimetype, answer.json["code"]) == (401, "application/problem+json", "wrong_password")


def test_an_account_without_a_password_is_answered_alike(app: Flask, visitor: PageClient, cast: Cast) -> None:
    from app.core.db import transaction
    from tests.support.factories import make_account

    with app.app_context(), transaction():
        make_account("zoe@exemple.fr")
    wrong = visitor.post(PATH, json={"email": cast.amina.email, "password": "not the right one", "label": "x"})
    without = visitor.post(PATH, json={"email": "zoe@exemple.fr", "password": PASSWORD, "label": "x"})
    assert (wrong.status_code, wrong.get_data()) == (without.status_code, without.get_data())


def test_five_wrong_then_wait(visitor: PageClient, cast: Cast) -> None:
    wrong = {"email": cast.amina.email, "password": "not the right one", "label": "x"}
    assert [visitor.post(PATH, json=wrong).status_code for _ in range(6)] == [401] * 5 + [429]
    answer = visitor.post(PATH, json=wrong | {"password": PASSWORD})
    assert (answer.status_code, answer.json["code"]) == (429, "too_many")
    assert 0 < int(answer.headers["Retry-After"]) <= 600


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"email": "amina@demo.example"},
        {"email": "amina@demo.example", "password": PASSWORD, "label": ""},
        {"email": "amina@demo.example", "password": PASSWORD, "label": "x" * 61},
        {"email": ["amina@demo.example"], "password": PASSWORD, "label": "x"},
    ],
)
def test_a_body_of_another_shape(visitor: PageClient, cast: Cast, body: dict[str, Any]) -> None:
    answer = visitor.post(PATH, json=body)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")


@pytest.mark.parametrize("sent", [{"data": "no json"}, {"data": "{", "content_type": "application/json"}])
def test_a_body_that_is_no_json(visitor: PageClient, sent: dict[str, str]) -> None:
    answer = visitor.post(PATH, **sent)
    assert answer.status_code in (400, 415, 422)
    assert answer.mimetype == "application/problem+json"


def test_list_is_paged_and_one_s_own(cast: Cast, api_of: Any) -> None:
    programs = [api_of(cast.amina) for _ in range(3)]
    api_of(cast.bruno)
    first = programs[0].get("/tokens?limit=2").json
    second = programs[0].get(f"/tokens?limit=2&cursor={first['next_cursor']}").json
    assert (len(first["items"]), len(second["items"]), second["next_cursor"]) == (2, 1, None)
    ids = [token["id"] for token in first["items"] + second["items"]]
    assert len(set(ids)) == 3
    assert {tuple(sorted(token)) for token in first["items"]} == {("created_at", "id", "label")}


def test_keys_and_sessions_ask_as_much_for_one_as_for_many(
    cast: Cast, api_of: Any, client_of: Any, queries: Any
) -> None:
    program, browser, counts = api_of(cast.amina), client_of(cast.amina), []
    for more in (0, 2):
        for _each in range(more):
            api_of(cast.amina)
            client_of(cast.amina)
        for client, path, least in ((program, "/tokens", "essai"), (browser, "/account", "Un autre appareil")):
            client.get(path)
            with queries() as asked:
                assert client.get(path).get_data(as_text=True).count(least) >= more
            counts.append(len(asked))
    assert counts[:2] == counts[2:]


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "cursor=%C3%A9"])
def test_a_page_that_cannot_be(cast: Cast, api_of: Any, query: str) -> None:
    assert api_of(cast.amina).get(f"/tokens?{query}").status_code == 422


def test_end_a_key(cast: Cast, api_of: Any) -> None:
    program = api_of(cast.amina)
    (own,) = program.get("/tokens").json["items"]
    answer = program.delete(f"/tokens/{own['id']}")
    assert (answer.status_code, answer.get_data()) == (204, b"")
    assert program.get("/tokens").status_code == 401


def test_end_a_key_of_somebody_else(cast: Cast, api_of: Any) -> None:
    program, theirs = api_of(cast.amina), api_of(cast.bruno)
    (other,) = theirs.get("/tokens").json["items"]
    answers = [program.delete(f"/tokens/{each}") for each in (other["id"], "nothing")]
    assert [each.status_code for each in answers] == [404, 404]
    assert answers[0].get_data() == answers[1].get_data()
    assert theirs.get("/tokens").status_code == 200


def test_me_holds_no_id_of_the_account(cast: Cast, api_of: Any) -> None:
    answer = api_of(cast.amina).get("/me")
    assert cast.amina.account_id not in answer.get_data(as_text=True)
    assert set(answer.json) == {"role", "has_password", "memberships"}
    assert {club["club"]: club["name"] for club in answer.json["memberships"]} == cast.amina.names


@pytest.mark.parametrize(("method", "path"), [("get", "/me"), ("get", "/tokens"), ("delete", "/tokens/x")])
def test_a_visitor_is_told_to_come_in(visitor: PageClient, method: str, path: str) -> None:
    answer = getattr(visitor, method)(f"/api/v1{path}")
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")


def test_a_bad_token_is_not_saved_by_a_good_cookie(cast: Cast, client_of: Any) -> None:
    browser = client_of(cast.amina)
    assert browser.get("/api/v1/me").status_code == 200
    for value in ("Bearer nothing", "bearer nothing", "BEARER  "):
        assert browser.get("/api/v1/me", headers={"Authorization": value}).status_code == 401


def test_a_token_beside_a_cookie_is_the_one_that_counts(cast: Cast, client_of: Any, api_of: Any) -> None:
    browser, program = client_of(cast.amina), api_of(cast.denis)
    headers = {"Authorization": f"Bearer {program.secret}"}
    assert browser.get("/api/v1/me", headers=headers).json["role"] == "facilitator"


def test_a_write_by_cookie_needs_the_csrf_token(cast: Cast, client_of: Any, api_of: Any) -> None:
    api_of(cast.amina)
    browser = client_of(cast.amina)
    (own,) = browser.get("/api/v1/tokens").json["items"]
    assert browser.delete(f"/api/v1/tokens/{own['id']}").status_code == 400
    headers = {"X-CSRFToken": browser.token("/account")}
    assert browser.delete(f"/api/v1/tokens/{own['id']}", headers=headers).status_code == 204


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_password_that_was_changed_while_it_was_looked_at_makes_no_key(app: Flask, cast: Cast) -> None:
    with app.test_request_context():
        proved = prove_password(cast.amina.email, PASSWORD, Asker("192.0.2.7"))
        set_password(cast.amina.actor, "une phrase bien longue", PASSWORD)
        with pytest.raises(WrongPassword):
            make_token(proved, "essai")
        assert db.session.scalars(db.select(Token)).all() == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_who_was_locked_while_the_password_was_looked_at_gets_no_key(app: Flask, cast: Cast) -> None:
    """It would open everything again once the lock is taken off."""
    with app.test_request_context():
        proved = prove_password(cast.amina.email, PASSWORD, Asker("192.0.2.7"))
        lock_account(cast.elise.actor, cast.amina.email)
        for owner, refused in ((proved, WrongPassword), (cast.amina.actor, NotFound)):
            with pytest.raises(refused):
                make_token(owner, "essai")
        assert db.session.scalars(db.select(Token)).all() == []

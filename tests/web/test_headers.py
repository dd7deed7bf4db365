"""Headers of every answer: the policy of pages, nothing kept of signed-in people, nothing told to other sites."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.support import clients, databases
from tests.support.application import make_app
from tests.support.cast import Cast

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' blob:",
    "font-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "fragment",
}


def policy_of(answer: Any) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts}


@pytest.mark.parametrize("path", ["/sign-in", "/nowhere", "/api/v1/clubs", "/healthz"])
def test_the_policy_stands_on_every_answer(visitor: clients.PageClient, path: str) -> None:
    answer = visitor.get(path)
    found = policy_of(answer)
    assert found.pop("connect-src") == "'self' ws://127.0.0.1:5000 ws://localhost:5000"
    assert found == POLICY
    names = ("Referrer-Policy", "X-Content-Type-Options", "Cross-Origin-Resource-Policy")
    assert [answer.headers[name] for name in names] == ["same-origin", "nosniff", "same-origin"]
    assert "Strict-Transport-Security" not in answer.headers


def test_nothing_of_a_signed_in_person_is_kept(client_of: Callable[..., Any], cast: Cast) -> None:
    for path in ("/clubs", "/account", "/nowhere", "/api/v1/me"):
        assert client_of(cast.amina).get(path).headers["Cache-Control"] == "no-store"


def test_a_public_page_is_asked_for_again(visitor: clients.PageClient) -> None:
    answer = visitor.get("/sign-in")
    assert answer.headers["Cache-Control"] == "no-cache, private"
    assert "Cookie" in [part.strip() for part in answer.headers["Vary"].split(",")]


def test_the_page_that_says_where_a_code_went_is_not_kept(visitor: clients.PageClient) -> None:
    visitor.send("/sign-in", {"email": "zoe@maison.example", "way": "code", "shared": "y"})
    answer = visitor.get("/sign-in/code")
    assert ("z•••@maison.example" in answer.text, answer.headers["Cache-Control"]) == (True, "no-store")


@pytest.fixture
def outside() -> Any:
    """The house as the world sees it, over https."""
    app = make_app(
        databases.new_database("sqlite"),
        BASE_URL="https://maison.example",
        SMTP_URL="smtp://mail.example",
        TRUSTED_PROXIES="1",
    )
    yield app
    databases.close(app)


def test_over_https_the_cookie_is_bound_to_the_host(outside: Flask) -> None:
    answer = clients.visitor(outside).get("/sign-in", base_url="https://maison.example")
    (cookie,) = [line for line in answer.headers.getlist("Set-Cookie") if "session" in line]
    name, *told = [part.strip() for part in cookie.split(";")]
    assert name.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(told)
    assert not [part for part in told if part.startswith("Domain")]
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert policy_of(answer)["connect-src"] == "'self' wss://maison.example"

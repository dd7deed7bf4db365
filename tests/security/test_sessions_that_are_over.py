"""A session that should be over opens nothing, by page, call or long poll; nor does one that somebody else gave."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.accounts import actions
from app.core.db import transaction
from app.houses.team.actions import remove
from tests.support import clients
from tests.support import factories as make
from tests.support.cast import Cast, Person

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
DOORS = ("/account", "/agenda", "/clubs/tilleul/members", "/api/v1/me", "/api/v1/clubs/tilleul/changes?since=0&wait=1")


def opened(client: Any) -> list[int]:
    return [client.get(path).status_code for path in DOORS]


def taken_from(client: clients.PageClient, app: Flask) -> clients.PageClient:
    """Another browser, with a copy of the cookie."""
    thief, name = clients.visitor(app), app.config["SESSION_COOKIE_NAME"]
    cookie = client.get_cookie(name)
    assert cookie is not None
    thief.set_cookie(name, cookie.value)
    return thief


def by_signing_out(app: Flask, cast: Cast, client: clients.PageClient) -> None:
    assert client.submit("/account", action="/sign-out").status_code == 303


def everywhere(app: Flask, cast: Cast, client: clients.PageClient) -> None:
    assert clients.client_of(app, cast.amina).submit("/account", action="/sign-out-everywhere").status_code == 303


def by_the_way_out(app: Flask, cast: Cast, client: clients.PageClient) -> None:
    assert client.get("/leave").status_code == 303


def by_another_password(app: Flask, cast: Cast, client: clients.PageClient) -> None:
    with app.app_context():
        actions.set_password(cast.amina.actor, "une phrase assez longue", make.PASSWORD)


@pytest.mark.parametrize("end", [by_signing_out, everywhere, by_the_way_out, by_another_password])
def test_a_copy_of_the_cookie_opens_nothing_once_the_session_is_over(
    app: Flask, cast: Cast, client_of: Any, end: Callable[..., None]
) -> None:
    client = client_of(cast.amina)
    thief = taken_from(client, app)
    assert opened(thief) == [200] * 5
    end(app, cast, client)
    assert opened(thief) == [303, 303, 303, 401, 401]


def test_who_is_no_more_of_the_team_is_out_at_once(app: Flask, cast: Cast, client_of: Any, api_of: Any) -> None:
    client, api = client_of(cast.denis), api_of(cast.denis)
    assert (client.get("/desk").status_code, api.get("/me").status_code) == (200, 200)
    with app.app_context():
        remove(cast.elise.actor, "canal", cast.denis.account_id)
    assert (client.get("/desk").status_code, api.get("/me").status_code) == (303, 401)


def test_a_session_given_by_somebody_else_is_not_the_one_that_comes_in(app: Flask, cast: Cast, client_of: Any) -> None:
    """Fixation: a cookie that an attacker set, empty or with their own session, is not what lets the victim in."""
    attacker = client_of(cast.chloe)
    for planted in (attacker, clients.visitor(app)):
        planted.get("/sign-in")
        victim = taken_from(planted, app)
        sign_in(victim, cast.amina)
        assert "tilleul" in victim.get("/api/v1/me").text
        assert "tilleul" not in planted.get("/api/v1/me").text


def sign_in(client: clients.PageClient, person: Person) -> None:
    page = client.get("/sign-in", follow_redirects=False)
    if page.location:  # somebody is in already: out first, as the page would make them
        client.get("/leave")
    told = {"email": person.email, "password": make.PASSWORD, "way": "password"}
    assert client.send("/sign-in", told).status_code == 303


def test_a_session_whose_account_is_gone_opens_nothing(app: Flask, cast: Cast, client_of: Any) -> None:
    client = client_of(cast.chloe)
    with app.app_context(), transaction():
        account = make.db.session.get_one(make.Account, cast.chloe.account_id)
        make.db.session.delete(account)
    assert client.get("/account").status_code == 303
    assert client.get("/api/v1/me").status_code == 401


def test_a_cookie_that_was_tampered_with_opens_nothing(app: Flask, cast: Cast, client_of: Any) -> None:
    client, name = client_of(cast.amina), app.config["SESSION_COOKIE_NAME"]
    cookie = client.get_cookie(name)
    assert cookie is not None
    body, moment, signature = cookie.value.split(".")
    for forged in (
        f"{body}.{moment}.{signature[::-1]}",
        f"{body[::-1]}.{moment}.{signature}",
        f"{body}.{moment}.",
        body,
        f"{body}.{moment}.{signature}x",
    ):
        other = clients.visitor(app)
        other.set_cookie(name, forged)
        assert other.get("/api/v1/me").status_code == 401

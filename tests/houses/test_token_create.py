"""``flask token create``: a key in somebody's place is never made behind their back."""

import dataclasses
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import Token
from app.core.db import db
from app.houses.journal import entries_about
from tests.support import clients
from tests.support.cast import Cast
from tests.support.page import Page

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
WHY = "Pour la sauvegarde, à sa demande."


def create(app: Flask, *args: str) -> tuple[int, str]:
    ended = app.test_cli_runner().invoke(args=["token", "create", *args])
    return ended.exit_code, ended.output.strip()


def with_key(app: Flask, secret: str) -> clients.ApiClient:
    client = clients.ApiClient(app, app.response_class, use_cookies=False)
    client.secret = secret
    return client


def keys(app: Flask) -> int:
    with app.app_context():
        return int(db.session.scalar(select(func.count()).select_from(Token)) or 0)


def test_a_key_for_a_member_takes_a_reason_that_they_read(app: Flask, cast: Cast, client_of: Any) -> None:
    code, said = create(app, "amina@demo.example")
    assert (code, "say why with --break-glass REASON" in said, keys(app)) == (1, True, 0)
    code, secret = create(app, " AMINA@demo.example ", "--label", "Sauvegarde", "--break-glass", WHY)
    assert code == 0
    api = with_key(app, secret)
    assert {row["club"] for row in api.get("/me").json["memberships"]} == {"tilleul", "romarin"}
    page = Page(client_of(cast.amina).get("/account").text).main
    assert "Sauvegarde" in page
    assert "Clé faite par la maison, le" in page
    assert WHY in page
    with app.app_context():
        assert [entry.act for entry in entries_about(cast.amina.actor)] == ["token:made"]
    for person in (cast.amina, cast.elise):
        path = "/desk/journal" if person is cast.elise else "/account/journal"
        told = Page(client_of(person).get(path).text).main
        assert "La maison fait une clé pour un compte, à la place de la personne." in told
        assert WHY not in told
    # The person ends it like any other.
    assert [row["label"] for row in api.get("/tokens").json["items"]] == ["Sauvegarde"]


def test_one_of_the_team_needs_none(app: Flask, cast: Cast) -> None:
    code, secret = create(app, "denis@demo.example")
    assert (code, len(secret.split())) == (0, 1)
    assert with_key(app, secret).get("/me").json["role"] == "facilitator"


def test_what_cannot_be_is_said_in_plain_words(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    assert create(app, "nobody@maison.example") == (1, "Error: no account has this address.")
    assert create(app, "nobody") == (1, "Error: this is no e-mail address.")
    assert create(app, "denis@demo.example", "--label", "x" * 61) == (
        1,
        "Error: give the key a name: 60 signs at most.",
    )
    long = create(app, "amina@demo.example", "--break-glass", "x" * 301)
    assert long == (1, "Error: the reason is too long: 300 signs at most.")
    elsewhere = dataclasses.replace(app.extensions["settings"], base_url="https://maison.example")
    monkeypatch.setitem(app.extensions, "settings", elsewhere)
    code, said = create(app, "denis@demo.example")
    assert (code, "a demo account opens nothing here" in said, keys(app)) == (1, True, 0)

"""The fixtures keep their promises: clean tables, the cast, clients that do not mix people up."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import Account
from app.core.db import db, transaction
from tests.support import factories as make
from tests.support.cast import Cast


def accounts_written(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Account))


@pytest.mark.parametrize("again", [1, 2])
def test_each_test_finds_a_clean_house(app: Flask, again: int) -> None:
    assert accounts_written(app) == 0
    with app.app_context(), transaction():
        make.make_account("zoe@demo.example")
    assert accounts_written(app) == 1


def test_the_cast_is_that_of_the_demo(app: Flask, cast: Cast) -> None:
    assert {person.key: (person.role, person.names) for person in cast.everyone} == {
        "amina": ("member", {"tilleul": "Ama", "romarin": "Sacha"}),
        "bruno": ("member", {"tilleul": "Bruno"}),
        "chloe": ("member", {"glycine": "Chloé"}),
        "dario": ("member", {"romarin": "Dario"}),
        "denis": ("facilitator", {}),
        "elise": ("manager", {}),
    }


def test_two_clients_are_two_people(client_of: Callable[..., Any], api_of: Callable[..., Any], cast: Cast) -> None:
    roles = [api_of(person).get("/me").json["role"] for person in cast.everyone]
    assert roles == ["member", "member", "member", "member", "facilitator", "manager"]
    page = client_of(cast.denis)
    assert page.get("/api/v1/me").json["role"] == "facilitator"
    assert client_of(cast.amina).get("/api/v1/me").json["role"] == "member"
    assert page.get("/api/v1/me").json["role"] == "facilitator"


def test_a_client_refuses_to_work_inside_a_context(app: Flask, client_of: Callable[..., Any], cast: Cast) -> None:
    client = client_of(cast.amina)
    with app.app_context(), pytest.raises(RuntimeError, match="a context kept open"):
        client.get("/")

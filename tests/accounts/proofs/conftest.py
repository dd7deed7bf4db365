"""People of the team outside the demo."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.core.db import db, transaction
from app.houses.models import House
from tests.support import factories as make
from tests.support.cast import Cast
from tests.support.second_step import give_app

NADIA = "nadia@maison.example"


@pytest.fixture
def nadia(app: Flask, cast: Cast) -> str:
    """A facilitator outside the demo, with a password; the id of her account."""
    return make_colleague(app, NADIA)


def make_colleague(app: Flask, email: str, role: str = "facilitator") -> str:
    with app.app_context(), transaction():
        account = make.make_account(email, role, make.PASSWORD)
        make.make_post(account, db.session.scalars(db.select(House).where(House.slug == "canal")).one())
        return str(account.id)


@pytest.fixture
def app_of(app: Flask) -> Callable[[str], str]:
    """``app_of(account_id)``: the secret of an app that the account keeps."""

    def settle(account_id: str) -> str:
        with app.app_context(), transaction():
            return give_app(account_id)

    return settle


def first_step(client: Any, email: str = NADIA, **fields: Any) -> Any:
    """The password alone."""
    sent = {"email": email, "password": make.PASSWORD, "way": "password", **fields}
    return client.submit("/sign-in", sent, "/sign-in")

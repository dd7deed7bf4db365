"""Somebody without e-mail at the desk, and a browser that one of the team has turned towards them."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.core.db import transaction
from tests.support import factories as make
from tests.support.cast import Cast
from tests.support.clients import PageClient, client_of


@pytest.fixture
def card(app: Flask, cast: Cast) -> dict[str, str]:
    """What stands on the card of a person who has nothing else."""
    with app.app_context(), transaction():
        account = make.make_account()
        secret = make.make_card(account.id)
    return {"card": secret.number, "words": " ".join(secret.words), "account": account.id}


@pytest.fixture
def help_somebody(app: Flask, cast: Cast, card: dict[str, str]) -> Callable[[], PageClient]:
    """Denis turns the screen, and the person comes in with their card: the browser at the desk."""

    def begin() -> PageClient:
        desk = client_of(app, cast.denis)
        assert desk.submit("/desk/assisted", action="/desk/assisted").location == "/assisted"
        answer: Any = desk.submit("/assisted", card_only(card), action="/assisted")
        assert (answer.status_code, answer.location) == (303, "/")
        return desk

    return begin


def card_only(card: dict[str, str]) -> dict[str, str]:
    return {"card": card["card"], "words": card["words"]}

"""A person with a card and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from app.core.db import transaction
from tests.support import factories as make
from tests.support.cast import Cast
from tests.support.clients import PageClient, visitor


@dataclass(frozen=True)
class Carded:
    """Somebody without e-mail, and what stands on their card."""

    account_id: str
    number: str
    words: list[str]

    @property
    def typed(self) -> dict[str, str]:
        return {"card": self.number, "words": " ".join(self.words)}


@pytest.fixture
def carded(app: Flask, cast: Cast) -> Carded:
    """A card that works, of an account that has nothing else."""
    with app.app_context(), transaction():
        account = make.make_account()
        secret = make.make_card(account.id)
    return Carded(account.id, secret.number, secret.words)


@pytest.fixture
def try_card(app: Flask) -> Callable[..., Any]:
    """``try_card(number, words)`` from a browser of its own, or from the one given: the answer."""

    def send(card: str, words: str, browser: PageClient | None = None, **fields: Any) -> Any:
        return (browser or visitor(app)).submit("/sign-in/card", {"card": card, "words": words, **fields})

    return send

"""Steps that the tests of accounts share."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from tests.support.clients import PageClient
from tests.support.mailbox import Mailbox


@pytest.fixture
def settle(app: Flask) -> Iterator[Callable[..., None]]:
    """``settle(smtp_url="smtp://…")`` changes settings until the test is over."""
    before = app.extensions["settings"]

    def change(**settings: Any) -> None:
        app.extensions["settings"] = replace(before, **settings)

    yield change
    app.extensions["settings"] = before


@pytest.fixture
def far(app: Flask, settle: Callable[..., None]) -> Flask:
    """The same house, reached from other machines."""
    settle(base_url="https://maison.example")
    return app


@pytest.fixture
def ask(run_jobs: Callable[[], int], mailbox: Mailbox) -> Callable[..., str]:
    """``ask(browser, "zoe@exemple.fr")`` asks for a code and gives the one that was sent."""

    def ask_code(browser: PageClient, email: str, **fields: Any) -> str:
        answer = browser.submit("/sign-in", {"email": email, "way": "code", **fields})
        assert (answer.status_code, answer.location) == (303, "/sign-in/code")
        run_jobs()
        return mailbox.code_for(email)

    return ask_code


def other_than(code: str) -> str:
    """Six digits that are not the code."""
    return f"{(int(code) + 1) % 10**6:06d}"


def signed_in(browser: PageClient) -> bool:
    return bool(browser.get("/account").status_code == 200)

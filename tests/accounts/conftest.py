"""Steps that the tests of accounts share."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from tests.support.clients import PageClient
from tests.support.mailbox import Mailbox


@pytest.fixture
def far(app: Flask) -> Iterator[Flask]:
    """The same house, reached from other machines."""
    near = app.extensions["settings"]
    app.extensions["settings"] = replace(near, base_url="https://maison.example")
    yield app
    app.extensions["settings"] = near


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

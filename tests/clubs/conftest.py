"""People of these tests who are in no club."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.clubs import actions
from tests.support.cast import Cast, Person, make_person


@pytest.fixture
def zoe(app: Flask, cast: Cast) -> Person:
    """Somebody who is in no club."""
    with app.app_context():
        return make_person("zoe")


@pytest.fixture
def ask(app: Flask) -> Callable[..., None]:
    """``ask(zoe)``: she asks to enter Glycine."""

    def join(person: Person, slug: str = "glycine", name: str = "Zoé", sentence: str = "Je couds.") -> None:
        with app.app_context():
            actions.join_club(person.actor, slug, name, sentence)

    return join

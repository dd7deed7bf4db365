"""What the tests of discussions share: something said, and somebody who came later."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.clubs.models import Club, Membership
from app.core.db import db, transaction
from app.messaging import actions
from app.messaging.actions import Draft
from tests.support.cast import Cast, Person, make_person


def draft(body: str = "Bonjour à tous.", **told: Any) -> Draft:
    return Draft(**{"client_id": str(uuid.uuid4()), "body": body, **told})


@pytest.fixture
def opened(app: Flask, cast: Cast) -> dict[str, str]:
    """Bruno's discussion in Tilleul, and its first message."""
    with app.app_context():
        posted = actions.open_thread(cast.bruno.actor, "tilleul", "Mardi", draft("On amène quoi ?"))
        return {"thread": posted.thread.id, "message": posted.message.id}


@pytest.fixture
def say(app: Flask, opened: dict[str, str]) -> Callable[..., str]:
    """``say(cast.amina, "Un gâteau.")``: one more message there; gives its id."""
    app.config["LIMIT_FACTOR"] = 1e6

    def post(person: Person, body: str = "Bonjour à tous.", **told: Any) -> str:
        with app.app_context():
            return actions.post_message(person.actor, opened["thread"], draft(body, **told)).message.id

    return post


@pytest.fixture
def zoe(app: Flask, opened: dict[str, str]) -> Person:
    """Zoé joined after the first message, and reads what follows only."""
    with app.app_context():
        person = make_person("zoe", tilleul="Zoé")
        with transaction():
            head = db.session.scalar(db.select(Club.seq).where(Club.slug == "tilleul"))
            db.session.get_one(Membership, person.memberships["tilleul"]).first_seq = head + 1
        return person


@pytest.fixture
def leave(app: Flask) -> Callable[[Person, str], None]:
    """``leave(cast.amina, "tilleul")``."""

    def go(person: Person, slug: str) -> None:
        from app.clubs.actions import leave_club

        with app.app_context():
            leave_club(person.actor, slug)

    return go

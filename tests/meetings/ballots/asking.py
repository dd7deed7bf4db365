"""Asking a club, answering it, and what came of it."""

from typing import Any

import pytest
from sqlalchemy import select

from app.clubs.models import Change
from app.core.db import db
from app.core.errors import DomainError
from app.meetings.ballots.actions import Wish, open_ballot
from app.meetings.ballots.models import Ballot
from app.meetings.ballots.voting import Said, vote
from tests.support.cast import Person

QUESTION = "Où allons-nous en juin ?"
CHOICES = ("À la mer", "À la montagne", "Nulle part")


def ask(person: Person, way: str = "sense", **wish: Any) -> Ballot:
    told: dict[str, Any] = {"options": CHOICES} if way == "choice" else {}
    if way == "consent":
        told["body"] = "Nous allons à la mer."
    return open_ballot(person.actor, "tilleul", Wish(way, QUESTION, **{**told, **wish}))


def say(person: Person, ballot: Ballot, *picks: str, **more: Any) -> None:
    vote(person.actor, ballot.id, Said(picks, **{"round": ballot.round, **more}))


def object_to(person: Person, ballot: Ballot) -> None:
    say(person, ballot, "objection", reason="C’est trop loin.", proposal="Un parc.")


def ended(ballot: Ballot) -> Ballot:
    return db.session.get_one(Ballot, ballot.id, populate_existing=True)


def log_of() -> list[str]:
    kinds = select(Change.kind).where(Change.kind.startswith("ballot:")).order_by(Change.seq)
    return [kind.removeprefix("ballot:") for kind in db.session.scalars(kinds)]


def refused(kind: type[DomainError], code: str, act: Any, *args: Any) -> None:
    with pytest.raises(kind) as found:
        act(*args)
    assert found.value.code == code
    db.session.rollback()

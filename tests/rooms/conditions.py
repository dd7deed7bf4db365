"""An evening with a condition, and short ways to what becomes of it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.core.db import db
from app.core.errors import DomainError
from app.core.models import Job
from app.rooms.actions import Wish, claim_slot
from app.rooms.evenings.actions import Condition, set_rule
from app.rooms.evenings.models import EveningRule
from app.rooms.models import Claim
from tests.rooms.places import slot
from tests.support.cast import Cast, Person

EVENING = date(2026, 11, 17)
DECIDED = datetime(2026, 11, 10, 16, 0, tzinfo=UTC)
TAKES = {"chloe": "glycine", "bruno": "tilleul", "dario": "romarin"}
SECOND = timedelta(seconds=1)


def take(person: Person, room: str = "salle-1", day: date = EVENING, **said: Any) -> Claim:
    return claim_slot(person.actor, Wish(slot(room, day).id, TAKES[person.key], "Relire son CV", **said)).claim


def wait_for(cast: Cast, clubs: int = 2, day: date = EVENING, until: date | None = None) -> EveningRule:
    return set_rule(cast.denis.actor, "canal", Condition(day, clubs, until))[0]


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as refused:
        act()
    return refused.value.code


def states() -> tuple[str, str]:
    return slot("salle-1", EVENING).state, slot("atelier", EVENING).state


def mails() -> int:
    return db.session.query(Job).filter_by(kind="mail:send").count()


def said_of(rule: EveningRule) -> tuple[bool | None, bool]:
    found = db.session.get_one(EveningRule, rule.id, populate_existing=True)
    return found.opens, found.decided_at is not None

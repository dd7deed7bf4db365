"""What waits for the team. Each feature says what it has (``waiting.append``); the desk shows them together.

A case names no person, and of a club its plant name at most.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app

from app.core.actor import Actor
from app.houses.models import House


@dataclass(frozen=True)
class Case:
    """One thing to look at. urgency: ``now``, ``today`` or empty for later. since: when it came.

    kind: the colour of its tag (brick, honey or empty) · label: what it is, in two words · href, action: the one main
    thing to do · post: it is done by a button, here · other: where another answer is given, and its words.
    """

    urgency: str
    kind: str
    icon: str
    label: Any
    title: Any
    text: Any
    since: datetime
    href: str
    action: Any
    post: bool = False
    other: tuple[str, Any] | None = None


Waiting = Callable[[Actor, Sequence[House]], list[Case]]
waiting: list[Waiting] = []


def address_of(endpoint: str, **values: str) -> str:
    """Where a case leads. Not ``url_for``: the clock counts cases too, and no request is there."""
    return current_app.url_map.bind("").build(endpoint, values)


def cases_for(actor: Actor, houses: Sequence[House]) -> list[Case]:
    """Everything that waits in these houses: now, today, later; in each the oldest first."""
    found = [case for ask in waiting for case in ask(actor, houses)]
    order = {"now": 0, "today": 1}
    return sorted(found, key=lambda case: (order.get(case.urgency, 2), case.since))

"""The choices of a kiosk's first page: each floor says what it has (``choices.append``)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.core.actor import Actor
from app.houses.models import House


@dataclass(frozen=True)
class Choice:
    """One large door. post: it does something by itself, so it is a button. order: the lowest is first, and largest."""

    order: int
    label: Any
    help: Any
    href: str
    shape: str
    hue: str
    post: bool = False


Offer = Callable[[Actor | None, House], list[Choice]]
choices: list[Offer] = []


def choices_for(actor: Actor | None, house: House) -> list[Choice]:
    """What may be done here now."""
    return sorted((one for offer in choices for one in offer(actor, house)), key=lambda one: one.order)

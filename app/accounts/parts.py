"""What other features put on the page of one's own account.

ways: how one comes in, rows of the list · below: sections of their own · rights: cards beside them.
"""

from collections.abc import Callable

from app.core.actor import Actor
from app.web.parts import Part

Compose = Callable[[Actor], Part | None]
account_ways: list[Compose] = []
account_below: list[Compose] = []
account_rights: list[Compose] = []


def parts_for(actor: Actor, where: list[Compose]) -> list[Part]:
    """The parts that have something to say to one person."""
    return [part for compose in where if (part := compose(actor)) is not None]

"""Who may do what with a house and its team. Pure; the house has been loaded for the actor."""

from collections.abc import Sequence

from app.core.actor import Actor


def can_change_team(actor: Actor) -> bool:
    """Managers invite, change and remove who works in their house."""
    return actor.role == "manager"


def can_change_house(actor: Actor) -> bool:
    """Managers say what the house is, when it opens, and how much a club may claim."""
    return actor.role == "manager"


def can_leave_team(actor: Actor, managers: Sequence[int]) -> bool:
    """A house never loses its last manager. managers: how many each house has that the actor works in."""
    return actor.role != "manager" or min(managers, default=2) > 1

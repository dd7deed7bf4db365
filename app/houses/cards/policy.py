"""Who prints cards. Pure."""

from app.core.actor import Actor


def can_print_card(actor: Actor) -> bool:
    """Everyone of the team, at the desk."""
    return actor.is_staff

"""Who helps at the desk. Pure."""

from app.core.actor import Actor


def can_offer_help(actor: Actor) -> bool:
    """Everyone of the team, at the desk."""
    return actor.is_staff

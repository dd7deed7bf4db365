"""Who acts for a club. Pure."""

from app.core.actor import Actor


def can_act_for_club(actor: Actor) -> bool:
    """The team, in the houses where it works; which ones, the query says."""
    return actor.is_staff

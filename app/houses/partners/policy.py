"""Who may do what with partners. Pure; the house has been loaded for the actor."""

from app.core.actor import Actor


def can_keep_partners(actor: Actor) -> bool:
    """Managers say who the partners of their house are, and who gives advice for them."""
    return actor.role == "manager"


def can_become_adviser(actor: Actor) -> bool:
    """An account of the team gives no advice: it would read more than a name and a time."""
    return not actor.is_staff

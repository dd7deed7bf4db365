"""Who may do what with hours of advice. Pure; partner and hour have been loaded for the actor."""

from app.core.actor import Actor


def can_book_advice(actor: Actor) -> bool:
    """Everybody with an account of their own; one of the team books at the desk, for somebody, on paper."""
    return not actor.is_staff


def can_book_at_desk(actor: Actor) -> bool:
    """The team, for who has no account."""
    return actor.is_staff

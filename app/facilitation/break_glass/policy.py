"""Who may ask to read a club in an emergency. Pure. Who may say yes, and who reads, is in ``queries``."""

from app.core.actor import Actor


def can_break_glass(actor: Actor) -> bool:
    """The team, in the houses where they work; the database asks for a second person."""
    return actor.is_staff

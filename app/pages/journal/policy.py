"""Who reads the journal of houses. Pure."""

from app.core.actor import Actor


def can_read_journal(actor: Actor) -> bool:
    """The team, of its own houses."""
    return actor.is_staff

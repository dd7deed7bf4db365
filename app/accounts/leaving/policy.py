"""Who may leave. Pure: what is asked is given."""

from app.core.actor import Actor


def acts_alone(actor: Actor) -> bool:
    """Is it surely the person who acts, and nobody of the team for them?"""
    return actor.assisted_by is None

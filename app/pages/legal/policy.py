"""Who may change the words of the house. Pure."""

from app.core.actor import Actor


def can_edit_texts(actor: Actor) -> bool:
    """Managers alone: these pages bind the house."""
    return actor.role == "manager"

"""Who locks accounts. Pure."""

from app.core.actor import Actor


def can_lock_account(actor: Actor) -> bool:
    """Managers, who see neither the account nor its clubs."""
    return actor.role == "manager"

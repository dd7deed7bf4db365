"""Who may keep which proof. Pure."""

from app.core.actor import Actor


def can_keep_number(actor: Actor) -> bool:
    """An app of numbers is for the team; members have their mail, their card, their device."""
    return actor.is_staff


def can_keep_passkey(actor: Actor) -> bool:
    """Only on a device of one's own: on another, whoever sits there next could come in."""
    return actor.on_own_device

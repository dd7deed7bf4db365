"""Who may rehearse. Pure. Who may see or cancel a rehearsal is in ``queries``: nobody else finds it."""

from app.core.actor import Actor


def can_take_rehearsal(actor: Actor) -> bool:
    """Anybody but the team: a staff account is there for others."""
    return not actor.is_staff

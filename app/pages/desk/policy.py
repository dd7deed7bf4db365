"""Who comes to the desk, and who mends its clock. Pure."""

from app.core.actor import Actor


def can_open_desk(actor: Actor) -> bool:
    """The team, for its own houses."""
    return actor.is_staff


def can_mend_jobs(actor: Actor) -> bool:
    """Managers try a job again, or throw it away; facilitators see that it waits."""
    return actor.role == "manager"

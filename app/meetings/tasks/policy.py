"""Who may do what with a task. Pure. Who may read and take one is in ``queries``."""

from app.clubs.models import Membership
from app.meetings.tasks.models import Task


def can_leave_task(membership: Membership, task: Task) -> bool:
    """Who does it, or is asked to, says no; a lead may say it for who answers no more."""
    return membership.leads or task.holder_id == membership.id


def can_finish_task(membership: Membership, task: Task, held: bool) -> bool:
    """Who does it, who asked for it, a lead; anybody if it is nobody's. The same people say that it is not done yet."""
    return not held or membership.leads or membership.id in (task.holder_id, task.made_by_id)


def can_drop_task(membership: Membership, task: Task) -> bool:
    """Who asked for it, or a lead."""
    return membership.leads or task.made_by_id == membership.id

"""Who may report, hide and answer. Pure: what is asked is given. Who may decide a report is in ``queries``."""

from app.clubs.models import Membership
from app.core.actor import Actor
from app.facilitation.models import Decision


def can_report_message(reporter: Membership, author: Membership) -> bool:
    """Any member, another's message: one's own can be taken back. Not who is on a visit: they tell the leads."""
    return reporter.active and reporter.visit_until is None and reporter.account_id != author.account_id


def can_hide_message(membership: Membership, author: Membership, *, led: bool) -> bool:
    """A lead, unless its author leads too, or led lately: between leads somebody else decides, so one reports."""
    return membership.leads and author.role != "lead" and not led and membership.account_id != author.account_id


def can_answer_objection(actor: Actor, decision: Decision) -> bool:
    """Somebody else of the team than who decided."""
    return actor.is_staff and decision.by_account_id != actor.account_id

"""What was decided: one row that lacks nothing, the journal, a mail to the person, and the way to undo it.

What a decision does to a message or a membership is done by who makes it; ``undo`` says how it is taken back.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from app.accounts.notices import notify
from app.clubs.models import Club, Membership
from app.clubs.rules import RULES, rule_words
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db
from app.core.ids import new_id
from app.core.limits import Window, spend
from app.facilitation.models import MAX_REASON, MAX_RULE, Decision
from app.houses.journal import note
from app.web.forms import checked

__all__ = ["MAY_BE_CONTESTED", "RULES", "TO_OBJECT", "Ruling", "checked_reason", "checked_rule", "person_concerned",
           "record_decision", "rule_words", "undo"]  # fmt: skip
TO_OBJECT = timedelta(days=20)
# Each is a mail to somebody, and a line of the journal that stays.
DECIDE = Window("decide", 60, 60)
MAY_BE_CONTESTED = frozenset({"hide", "pause", "remove"})
# outcome → how it is taken back, inside the present transaction.
undo: dict[str, Callable[[Decision], None]] = {}


@dataclass(frozen=True)
class Ruling:
    """What somebody decides: an outcome, a rule (its number, or words), the facts, until when (None: for good)."""

    outcome: str
    rule: Any
    reason: Any
    until: datetime | None = None


def record_decision(by: Actor, lead: Membership | None, club: Club, ruling: Ruling, **about: Any) -> Decision:
    """Write a decision in the present transaction, note it in the journal, and tell the person whom it touches.

    lead: the membership of who decides, None for one of the team. about: ``report_id``, ``message_id``,
    ``membership_id`` (the person concerned), ``pause_id``. Raises Invalid for a rule or a reason that is missing.
    """
    rule, reason = checked_rule(ruling.rule), checked_reason(ruling.reason)
    spend(DECIDE, by.account_id)
    moment = now()
    decision = Decision(
        id=new_id(),
        club_id=club.id,
        outcome=ruling.outcome,
        rule=rule,
        reason=reason,
        until=ruling.until,
        for_good=ruling.until is None,
        objection_until=moment + TO_OBJECT if ruling.outcome in MAY_BE_CONTESTED else None,
        decided_at=moment,
        by_role="lead" if lead else by.role,
        by_membership_id=lead.id if lead else None,
        by_account_id=None if lead else by.account_id,
        **about,
    )
    db.session.add(decision)
    db.session.flush()
    account_id = person_concerned(decision)
    # A rule in words is somebody's text: the journal, from which nothing can be taken back, holds none.
    facts = ({"rule": rule} if rule in RULES else {}) | ({"until": ruling.until.isoformat()} if ruling.until else {})
    note(
        f"decision:{ruling.outcome}", by, role=decision.by_role, house_id=club.house_id, club_id=club.id,
        about_id=account_id, subject_id=decision.id, **facts,
    )  # fmt: skip
    if account_id is not None and ruling.outcome != "keep":
        notify(account_id, "decision", _l("Une décision vous concerne"), "decision", path="/decisions")
    return decision


def person_concerned(decision: Decision) -> str | None:
    """The account that a decision touches, as long as it exists."""
    member = db.session.get(Membership, decision.membership_id) if decision.membership_id else None
    return member.account_id if member else None


def checked_rule(given: Any) -> str:
    """The number of a rule of the house, or a rule in words. Raises Invalid."""
    told = str(given) if isinstance(given, int) and not isinstance(given, bool) else given
    return checked(told, "rule", MAX_RULE, empty=_l("Choisissez une règle."))


def checked_reason(given: Any) -> str:
    """The facts, in one or two sentences. Raises Invalid."""
    return checked(given, "reason", MAX_REASON, empty=_l("Dites pourquoi, en une phrase."))

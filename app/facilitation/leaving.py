"""What a person takes away, and takes along, of reports, decisions, objections, help requests and visits.

What was decided stays decided, for whom else it concerns: the words about who has left go, and so do those that they
wrote, when they take their messages along. A report stays for who decides, without who made it.
"""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, delete, select, update

from app.clubs.leaving import club_names
from app.clubs.models import Membership
from app.clubs.partings import Messages, parting
from app.clubs.rules import RULES
from app.core.db import db
from app.core.privacy import ERASED, Rows, keep_back, take_away
from app.facilitation.models import Decision, HelpNote, HelpRequest, Objection, Report, ReportedMessage, Visit
from app.facilitation.reports.checks import REASONS, reason_words
from app.messaging.models import Message

# Said by the house, not by somebody: a report of a lead has no words of its own.
OWN_WORDS = Report.reason.not_in([*REASONS, "lead"])


def part_from_care(membership_id: str, messages: Messages) -> None:
    """In one club: nobody is named any more, and no word about who has left is kept."""
    blank = messages == "blank"
    if blank:
        _blank_words(membership_id)
    _forget_about(membership_id)
    for model, column in (
        (Report, Report.reporter_id),
        (Decision, Decision.by_membership_id),
        (HelpRequest, HelpRequest.opened_by_id),
        (HelpRequest, HelpRequest.about_id),
        (HelpNote, HelpNote.by_membership_id),
        (Visit, Visit.invited_by_id),
        (Visit, Visit.membership_id),
    ):
        values: dict[str, Any] = {column.key: None}
        db.session.execute(update(model).where(column == membership_id).values(values))
    db.session.expire_all()


def _forget_about(membership_id: str) -> None:
    """What was decided about them, and what they answered."""
    mine = Decision.membership_id == membership_id
    db.session.execute(delete(Objection).where(Objection.decision_id.in_(select(Decision.id).where(mine))))
    _unsay(mine)
    db.session.execute(update(Decision).where(mine).values(membership_id=None))


def _unsay(which: ColumnElement[bool]) -> None:
    """The words of decisions: the facts, and a rule that is none of the house's."""
    db.session.execute(update(Decision).where(which).values(reason=ERASED))
    db.session.execute(update(Decision).where(which, Decision.rule.not_in(list(RULES))).values(rule=ERASED))


def _blank_words(membership_id: str) -> None:
    """What they wrote, wherever a copy of it was kept."""
    copies = select(Message.id).where(Message.membership_id == membership_id)
    db.session.execute(update(ReportedMessage).where(ReportedMessage.message_id.in_(copies)).values(body=""))
    theirs = Report.reporter_id == membership_id
    db.session.execute(update(Report).where(theirs).values(note="", named=False))
    db.session.execute(update(Report).where(theirs, OWN_WORDS).values(reason="other"))
    decided = Decision.by_membership_id == membership_id
    hidden = select(Decision.message_id).where(decided, Decision.outcome == "hide")
    db.session.execute(
        update(Message)
        .where(Message.id.in_(hidden), Message.hidden_rule.not_in(list(RULES)))
        .values(hidden_rule=ERASED)
    )
    _unsay(decided)
    db.session.execute(update(HelpRequest).where(HelpRequest.opened_by_id == membership_id).values(title=ERASED))
    db.session.execute(update(HelpNote).where(HelpNote.by_membership_id == membership_id).values(body=ERASED))
    db.session.execute(update(Visit).where(Visit.invited_by_id == membership_id).values(reason=""))


def report_rows(account_id: str) -> Rows:
    """What a person reported, why and when: not the message."""
    rows = db.session.scalars(_of(select(Report), Report.reporter_id, account_id).order_by(Report.made_at))
    names = club_names(account_id)
    return [
        {
            "club": names[each.club_id],
            "reason": "" if each.reason == "lead" else reason_words(each.reason),
            "note": each.note,
            "danger": each.danger,
            "named": each.named,
            "at": each.made_at,
            "decided": each.decided_at,
        }
        for each in rows
    ]


def decision_rows(account_id: str) -> Rows:
    """What was decided about a person, and what they answered: not the words of who decided."""
    names = club_names(account_id)
    query = select(Decision, Objection).outerjoin(Objection, Objection.decision_id == Decision.id)
    rows = db.session.execute(_of(query, Decision.membership_id, account_id).order_by(Decision.decided_at))
    return [
        {
            "club": names[decision.club_id],
            "outcome": decision.outcome,
            "rule": decision.rule if decision.rule in RULES else None,
            "decided": decision.decided_at,
            "until": decision.until,
            "text": objection.body if objection else None,
            "at": objection.made_at if objection else None,
            "answer": objection.outcome if objection else None,
        }
        for decision, objection in rows
    ]


def lead_rows(account_id: str) -> Rows:
    """What a person decided as a lead, in their own words; about whom is not said."""
    rows = db.session.scalars(
        _of(select(Decision), Decision.by_membership_id, account_id).order_by(Decision.decided_at)
    )
    names = club_names(account_id)
    return [
        {
            "club": names[each.club_id],
            "outcome": each.outcome,
            "rule": each.rule,
            "reason": each.reason,
            "decided": each.decided_at,
        }
        for each in rows
    ]


def help_rows(account_id: str) -> Rows:
    """What a person asked the team, and wrote to it."""
    names = club_names(account_id)
    query = select(HelpNote, HelpRequest).join(HelpRequest, HelpRequest.id == HelpNote.request_id)
    rows = db.session.execute(_of(query, HelpNote.by_membership_id, account_id).order_by(HelpNote.at, HelpNote.id))
    opened = set(db.session.scalars(_of(select(HelpRequest.id), HelpRequest.opened_by_id, account_id)))
    return [
        {
            "club": names[request.club_id],
            "title": request.title if request.id in opened else None,
            "at": note.at,
            "text": note.body,
        }
        for note, request in rows
    ]


def visit_rows(account_id: str) -> Rows:
    """Whom a lead invited from the team, why and when; and the visits of one of the team."""
    invited = _of(select(Visit), Visit.invited_by_id, account_id)
    own = select(Visit).where(Visit.account_id == account_id)
    said = [
        {"what": "invited", "reason": each.reason, "at": each.invited_at,
         "until": each.until}
        for each in db.session.scalars(invited.order_by(Visit.invited_at))
    ]  # fmt: skip
    return said + [
        {"what": "visit", "began": each.began_at, "ended": each.ended_at, "until": each.until}
        for each in db.session.scalars(own.order_by(Visit.invited_at))
    ]


def _of(query: Any, column: Any, account_id: str) -> Any:
    return query.join(Membership, Membership.id == column).where(Membership.account_id == account_id)


parting.append(part_from_care)
take_away("reports", _l("Ce que j’ai signalé"), report_rows, ("report", "reporter_id"))
take_away("decisions", _l("Ce qui a été décidé à mon sujet"), decision_rows, ("decision", "membership_id"))
take_away("as-lead", _l("Ce que j’ai décidé comme responsable"), lead_rows, ("decision", "by_membership_id"))
take_away(
    "help", _l("Mes demandes d’aide"), help_rows, ("help_request", "opened_by_id"), ("help_note", "by_membership_id")
)
take_away("visits", _l("Les visites"), visit_rows, ("visit", "account_id"), ("visit", "invited_by_id"))
FOR_THE_HOUSE = "done for the house by one of its team: it is about other people, and stays with the house"
for table, column in (
    ("decision", "by_account_id"), ("objection", "by_account_id"), ("help_request", "taken_by_id"),
    ("help_note", "by_account_id"), ("break_glass", "asked_by_id"), ("break_glass", "confirmed_by_id"),
):  # fmt: skip
    keep_back(table, column, FOR_THE_HOUSE)
keep_back("help_request", "about_id", "what another lead wrote: the person was never told of it")
keep_back("visit", "membership_id", "the same visits as by account")

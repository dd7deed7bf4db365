"""Report, decide, hide, object, answer. Each is one transaction; the club's screens follow what is committed."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from app.accounts.notices import notify
from app.clubs.actions import not_a_lead
from app.clubs.models import Club, Membership
from app.clubs.queries import has_led_lately
from app.core import jobs
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import constraint_of, db, transaction
from app.core.errors import DomainError, Gone, Invalid, NotAllowed, Taken
from app.core.ids import new_id
from app.core.limits import Window, spend
from app.facilitation.decisions import (
    MAY_BE_CONTESTED,
    Ruling,
    checked_reason,
    checked_rule,
    person_concerned,
    record_decision,
    undo,
)
from app.facilitation.models import Decision, Objection, Report, ReportedMessage
from app.facilitation.reports import policy, queries
from app.facilitation.reports.checks import (
    cannot_enclose,
    checked_ids,
    checked_note,
    checked_objection,
    checked_until,
    checked_words,
)
from app.facilitation.reports.mails import tell_who_decides
from app.facilitation.reports.queries import Case, Contest
from app.houses.journal import note
from app.messaging.actions import hide_message as hide
from app.messaging.actions import restore_message as restore
from app.messaging.actions import standing
from app.messaging.models import Message
from app.messaging.queries import Place, message_for

FOR_LEADS = timedelta(hours=24)
REPORT = Window("report", 30, 60)


@dataclass(frozen=True)
class Complaint:
    """What a member reports. enclosed: ids of neighbours · named: show my name to who decides."""

    reason: Any
    danger: bool = False
    enclosed: Any = field(default_factory=list)
    note: Any = ""
    named: bool = False


def report_message(actor: Actor, message_id: str, complaint: Complaint) -> tuple[Report, bool]:
    """A member reports another's message, once; said again it is the same, but a danger is heard. True: it is new.

    Once it is decided, a danger, or what was rewritten since, is a new report.
    """
    try:
        with transaction():
            return _report(actor, message_id, complaint)
    except IntegrityError as error:
        # The same person at the same moment: one of the two is stored, as asked.
        if "report" not in constraint_of(error):
            raise
        with transaction():
            return _report(actor, message_id, complaint)


def decide_report(actor: Actor, report_id: str, ruling: Ruling) -> Case:
    """Who may decide keeps or hides, or brings back what their side hid; after an objection, upholds or overrules."""
    with transaction():
        case = queries.report_for(actor, report_id, to_change=True)
        if ruling.outcome not in ("keep", "hide", "restore"):
            raise Invalid("outcome_invalid", _l("Choisissez : garder ou cacher."), field="outcome")
        if case.state == "contested" and case.lead is None:
            _answer_by_report(actor, case, ruling)
        elif ruling.outcome == "restore":
            _restore(actor, case, ruling)
        elif case.report.decided_at is not None or (case.lead is not None and queries.kept_by_leads(case.report)):
            raise already_decided()
        else:
            _decide(actor, case.lead, case.club, case.report, ruling)
        return case


def hide_message(actor: Actor, message_id: str, ruling: Ruling) -> Decision:
    """A lead hides a member's message at once, with rule and reason; what was reported about it is decided by that."""
    with transaction():
        message, place = message_for(actor, message_id, to_change=True)
        author = db.session.get_one(Membership, message.membership_id)
        if not policy.can_hide_message(place.membership, author, led=has_led_lately(author)):
            raise may_not_hide(place.membership)
        standing(message)
        report = queries.open_report_on(message) or _report_of_a_lead(place, message)
        lead = place.membership if place.membership.leads else None
        return _decide(actor, lead, place.club, report, ruling)


def object_to(actor: Actor, decision_id: str, body: Any) -> Objection:
    """The person concerned objects once, within twenty days; somebody else will decide, in writing."""
    try:
        with transaction():
            return _object(actor, decision_id, body)
    except IntegrityError as error:
        if "decision_id" not in constraint_of(error):
            raise
        raise _already_objected() from error


def answer_objection(actor: Actor, objection_id: str, outcome: Any, answer: Any) -> Objection:
    """Somebody else of the team upholds or overrules, in writing; what is overruled is undone at once."""
    with transaction():
        contest = queries.objection_for(actor, objection_id, to_change=True)
        if outcome not in ("upheld", "overruled"):
            raise Invalid("outcome_invalid", _l("Choisissez une réponse."), field="outcome")
        _answer(actor, contest, outcome, answer)
        return contest.objection


def read_decision(actor: Actor, decision_id: str) -> tuple[Decision, Club]:
    """The person opens what was decided about them: it is not new any more."""
    with transaction():
        decision, club = queries.decision_for(actor, decision_id)
        decision.read_at = decision.read_at or now()
        return decision, club


def restore_in_time(decision: Decision) -> None:
    """What was hidden for a time comes back, in the present transaction, unless somebody brought it back before."""
    if decision.undone_at is None and decision.until is not None and decision.until <= now():
        take_back(decision)
        decision.undone_at = now()
        note("message:restored", None, club_id=decision.club_id, subject_id=decision.id)


def take_back(decision: Decision) -> None:
    """Undo a hiding: the message is read again."""
    message = db.session.get(Message, decision.message_id, with_for_update=True) if decision.message_id else None
    if message is not None and message.hidden_at is not None:
        restore(message)


undo["hide"] = take_back


def already_decided() -> Taken:
    return Taken("already_decided", _l("Quelqu’un a déjà décidé."))


def own_message() -> NotAllowed:
    return NotAllowed("own_message", _l("C’est votre message. Vous pouvez le retirer."))


def may_not_hide(membership: Membership) -> NotAllowed:
    """Not a lead; or a lead before the message of a lead, which one reports, or before one's own."""
    if not membership.leads:
        return not_a_lead()
    return NotAllowed("lead_message", _l("C’est le message d’une personne responsable. Signalez-le."))


def not_yourself() -> NotAllowed:
    return NotAllowed("not_yourself", _l("Vous avez décidé : une autre personne répond."))


def _report(actor: Actor, message_id: str, complaint: Complaint) -> tuple[Report, bool]:
    message, place = message_for(actor, message_id, to_change=True)
    author = db.session.get_one(Membership, message.membership_id)
    if not policy.can_report_message(place.membership, author):
        raise own_message()
    reason, words = checked_words(complaint.reason, danger=complaint.danger), checked_note(complaint.note)
    ids = checked_ids(complaint.enclosed, message.id)
    before = queries.report_by(place, message)
    if before is not None and not _is_over(before, message, complaint):
        if complaint.danger and not before.danger and before.decided_at is None:
            before.danger = True
            tell_who_decides(before, place.club)
        return before, False
    standing(message)
    spend(REPORT, actor.account_id)
    neighbours = queries.enclosable(place, ids)
    if len(neighbours) != len(ids):
        raise cannot_enclose()
    if before is not None:
        # One report of each person on a message: the earlier one stands without its reporter.
        before.reporter_id = None
        db.session.flush()
    report = _store(place, message, reason=reason, note=words, danger=complaint.danger, named=complaint.named)
    report.reporter_id = place.membership.id
    _keep_as_read(report, message, neighbours)
    tell_who_decides(report, place.club)
    return report, True


def _is_over(before: Report, message: Message, complaint: Complaint) -> bool:
    """Was it decided, about other words than those that stand now, or before somebody was in danger?"""
    rewritten = message.edited_at is not None and message.edited_at > before.made_at
    return before.decided_at is not None and (complaint.danger or rewritten)


def _store(place: Place, message: Message, **values: Any) -> Report:
    moment = now()
    report = Report(
        id=new_id(),
        club_id=place.club.id,
        message_id=message.id,
        made_at=moment,
        escalates_at=moment + FOR_LEADS,
        **values,
    )
    db.session.add(report)
    return report


def _report_of_a_lead(place: Place, message: Message) -> Report:
    """Nobody reported it: what the lead saw is kept all the same, for who will read an objection."""
    report = _store(place, message, reason="lead")
    _keep_as_read(report, message, [])
    return report


def _keep_as_read(report: Report, target: Message, neighbours: list[Message]) -> None:
    """Copies, a letter for each author: what is changed or taken back afterwards hides nothing from who decides."""
    db.session.flush()
    letters = {target.membership_id: "A"}
    for position, message in enumerate(sorted([target, *neighbours], key=lambda each: each.seq)):
        letter = letters.setdefault(message.membership_id, chr(ord("A") + len(letters)))
        db.session.add(
            ReportedMessage(
                report_id=report.id,
                position=position,
                message_id=message.id,
                target=message is target,
                letter=letter,
                body=message.body,
                posted_at=message.posted_at,
            )
        )


def _decide(actor: Actor, lead: Membership | None, club: Club, report: Report, ruling: Ruling) -> Decision:
    hidden = ruling.outcome == "hide"
    until = checked_until(ruling.until) if hidden else None
    message = db.session.get_one(Message, report.message_id)
    if hidden and message.hidden_at is not None:
        raise already_decided()
    rule = checked_rule(ruling.rule)
    decision = record_decision(
        actor, lead, club, Ruling(ruling.outcome, rule, ruling.reason, until),
        report_id=report.id, message_id=message.id, membership_id=message.membership_id,
    )  # fmt: skip
    settled = update(Report).where(Report.message_id == message.id, queries.OPEN)
    if lead and ruling.outcome == "keep":
        # That nothing is done about a danger is for the team to say.
        settled = settled.where(Report.danger.is_(False))
    db.session.execute(settled.values(decided_at=decision.decided_at))
    if hidden:
        hide(message, "lead" if lead else "staff", rule)
        if until is not None:
            jobs.enqueue("reports:restore", {"decision": decision.id}, until)
    return decision


def _restore(actor: Actor, case: Case, ruling: Ruling) -> None:
    """Brought back by the side that hid it: the team's decision is not the leads' to undo, nor theirs the team's."""
    message = case.message
    hiding = queries.hiding_of(message.id)
    if case.report.decided_at is None and hiding is None:
        raise DomainError("not_hidden", _l("Ce message n’est pas caché."), status=409)
    if hiding is None or case.state == "contested" or (hiding.by_role == "lead") != (case.lead is not None):
        raise already_decided()
    record_decision(
        actor, case.lead, case.club, Ruling("restore", ruling.rule, ruling.reason),
        report_id=case.report.id, message_id=message.id, membership_id=message.membership_id,
    )  # fmt: skip
    hiding.undone_at = now()
    restore(message)


def _object(actor: Actor, decision_id: str, body: Any) -> Objection:
    decision, club = queries.decision_for(actor, decision_id, to_change=True)
    if queries.objection_to(decision) is not None:
        raise _already_objected()
    if (
        decision.outcome not in MAY_BE_CONTESTED
        or decision.objection_until is None
        or decision.objection_until <= now()
    ):
        raise Gone("too_late", _l("Le temps pour contester est passé."))
    if decision.undone_at is not None:
        raise Gone("undone", _l("Cette décision est déjà annulée."))
    objection = Objection(id=new_id(), decision_id=decision.id, body=checked_objection(body), made_at=now())
    db.session.add(objection)
    note("objection:made", actor, role="member", house_id=club.house_id, club_id=club.id,
         about_id=actor.account_id, subject_id=decision.id)  # fmt: skip
    db.session.flush()
    return objection


def _answer_by_report(actor: Actor, case: Case, ruling: Ruling) -> None:
    checked_rule(ruling.rule)
    if ruling.outcome == "keep":
        raise Invalid("outcome_invalid", _l("Choisissez : cacher encore, ou rendre."), field="outcome")
    objection = queries.open_objection_of(case.report)
    contest = queries.objection_for(actor, objection.id, to_change=True)
    _answer(actor, contest, "overruled" if ruling.outcome == "restore" else "upheld", ruling.reason)


def _answer(actor: Actor, contest: Contest, outcome: str, answer: Any) -> None:
    objection, decision = contest.objection, contest.decision
    if not policy.can_answer_objection(actor, decision):
        raise not_yourself()
    if objection.answered_at is not None:
        raise already_decided()
    objection.answer, objection.outcome = checked_reason(answer), outcome
    objection.answered_at, objection.by_account_id = now(), actor.account_id
    if outcome == "overruled" and decision.undone_at is None:
        undo[decision.outcome](decision)
        decision.undone_at = now()
    decision.read_at = None
    person = person_concerned(decision)
    note(f"objection:{outcome}", actor, house_id=contest.club.house_id, club_id=contest.club.id,
         about_id=person, subject_id=decision.id)  # fmt: skip
    if person is not None:
        notify(person, "decision", _l("Une réponse à ce que vous avez contesté"), "objection", path="/decisions")


def _already_objected() -> Taken:
    return Taken("already_objected", _l("Vous avez déjà contesté cette décision."))

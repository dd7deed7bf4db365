"""Reads of reports, decisions and objections, always for someone. Who may decide is judged at the moment of asking.

The leads whom a report does not concern, at once; the team of the club's house after a day, or at once for a danger or
when no such lead is left. To a lead whom it concerns a report does not exist.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, not_, null, or_, select, tuple_
from sqlalchemy.orm import aliased

from app.clubs.models import Change, Club, Membership
from app.clubs.queries import ACTIVE, led_lately
from app.core.actor import Actor
from app.core.db import NOW, db
from app.core.errors import NotFound
from app.core.ids import ID
from app.facilitation.models import Decision, Objection, Report, ReportedMessage
from app.houses.models import StaffPost
from app.messaging.models import Message, Thread
from app.messaging.queries import STANDS, Place

author, reporter, copied = aliased(Membership), aliased(Membership), aliased(Message)


def _person(member: Any) -> ColumnElement[str]:
    """Who a member is, also one whose account has gone and who is still there for the club (``clubs.partings``)."""
    return func.coalesce(member.account_id, member.id)


# Whom the author, or a friend, has made a lead since is no judge of it.
NAMED_SINCE = (
    select(Change.seq)
    .where(
        Change.club_id == Report.club_id,
        Change.kind == "membership:role",
        Change.subject_id == Membership.id,
        Change.at > Report.made_at,
    )
    .correlate(Report, Membership)
    .exists()
)
# From the day of joining one reads a club, by this door as by every other.
BEFORE_THEIR_TIME = (
    select(ReportedMessage.position)
    .join(copied, copied.id == ReportedMessage.message_id)
    .where(ReportedMessage.report_id == Report.id, copied.seq < Membership.first_seq)
    .correlate(Report, Membership)
    .exists()
)
# The author is no judge of it; nor is a lead who reports another lead, or one who led lately.
UNCONCERNED = and_(
    _person(Membership) != _person(author),
    or_(not_(led_lately(author)), _person(Membership) != func.coalesce(_person(reporter), "")),
    not_(NAMED_SINCE),
    not_(BEFORE_THEIR_TIME),
)
A_LEAD_IS_LEFT = (
    select(Membership.id)
    .where(Membership.club_id == Report.club_id, Membership.role == "lead", ACTIVE, UNCONCERNED)
    .correlate(Report, author, reporter)
    .exists()
)
OPEN = Report.decided_at.is_(None)
FOR_THE_TEAM = or_(Report.danger, Report.escalates_at <= func.coalesce(Report.decided_at, NOW))
OF_REPORT = Decision.report_id == Report.id
OBJECTED = select(Objection.id).join(Decision, Decision.id == Objection.decision_id).where(OF_REPORT).exists()
LEADS_KEPT = select(Decision.id).where(OF_REPORT, Decision.by_role == "lead", Decision.outcome == "keep").exists()
TEAM_DECIDED = select(Decision.id).where(OF_REPORT, Decision.by_role != "lead").exists()


@dataclass(frozen=True)
class Case:
    """A report before who may decide it. lead: as which member; None for one of the team. state: see ``shapes``."""

    report: Report
    club: Club
    message: Message
    thread_title: str
    lead: Membership | None
    state: str


@dataclass(frozen=True)
class Contest:
    """An objection before who may answer it."""

    objection: Objection
    decision: Decision
    club: Club


# Who answers an objection works in the house of the club, and has not decided.
SOMEBODY_ELSE = exists().where(
    StaffPost.house_id == Club.house_id,
    StaffPost.account_id != func.coalesce(Decision.by_account_id, ""),
)


def report_for(actor: Actor, report_id: str, *, to_change: bool = False) -> Case:
    """A report that somebody may decide, or might have decided. Raises NotFound."""
    if not ID.fullmatch(report_id):
        raise NotFound()
    query = _cases(actor).where(Report.id == report_id)
    if to_change:
        # The message first, as whoever changes one does; then what was decided meanwhile is seen.
        held = select(Message.id).join(Report, Report.message_id == Message.id).where(Report.id == report_id)
        db.session.execute(held.with_for_update(of=Message, key_share=True))
        query = query.with_for_update(of=Report).execution_options(populate_existing=True)
    row = db.session.execute(query).first()
    if row is None:
        raise NotFound()
    return _case(row)


def reports_for(actor: Actor, club: Club | None = None, after: str | None = None, limit: int = 100) -> list[Case]:
    """What somebody may decide now, the oldest first. after: the id of the last one read."""
    query = _cases(actor).where(_waits(actor))
    if club is not None:
        query = query.where(Club.id == club.id)
    if after is not None:
        last = db.session.get(Report, after)
        if last is None:
            return []
        query = query.where(tuple_(Report.made_at, Report.id) > (last.made_at, last.id))
    return [_case(row) for row in db.session.execute(query.order_by(Report.made_at, Report.id).limit(limit))]


def has_unconcerned_lead(report: Report) -> bool:
    """Does the club still have a lead whom a report does not concern?"""
    query = _with_people(select(A_LEAD_IS_LEFT).select_from(Report)).where(Report.id == report.id)
    return bool(db.session.scalar(query))


def deciding_leads(report: Report) -> list[str]:
    """The accounts of the leads whom a report does not concern."""
    query = select(Membership.account_id).select_from(Report).join(Membership, Membership.club_id == Report.club_id)
    rows = _with_people(query).where(Report.id == report.id, Membership.role == "lead", ACTIVE, UNCONCERNED)
    return [account_id for account_id in db.session.scalars(rows) if account_id]


def said_in(reports: Sequence[Report]) -> dict[str, list[ReportedMessage]]:
    """What reports show, in the order in which it was said."""
    found: dict[str, list[ReportedMessage]] = {report.id: [] for report in reports}
    rows = select(ReportedMessage).where(ReportedMessage.report_id.in_(found)).order_by(ReportedMessage.position)
    for row in db.session.scalars(rows):
        found[row.report_id].append(row)
    return found


def said_about(decision: Decision) -> list[ReportedMessage]:
    """The message that a decision is about, as it was reported."""
    rows = select(ReportedMessage).where(ReportedMessage.report_id == decision.report_id, ReportedMessage.target)
    return list(db.session.scalars(rows))


def report_of(decision: Decision) -> Report | None:
    return db.session.get(Report, decision.report_id) if decision.report_id else None


def names_shown(reports: Sequence[Report]) -> dict[str, str]:
    """The names that reporters chose to show to who decides."""
    named = {report.reporter_id: report.id for report in reports if report.named and report.reporter_id}
    rows = select(Membership.id, Membership.name).where(Membership.id.in_(named), Membership.name.is_not(None))
    return {named[row.id]: row.name for row in db.session.execute(rows)} if named else {}


def open_report_on(message: Message) -> Report | None:
    """The report on a message that has waited longest, held until the transaction ends."""
    waiting = select(Report).where(Report.message_id == message.id, OPEN).order_by(Report.made_at, Report.id)
    return db.session.scalars(waiting.limit(1).with_for_update()).first()


def report_by(place: Place, message: Message) -> Report | None:
    """What a person already reported, also before they left and came back."""
    own = select(Report).join(Membership, Membership.id == Report.reporter_id)
    mine = own.where(Report.message_id == message.id, Membership.account_id == place.membership.account_id)
    return db.session.scalars(mine.order_by(Report.made_at.desc())).first()


def enclosable(place: Place, ids: Sequence[str]) -> list[Message]:
    """Messages of the same discussion that the member may read, by ``seq``."""
    rows = select(Message).where(
        Message.id.in_(ids), Message.thread_id == place.thread.id, Message.seq >= place.membership.first_seq, STANDS
    )
    return list(db.session.scalars(rows.order_by(Message.seq)))


def hiding_of(message_id: str) -> Decision | None:
    """The decision by which a message is hidden now, held until the transaction ends."""
    rows = select(Decision).where(
        Decision.message_id == message_id, Decision.outcome == "hide", Decision.undone_at.is_(None)
    )
    return db.session.scalars(rows.order_by(Decision.decided_at.desc()).limit(1).with_for_update()).first()


def kept_by_leads(report: Report) -> bool:
    """Have the leads kept the message of a danger, which the team still has to look at?"""
    return db.session.scalar(select(Report.id).where(Report.id == report.id, LEADS_KEPT)) is not None


def may_restore(case: Case) -> bool:
    """Is the message hidden by the side that asks, with no objection waiting?"""
    hiding = db.session.scalar(
        select(Decision.by_role).where(
            Decision.message_id == case.message.id, Decision.outcome == "hide", Decision.undone_at.is_(None)
        )
    )
    return hiding is not None and case.state != "contested" and (hiding == "lead") == (case.lead is not None)


def decisions_about(actor: Actor, limit: int = 100) -> list[tuple[Decision, Club]]:
    """What was decided about a person, the newest first; also in a club where they are no more."""
    rows = db.session.execute(_about(actor).order_by(Decision.decided_at.desc()).limit(limit))
    return [(row[0], row[1]) for row in rows]


def decision_for(actor: Actor, decision_id: str, *, to_change: bool = False) -> tuple[Decision, Club]:
    """A decision about the person who asks. Raises NotFound."""
    query = _about(actor).where(Decision.id == decision_id)
    row = db.session.execute(query.with_for_update(of=Decision) if to_change else query).first()
    if row is None:
        raise NotFound()
    return row[0], row[1]


def unread_decisions_of(actor: Actor) -> bool:
    """Is there a decision, or an answer, that the person has not opened?"""
    return db.session.scalar(_about(actor).where(Decision.read_at.is_(None)).limit(1)) is not None


def objection_to(decision: Decision) -> Objection | None:
    return db.session.scalars(select(Objection).where(Objection.decision_id == decision.id)).first()


def objection_for(actor: Actor, objection_id: str, *, to_change: bool = False) -> Contest:
    """An objection for the team of the club's house. Raises NotFound."""
    query = _contests(actor).where(Objection.id == objection_id)
    if to_change:
        query = query.with_for_update(of=Objection).execution_options(populate_existing=True)
    row = db.session.execute(query).first() if actor.is_staff and ID.fullmatch(objection_id) else None
    if row is None:
        raise NotFound()
    return Contest(row[0], row[1], row[2])


def open_objection_of(report: Report) -> Objection:
    """The objection to what was decided about a report, not answered yet. Raises NotFound."""
    waiting = select(Objection).join(Decision, Decision.id == Objection.decision_id)
    found = db.session.scalars(waiting.where(Decision.report_id == report.id, Objection.answered_at.is_(None))).first()
    if found is None:
        raise NotFound()
    return found


def objections_for(actor: Actor) -> list[Contest]:
    """The objections that one of the team may answer, the oldest first."""
    query = _contests(actor).where(
        Objection.answered_at.is_(None), func.coalesce(Decision.by_account_id, "") != actor.account_id
    )
    rows = db.session.execute(query.order_by(Objection.made_at).limit(100))
    return [Contest(row[0], row[1], row[2]) for row in rows]


def stuck_objections_for(actor: Actor) -> list[Contest]:
    """The objections to what one of the team decided, where nobody else works who could answer."""
    query = _contests(actor).where(
        Objection.answered_at.is_(None), Decision.by_account_id == actor.account_id, not_(SOMEBODY_ELSE)
    )
    rows = db.session.execute(query.order_by(Objection.made_at).limit(100))
    return [Contest(row[0], row[1], row[2]) for row in rows]


def somebody_answers(decision: Decision) -> bool:
    """Does somebody else than who decided work in the house of the club?"""
    found = select(Decision.id).join(Club, Club.id == Decision.club_id).where(Decision.id == decision.id, SOMEBODY_ELSE)
    return db.session.scalar(found) is not None


def decides_alone(actor: Actor, club: Club) -> bool:
    """Is the actor all of the team of the club's house?"""
    others = select(StaffPost.account_id).where(
        StaffPost.house_id == club.house_id, StaffPost.account_id != actor.account_id
    )
    return actor.is_staff and db.session.scalar(others.limit(1)) is None


def _with_people(query: Any) -> Any:
    return (
        query.join(Message, Message.id == Report.message_id)
        .join(author, author.id == Message.membership_id)
        .outerjoin(reporter, reporter.id == Report.reporter_id)
    )


def _cases(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Rows ``(Report, Club, Message, title, Membership or None, for the team?, objection waits?)``."""
    waits = select(Objection.id).join(Decision, Decision.id == Objection.decision_id)
    contested = waits.where(OF_REPORT, Objection.answered_at.is_(None)).exists()
    if actor.is_staff:
        query = _with_people(
            select(Report, Club, Message, Thread.title, null(), literal(True), contested)
            .select_from(Report)
            .join(Club, Club.id == Report.club_id)
        )
        query = query.where(
            _of_their_house(actor),
            _not_theirs(author, actor),
            or_(FOR_THE_TEAM, and_(OPEN, not_(A_LEAD_IS_LEFT)), OBJECTED, TEAM_DECIDED),
        )
    else:
        query = _with_people(
            select(Report, Club, Message, Thread.title, Membership, FOR_THE_TEAM, contested)
            .select_from(Report)
            .join(Club, Club.id == Report.club_id)
            .join(Membership, Membership.club_id == Club.id)
        )
        query = query.where(Membership.account_id == actor.account_id, Membership.role == "lead", ACTIVE, UNCONCERNED)
    found: Select[*tuple[Any, ...]] = query.join(Thread, Thread.id == Message.thread_id)
    return found


def _waits(actor: Actor) -> ColumnElement[bool]:
    """Is there something to decide for this person?"""
    if not actor.is_staff:
        return and_(OPEN, not_(LEADS_KEPT))
    others = func.coalesce(Decision.by_account_id, "") != actor.account_id
    to_answer = (
        select(Objection.id)
        .join(Decision, Decision.id == Objection.decision_id)
        .where(OF_REPORT, Objection.answered_at.is_(None), others)
        .exists()
    )
    return or_(OPEN, to_answer)


def _of_their_house(actor: Actor) -> ColumnElement[bool]:
    return Club.house_id.in_(select(StaffPost.house_id).where(StaffPost.account_id == actor.account_id))


def _not_theirs(person: Any, actor: Actor) -> ColumnElement[bool]:
    """One of the team may have written it on a visit: they are no judge of it either."""
    return func.coalesce(person.account_id, "") != actor.account_id


def _case(row: Any) -> Case:
    report, club, message, title, lead, for_the_team, contested = row
    if report.decided_at is None:
        state = "team" if for_the_team else "leads"
    else:
        state = "contested" if contested else "decided"
    return Case(report, club, message, title, lead, state)


def _about(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(Decision, Club)
        .join(Club, Club.id == Decision.club_id)
        .join(Membership, Membership.id == Decision.membership_id)
        .where(Membership.account_id == actor.account_id, Decision.outcome.in_(("hide", "pause", "remove")))
    )


def _contests(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(Objection, Decision, Club)
        .join(Decision, Decision.id == Objection.decision_id)
        .join(Club, Club.id == Decision.club_id)
        .outerjoin(author, author.id == Decision.membership_id)
        .where(_of_their_house(actor), _not_theirs(author, actor))
    )

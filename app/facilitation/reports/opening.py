"""One of the team reads a report: the club's journal says so, once for each of them."""

from collections.abc import Sequence

from sqlalchemy import select

from app.clubs.models import Membership
from app.core.actor import Actor
from app.core.db import db, transaction
from app.facilitation.decisions import person_concerned
from app.facilitation.reports.queries import Case, Contest
from app.houses.journal import note
from app.houses.models import JournalEntry

OPENED = "report:opened"


def note_opening(actor: Actor, cases: Sequence[Case]) -> None:
    """Called before what they hold is shown; leads read their own club's, which is no act of the team."""
    if not actor.is_staff or not cases:
        return
    with transaction():
        for case in _unopened(actor, cases):
            author = db.session.get(Membership, case.message.membership_id)
            note(OPENED, actor, house_id=case.club.house_id, club_id=case.club.id,
                 about_id=author.account_id if author else None, subject_id=case.report.id)  # fmt: skip


def note_opening_of_objection(actor: Actor, contest: Contest) -> None:
    """The same for what a person says to a decision about them."""
    subject, club = contest.objection.id, contest.club
    with transaction():
        if subject not in _opened(actor, "objection:opened", [club.id], [subject]):
            note("objection:opened", actor, house_id=club.house_id, club_id=club.id,
                 about_id=person_concerned(contest.decision), subject_id=subject)  # fmt: skip


def _unopened(actor: Actor, cases: Sequence[Case]) -> list[Case]:
    opened = _opened(actor, OPENED, [case.club.id for case in cases], [case.report.id for case in cases])
    return [case for case in cases if case.report.id not in opened]


def _opened(actor: Actor, act: str, clubs: Sequence[str], subjects: Sequence[str]) -> set[str | None]:
    known = select(JournalEntry.subject_id).where(
        JournalEntry.club_id.in_(set(clubs)),
        JournalEntry.act == act,
        JournalEntry.by_id == actor.account_id,
        JournalEntry.subject_id.in_(subjects),
    )
    return set(db.session.scalars(known))

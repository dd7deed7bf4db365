"""What becomes of what a person wrote in minutes when they leave for good, and what they take away of it."""

from itertools import groupby

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update

from app.clubs import live
from app.clubs.leaving import club_names, ends_of, was_there
from app.clubs.models import Membership
from app.clubs.partings import Messages, parting
from app.core.db import db
from app.core.privacy import Rows, take_away
from app.meetings.minutes.models import MinutesVersion, NotedDecision
from app.meetings.minutes.texts import first_writers, without


def part_from_minutes(membership_id: str, messages: Messages) -> None:
    """Their lines leave every version, whoever saved it; or all stays, and nobody is said to have written it."""
    membership = db.session.get_one(Membership, membership_id)
    if messages == "blank":
        _blank_lines(membership)
        _drop_decisions(membership)
    for table in (MinutesVersion, NotedDecision):
        db.session.execute(update(table).where(table.written_by_id == membership_id).values(written_by_id=None))


def _blank_lines(membership: Membership) -> None:
    written = select(MinutesVersion.meeting_id).where(MinutesVersion.written_by_id == membership.id)
    versions = select(MinutesVersion).where(MinutesVersion.meeting_id.in_(written))
    rows = db.session.scalars(versions.order_by(MinutesVersion.meeting_id, MinutesVersion.number)).all()
    for meeting_id, found in groupby(rows, lambda one: one.meeting_id):
        mine = list(found)
        writers = first_writers((one.text, one.written_by_id) for one in mine)
        gone = {line for line, writer in writers.items() if writer == membership.id}
        for one in mine:
            one.text = without(one.text, gone)
        db.session.flush()
        live.record(membership.club_id, "minutes:written", meeting_id)


def _drop_decisions(membership: Membership) -> None:
    theirs = select(NotedDecision.id).where(NotedDecision.written_by_id == membership.id).order_by(NotedDecision.seq)
    ids = list(db.session.scalars(theirs))
    db.session.execute(delete(NotedDecision).where(NotedDecision.id.in_(ids)))
    live.record_all(membership.club_id, [("decision:gone", each) for each in ids])


def minutes_rows(account_id: str) -> Rows:
    """The lines that a person wrote, by meeting, and not those of the others."""
    names = club_names(account_id)
    mine = set(db.session.scalars(select(Membership.id).where(Membership.account_id == account_id)))
    written = select(MinutesVersion.meeting_id).where(MinutesVersion.written_by_id.in_(mine))
    versions = select(MinutesVersion).where(MinutesVersion.meeting_id.in_(written))
    rows = db.session.scalars(versions.order_by(MinutesVersion.meeting_id, MinutesVersion.number)).all()
    told: Rows = []
    for _meeting, found in groupby(rows, lambda one: one.meeting_id):
        kept = list(found)
        writers = first_writers((one.text, one.written_by_id) for one in kept)
        text = "\n".join(line for line, writer in writers.items() if writer in mine)
        told.append({"club": names[kept[0].club_id], "at": kept[0].written_at, "text": text})
    return told


def decision_rows(account_id: str) -> Rows:
    """Lines that a person wrote and the club kept as decided while they were there."""
    names, ends = club_names(account_id), ends_of(account_id)
    written = select(NotedDecision).where(NotedDecision.written_by_id.in_(ends)).order_by(NotedDecision.noted_at)
    return [
        {"club": names[one.club_id], "at": one.noted_at, "text": one.text}
        for one in db.session.scalars(written)
        if was_there(ends, one.noted_at, one.written_by_id)
    ]


parting.append(part_from_minutes)
take_away(
    "minutes", _l("Ce que j’ai écrit dans les comptes rendus"), minutes_rows, ("minutes_version", "written_by_id")
)
take_away(
    "decided", _l("Ce que j’ai écrit, et que le club a décidé"), decision_rows, ("noted_decision", "written_by_id")
)

"""What lies where of one person: asked through what each feature declares, of their account and memberships alone."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import Select, Table, func, or_, select

from app.accounts.models import Account
from app.clubs.models import Club, Membership, Pause
from app.clubs.queries import person_key
from app.core.actor import Actor
from app.core.db import db
from app.core.privacy import holdings
from app.core.retention import Lasting, rule_named
from app.facilitation.models import Report
from app.houses.journal import about
from app.houses.models import JournalEntry
from app.messaging.models import Message
from app.pages.legal.kept import YOURS, Kept

# The column that tells since when a row is there, and never one that tells until when.
BEGINS = (
    *("made_at", "began_at", "at", "created_at", "asked_at", "invited_at", "printed_at", "begun_at", "said_at"),
    *("opened_at", "posted_at", "added_at", "decided_at", "since", "made_on"),
)


@dataclass(frozen=True)
class Line:
    """One kind of what is kept: how many in each table, since when, and when the oldest goes."""

    kept: Kept
    counts: dict[str, int]
    since: datetime | None
    until: datetime | None


def lines_for(actor: Actor) -> list[Line]:
    """Every sentence of the page on privacy, with what it is for this person; as many questions for everybody."""
    found = {table: _counted(db.metadata.tables[table], where) for table, where in _conditions(actor).items()}
    ends = _ends(actor)
    return [_line(kept, found, ends) for kept in YOURS]


def _line(kept: Kept, found: dict[str, tuple[int, Any]], ends: dict[str, datetime]) -> Line:
    counts = {table: found[table][0] for table in kept.tables if found.get(table, (0, None))[0]}
    begins = [found[table][1] for table in counts if found[table][1] is not None]
    until = [ends[table] for table in counts if table in ends]
    return Line(kept, counts, min(begins, default=None), min(until, default=None))


def _conditions(actor: Actor) -> dict[str, Any]:
    """By table: which rows are of this person, through any of its keys."""
    mine = select(Membership.id).where(Membership.account_id == actor.account_id)
    found: dict[str, list[Any]] = defaultdict(list)
    for holding in holdings():
        column = db.metadata.tables[holding.table].c[holding.column]
        keys = {key.column.table.name for key in column.foreign_keys}
        if keys:
            found[holding.table].append(column == actor.account_id if "account" in keys else column.in_(mine))
    conditions = {table: or_(*keys) for table, keys in found.items()}
    clubs = db.session.scalars(select(Membership.club_id).where(Membership.account_id == actor.account_id)).all()
    conditions["account"] = Account.id == actor.account_id
    conditions["pause"] = Pause.person_key.in_([person_key(club, actor.account_id) for club in clubs])
    reports = select(Report.id).where(Report.reporter_id.in_(mine))
    conditions["reported_message"] = db.metadata.tables["reported_message"].c.report_id.in_(reports)
    return conditions


def _counted(table: Table, where: Any) -> tuple[int, datetime | None]:
    begins = next((table.c[name] for name in BEGINS if name in table.c), None)
    query: Select[Any] = select(func.count(), func.min(begins) if begins is not None else func.min(None))
    n, first = db.session.execute(query.select_from(table).where(where)).one()
    if first is not None and not isinstance(first, datetime):
        first = datetime.combine(first, time(12), UTC)
    return int(n), first


def _ends(actor: Actor) -> dict[str, datetime]:
    """When the oldest goes, where the clock says so: what a club keeps is its own choice."""
    mine = select(Membership.id).where(Membership.account_id == actor.account_id)
    oldest = (
        select(func.min(Message.posted_at), Club.keep_months)
        .join(Club, Club.id == Message.club_id)
        .where(Message.membership_id.in_(mine))
        .group_by(Club.id, Club.keep_months)
    )
    ends = {"message": [Lasting(months=row[1]).after(row[0]) for row in db.session.execute(oldest)]}
    account = db.session.get_one(Account, actor.account_id)
    if account.role == "member":
        ends["account"] = [rule_named("accounts:idle").lasts.after(account.seen_on or account.created_at)]
    return {table: min(moments) for table, moments in ends.items() if moments}


def journal_lines_of(actor: Actor) -> int:
    """How many entries of the journal are about a person, found by a hash that only their account makes."""
    mine = select(func.count()).select_from(JournalEntry).where(JournalEntry.about_key == about(actor.account_id))
    return int(db.session.scalar(mine) or 0)

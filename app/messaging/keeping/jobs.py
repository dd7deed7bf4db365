"""The clock's door: messages older than their club keeps them, empty discussions, and the beginning of the log."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, delete, func, literal, or_, select, true, update

from app.clubs.models import Change, Club, Membership
from app.core import jobs
from app.core.clock import now
from app.core.db import UtcDateTime, db, transaction
from app.core.retention import SLICE, Lasting, by_key, rule
from app.messaging.keeping import held
from app.messaging.keeping.actions import begin_keeping
from app.messaging.models import Message, Reaction, Thread

# What a club has that chose nothing.
MESSAGES = Lasting(months=12)
# Long after who left could still be asked about, or come back.
FORMER = Lasting(months=12)


@jobs.handler("keeping:begin")
def begin(payload: dict[str, Any]) -> None:
    """A shorter time begins when it was announced to; one that was taken back meanwhile does not."""
    with transaction():
        begin_keeping(payload["club"], now())


def oldest(moment: datetime) -> ColumnElement[datetime]:
    """What the club of a statement keeps begins here: one value for each number of months."""
    ends = {months: literal(Lasting(months=months).before(moment), UtcDateTime) for months in range(1, 25)}
    return case(ends, value=Club.keep_months)


def _free() -> ColumnElement[bool]:
    return ~or_(*(ask() for ask in held)) if held else true()


def _old_messages(moment: datetime) -> Select[Any]:
    club = select(Club.id).where(Club.id == Message.club_id, Message.posted_at < oldest(moment))
    return select(Message.id).where(club.exists(), _free())


def _some_messages(moment: datetime) -> Select[Any]:
    """Those of one club: its index finds them."""
    old = select(Message.id).where(Message.club_id == Club.id, Message.posted_at < oldest(moment), _free())
    found = db.session.execute(select(Club.id, Club.keep_months).where(old.exists()).limit(1)).first()
    club_id, months = found or ("", MESSAGES.months)
    end = Lasting(months=months).before(moment)
    return select(Message.id).where(Message.club_id == club_id, Message.posted_at < end, _free())


def _empty_threads(_moment: datetime) -> Select[Any]:
    return select(Thread.id).where(~select(Message.id).where(Message.thread_id == Thread.id).exists())


def _begins_too_early(moment: datetime) -> Select[Any]:
    first = select(Change.seq).where(Change.club_id == Club.id, Change.seq == Club.log_from, Change.at < oldest(moment))
    return select(Club.id).where(first.exists())


def count_log(moment: datetime) -> int:
    """How many rows of all logs are older than their club keeps."""
    old = select(func.count()).select_from(Change).join(Club, Club.id == Change.club_id)
    return int(db.session.scalar(old.where(Change.at < oldest(moment))) or 0)


def trim_log(moment: datetime) -> int:
    """Take a slice from the beginning of one club's log; numbers stay as they are, without a hole."""
    club_id = db.session.scalar(_begins_too_early(moment).limit(1))
    db.session.rollback()
    if club_id is None:
        return 0
    with transaction():
        club = db.session.get_one(Club, club_id, with_for_update={"key_share": True}, populate_existing=True)
        end = Lasting(months=club.keep_months).before(moment)
        rows = _first_rows(club)
        old = next((n for n, (_seq, at) in enumerate(rows) if at >= end), len(rows))
        if old:
            last = rows[old - 1][0]
            db.session.execute(delete(Change).where(Change.club_id == club.id, Change.seq <= last))
            db.session.execute(update(Club).where(Club.id == club.id).values(log_from=last + 1))
        return old


def _first_rows(club: Club) -> Sequence[Any]:
    first = select(Change.seq, Change.at).where(Change.club_id == club.id).order_by(Change.seq)
    return db.session.execute(first.limit(SLICE)).all()


def _forgotten(moment: datetime) -> Select[Any]:
    """Who left long ago, and of whom nothing stands in the club any more."""
    said = [
        select(key).where(key == Membership.id).exists()
        for key in (Message.membership_id, Thread.opened_by_id, Reaction.membership_id)
    ]
    return select(Membership.id).where(Membership.ended_at < FORMER.before(moment), ~or_(*said))


by_key("messaging:messages", ("message", "reaction"), MESSAGES, Message.id, _old_messages, some=_some_messages)
by_key("messaging:threads", ("thread", "reading_mark"), MESSAGES, Thread.id, _empty_threads)
rule("messaging:log", ("change",), MESSAGES, count_log, trim_log)
by_key("messaging:former", ("membership",), FORMER, Membership.id, _forgotten)

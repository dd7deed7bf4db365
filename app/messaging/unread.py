"""What a member has not read yet: the private pointer, and what lies beyond it."""

from typing import Any, TypedDict

from sqlalchemy import ScalarSelect, Select, and_, bindparam, func, or_, select, text
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.orm import aliased

from app.clubs.models import Club, Membership
from app.clubs.written import filled
from app.core.actor import Actor
from app.core.db import db
from app.messaging.models import Message, ReadingMark, Thread
from app.messaging.queries import IN_REACH, LAST_SEQ, MAX_SEQ, STANDS, Place, in_log, reach
from app.messaging.shapes import author_name

MANY = 10
# The same words on both engines; built once, as each post of somebody who watches moves their own pointer.
MOVE = text(
    "INSERT INTO reading_mark (membership_id, thread_id, seq) VALUES (:membership_id, :thread_id, :seq)"
    " ON CONFLICT (membership_id, thread_id) DO UPDATE SET seq = excluded.seq WHERE reading_mark.seq < excluded.seq"
)
# The same on PostgreSQL, beside the message that its author has before their eyes.
_MARKS: Any = ReadingMark.__table__
_mark = postgresql_insert(_MARKS).from_select(*filled(_MARKS, ("membership_id", "thread_id"), "seq"))
MARKED_NOW = _mark.on_conflict_do_update(
    index_elements=["membership_id", "thread_id"],
    set_={"seq": _mark.excluded.seq},
    where=_MARKS.c.seq < _mark.excluded.seq,
)


class ThreadLine(TypedDict):
    """A discussion in a list. ``unread``: 0 to 10, and 10 means more than nine. last_seq: of its last message."""

    id: str
    title: str
    last_author: str
    last_at: Any
    last_seq: int
    unread: int
    club: Club


MARKED = and_(ReadingMark.membership_id == Membership.id, ReadingMark.thread_id == Thread.id)


# What others said beyond the pointer, ten at most: more is never shown.
_NEWEST = (
    select(Message.posted_at)
    .where(
        Message.thread_id == Thread.id,
        Message.seq > func.coalesce(ReadingMark.seq, 0),
        Message.seq >= Membership.first_seq,
        Message.membership_id != Membership.id,
        STANDS,
    )
    .order_by(Message.seq.desc())
    .limit(MANY)
    .correlate(Thread, Membership, ReadingMark)
    .subquery()
)
# Who never opened a discussion has not missed what was said before they joined.
_MISSED = or_(ReadingMark.seq.is_not(None), _NEWEST.c.posted_at >= Membership.began_at)
UNREAD: ScalarSelect[int] = (
    select(func.count()).select_from(_NEWEST).where(_MISSED).correlate(Membership, ReadingMark).scalar_subquery()
)
_EACH = (
    select(UNREAD.label("unread"))
    .select_from(Membership)
    .join(Thread, Thread.club_id == Membership.club_id)
    .outerjoin(ReadingMark, MARKED)
    .where(IN_REACH)
    .subquery()
)
_TOTAL = select(func.coalesce(func.sum(_EACH.c.unread), 0))
_last, _writer = aliased(Message), aliased(Membership)
# Every discussion in reach with its last message, the author of it, and what is unread.
_LINES: Select[*tuple[Any, ...]] = (
    select(Thread, Club, _last.posted_at, _last.seq, _writer, UNREAD.label("unread"))
    .select_from(Membership)
    .join(Club, Club.id == Membership.club_id)
    .join(Thread, Thread.club_id == Club.id)
    .join(_last, and_(_last.thread_id == Thread.id, _last.seq == LAST_SEQ))
    .join(_writer, _writer.id == _last.membership_id)
    .outerjoin(ReadingMark, MARKED)
    .where(IN_REACH, _last.seq >= Membership.first_seq)
    .order_by(_last.posted_at.desc(), _last.seq.desc())
    .limit(bindparam("most"))
)
# In one club the log gives the order, and the place from which to read on.
_LINES_OF_CLUB = (
    _LINES.where(Club.id == bindparam("club_id"), _last.seq < bindparam("before"))
    .order_by(None)
    .order_by(_last.seq.desc())
)
_LINES_UNREAD = _LINES.where(UNREAD > 0)


def unread_total(actor: Actor | None) -> int:
    """How many messages wait for somebody in all their clubs, ten at most."""
    return min(MANY, int(db.session.scalar(_TOTAL, reach(actor)) or 0))


def threads_for(actor: Actor | None, club: Club, limit: int = 50, before: int | None = None) -> list[ThreadLine]:
    """The discussions of a club that somebody may read, the last spoken in first; none for who is not a member.

    before: only those whose last message has a lower number.
    """
    below = MAX_SEQ if before is None else in_log(before)
    asked = {**reach(actor), "club_id": club.id, "most": limit, "before": below}
    return [_shown(row) for row in db.session.execute(_LINES_OF_CLUB, asked)]


def unread_threads_for(actor: Actor | None, limit: int = 20) -> list[ThreadLine]:
    """The discussions of all clubs where something waits."""
    return [_shown(row) for row in db.session.execute(_LINES_UNREAD, {**reach(actor), "most": limit})]


def _shown(row: Any) -> ThreadLine:
    thread, club, posted_at, seq, writer, unread = row
    return {
        "id": thread.id,
        "title": thread.title,
        "last_author": author_name(writer),
        "last_at": posted_at,
        "last_seq": seq,
        "unread": unread,
        "club": club,
    }


def mark_of(membership: Membership, thread: Thread) -> int | None:
    """How far the member has read, or None."""
    return db.session.scalar(
        select(ReadingMark.seq).where(ReadingMark.membership_id == membership.id, ReadingMark.thread_id == thread.id)
    )


def unread_in(place: Place, mark: int | None) -> tuple[int, int | None]:
    """How many messages of others lie beyond the pointer in one discussion, and the number of the first."""
    me = place.membership
    beyond = Message.seq > mark if mark is not None else Message.posted_at >= me.began_at
    row = db.session.execute(
        select(func.count(), func.min(Message.seq)).where(
            Message.thread_id == place.thread.id,
            Message.seq >= me.first_seq,
            Message.membership_id != me.id,
            STANDS,
            beyond,
        )
    ).one()
    return int(row[0]), row[1]


def move_mark(membership_id: str, thread_id: str, seq: int) -> None:
    """Move the pointer forward, never back; inside a transaction."""
    db.session.execute(MOVE, {"membership_id": membership_id, "thread_id": thread_id, "seq": seq})

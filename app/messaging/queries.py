"""Reads of discussions, always for someone: a member, from the floor of what they may read. Staff have none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Row, ScalarSelect, Select, and_, bindparam, func, select

from app.clubs.models import Club, Membership
from app.clubs.queries import ACTIVE
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import NotFound
from app.core.ids import ID
from app.messaging.models import Message, Reaction, Thread
from app.messaging.shapes import AUTHOR

# May be read: neither taken back by its author nor hidden by a decision.
STANDS = and_(Message.withdrawn_at.is_(None), Message.hidden_at.is_(None))
# What the column of PostgreSQL holds: beyond it there is nothing to find, and asking would break.
MAX_SEQ = 2**31 - 1


@dataclass(frozen=True)
class Place:
    """Where a member stands: the discussion, its club, their membership, the number of the last message."""

    thread: Thread
    club: Club
    membership: Membership
    last_seq: int


def reach(actor: Actor | None) -> dict[str, str | bool | None]:
    """What ``IN_REACH`` needs to know of somebody; nothing is in reach of a visitor, or of staff but on a visit."""
    return {"account_id": actor.account_id if actor else None, "visiting": actor is not None and actor.is_staff}


# Built once: these are asked at every post and on every page.
IN_REACH = and_(
    Membership.account_id == bindparam("account_id"),
    ACTIVE,
    Membership.visit_until.is_not(None) == bindparam("visiting", type_=Boolean),
)
# From the reader's floor on, a discussion holds something they may read; else it is nothing to them.
LAST_SEQ: ScalarSelect[int] = (
    select(func.max(Message.seq)).where(Message.thread_id == Thread.id).correlate(Thread).scalar_subquery()
)
_PLACES: Select[*tuple[Any, ...]] = (
    select(Thread, Club, Membership, LAST_SEQ)
    .join(Club, Club.id == Thread.club_id)
    .join(Membership, Membership.club_id == Club.id)
    .where(IN_REACH, Membership.first_seq <= LAST_SEQ)
)
_PLACE = _PLACES.where(Thread.id == bindparam("thread_id"))
_POSTING_PLACE = _PLACE.outerjoin(
    Message, and_(Message.membership_id == Membership.id, Message.client_id == bindparam("client_id"))
).add_columns(Message)
_MESSAGE = (
    _PLACES.join(Message, Message.thread_id == Thread.id)
    .add_columns(Message)
    .where(Message.id == bindparam("message_id"), Message.seq >= Membership.first_seq)
)
# Not the key: a reply or a reaction written at the same moment may refer to it.
_MESSAGE_TO_CHANGE = _MESSAGE.with_for_update(of=Message, key_share=True)


def place_for(actor: Actor | None, thread_id: str) -> Place:
    """A discussion for somebody who may read something of it. Raises NotFound."""
    return Place(*_row(_PLACE, actor, thread_id=_checked(thread_id)))


def posting_place_for(actor: Actor | None, thread_id: str, client_id: str) -> tuple[Place, Message | None]:
    """As ``place_for``, with the message that the member already sent under this ``client_id``, in one statement."""
    row = _row(_POSTING_PLACE, actor, thread_id=_checked(thread_id), client_id=client_id)
    return Place(*row[:4]), row[4]


def message_for(actor: Actor | None, message_id: str, *, to_change: bool = False) -> tuple[Message, Place]:
    """A message that somebody may read, with where they stand. to_change: nobody else changes it meanwhile."""
    row = _row(_MESSAGE_TO_CHANGE if to_change else _MESSAGE, actor, message_id=_checked(message_id))
    return row[4], Place(*row[:4])


def _row(query: Select[*tuple[Any, ...]], actor: Actor | None, **ids: str) -> Any:
    row = db.session.execute(query, {**reach(actor), **ids}).first()
    if row is None:
        raise NotFound()
    return row


def is_readable(place: Place, message_id: str) -> bool:
    """Is this a message of the same discussion that the member may read?"""
    if not ID.fullmatch(message_id):
        return False
    found = select(Message.id).where(
        Message.id == message_id,
        Message.thread_id == place.thread.id,
        Message.seq >= place.membership.first_seq,
    )
    return db.session.scalar(found) is not None


def sent_before(membership: Membership, client_id: str) -> tuple[Message, Thread] | None:
    """What a member already sent under this ``client_id``."""
    row = db.session.execute(
        select(Message, Thread)
        .join(Thread, Thread.id == Message.thread_id)
        .where(Message.membership_id == membership.id, Message.client_id == client_id)
    ).first()
    return (row[0], row[1]) if row else None


def messages_between(place: Place, after: int, before: int | None, limit: int, *, last: bool = False) -> list[Any]:
    """Rows ``(Message, id, name, role, ended_at)`` in order of ``seq``, the first or the ``last`` ones of the span."""
    query = (
        select(Message, *AUTHOR)
        .join(Membership, Membership.id == Message.membership_id)
        .where(
            Message.thread_id == place.thread.id,
            Message.seq > in_log(after),
            Message.seq >= place.membership.first_seq,
        )
        .limit(limit)
    )
    if before is not None:
        query = query.where(Message.seq < in_log(before))
    rows: list[Any] = list(db.session.execute(query.order_by(Message.seq.desc() if last else Message.seq)))
    return rows[::-1] if last else rows


def older_than(place: Place, seq: int) -> int:
    """How many messages the member may still read above one."""
    count = select(func.count()).where(
        Message.thread_id == place.thread.id, Message.seq < seq, Message.seq >= place.membership.first_seq
    )
    return int(db.session.scalar(count) or 0)


def quoted(place: Place, ids: Sequence[str]) -> dict[str, Row[*tuple[Any, ...]]]:
    """The messages that others answer, as far as the member may read them: rows ``(Message, id, name, …)``."""
    if not ids:
        return {}
    rows = db.session.execute(
        select(Message, *AUTHOR)
        .join(Membership, Membership.id == Message.membership_id)
        .where(Message.id.in_(ids), Message.seq >= place.membership.first_seq, STANDS)
    )
    return {row[0].id: row for row in rows}


def reactions_to(ids: Sequence[str]) -> list[Row[*tuple[Any, ...]]]:
    """Living reactions to messages the reader may read, the first said first: ``(message_id, emoji, id, name, …)``."""
    return list(
        db.session.execute(
            select(Reaction.message_id, Reaction.emoji, *AUTHOR)
            .join(Membership, Membership.id == Reaction.membership_id)
            .where(Reaction.message_id.in_(ids), Reaction.removed_at.is_(None))
            .order_by(Reaction.added_at, Reaction.id)
        )
    )


def living_reaction(message: Message, membership: Membership, key: str, *, to_change: bool = False) -> Reaction | None:
    """A word that a member says about a message now. to_change: nobody else takes it back meanwhile."""
    query = select(Reaction).where(
        Reaction.message_id == message.id,
        Reaction.membership_id == membership.id,
        Reaction.emoji == key,
        Reaction.removed_at.is_(None),
    )
    return db.session.scalars(query.with_for_update(key_share=True) if to_change else query).first()


def page_of_threads(
    club: Club, membership: Membership, before: int | None, limit: int
) -> list[tuple[Thread, int, datetime]]:
    """The discussions that a member may read, the last spoken in first: ``(thread, last number, its moment)``."""
    query = (
        select(Thread, Message.seq, Message.posted_at)
        .join(Message, and_(Message.thread_id == Thread.id, Message.seq == LAST_SEQ))
        .where(Thread.club_id == club.id, Message.seq >= membership.first_seq)
        .order_by(Message.seq.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(Message.seq < in_log(before))
    return [(row[0], row[1], row[2]) for row in db.session.execute(query)]


def in_log(number: int) -> int:
    """A number that somebody asked for, brought back to those that a log can have."""
    return min(max(number, 0), MAX_SEQ)


def _checked(some_id: str) -> str:
    if not ID.fullmatch(some_id):
        raise NotFound()
    return some_id

"""What the rows of the club's log say about discussions, read when they are sent; and who is typing, never stored."""

import time
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.clubs.live import Shown, renders, room_of
from app.clubs.models import Club, Membership
from app.core import realtime
from app.core.db import db
from app.messaging.models import Message, Reaction, Thread
from app.messaging.queries import Place
from app.messaging.shapes import AUTHOR, Author, author_json, message_json

TYPING_SECONDS = 3.0

_typed: dict[str, float] = {}


@renders("thread:opened")
def _thread_opened(club: Club, ids: Sequence[str]) -> dict[str, Shown]:
    rows = db.session.execute(
        select(Thread, *AUTHOR)
        .join(Membership, Membership.id == Thread.opened_by_id)
        .where(Thread.id.in_(ids), Thread.club_id == club.id)
    )
    return {row[0].id: _opened(row[0], row) for row in rows}


def _opened(thread: Thread, author: Author) -> Shown:
    return Shown({"id": thread.id, "title": thread.title, "author": author_json(author)}, thread.seq)


@renders("message:posted", "message:edited", "message:withdrawn")
def _messages(club: Club, ids: Sequence[str]) -> dict[str, Shown]:
    rows = db.session.execute(
        select(Message, *AUTHOR)
        .join(Membership, Membership.id == Message.membership_id)
        .where(Message.id.in_(ids), Message.club_id == club.id)
        .execution_options(populate_existing=True)
    )
    return {row[0].id: Shown(message_json(row[0], row), row[0].seq) for row in rows}


@renders("reaction:added", "reaction:removed")
def _reactions(club: Club, ids: Sequence[str]) -> dict[str, Shown]:
    said = aliased(Message)
    rows = db.session.execute(
        select(Reaction.id.label("reaction"), Reaction.emoji, said.id.label("message"), said.seq, *AUTHOR)
        .join(said, said.id == Reaction.message_id)
        .join(Membership, Membership.id == Reaction.membership_id)
        .where(Reaction.id.in_(ids), said.club_id == club.id)
    )
    return {
        row.reaction: Shown({"message": row.message, "emoji": row.emoji, "author": author_json(row)}, row.seq)
        for row in rows
    }


def tell_typing(place: Place) -> None:
    """Say to the others who watch, and who may read this discussion, that a member is typing: every 3 s at most."""
    me, moment = place.membership, time.monotonic()
    if moment - _typed.get(me.id, -TYPING_SECONDS) < TYPING_SECONDS:
        return
    _typed[me.id] = moment
    if len(_typed) > 10_000:
        _forget(moment)
    room = room_of(place.club.id)
    for sid, floor in realtime.listeners(room).items():
        held = realtime.connection(sid)
        if held is not None and floor <= place.last_seq and held.rooms.get(room) != f"membership:{me.id}":
            realtime.tell(sid, "thread:typing", {"thread": place.thread.id, "name": me.name})


def _forget(moment: float) -> None:
    for key in [key for key, at in _typed.items() if moment - at >= TYPING_SECONDS]:
        del _typed[key]

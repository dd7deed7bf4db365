"""What the rows of the club's log say about discussions, read when they are sent; and who is typing, never stored."""

import time
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from app.clubs.live import Shown, renders, renders_by_id, room_of
from app.clubs.models import Club, Membership
from app.core import bus, realtime
from app.core.db import db
from app.core.questions import Question
from app.messaging.models import Message, Reaction, Thread
from app.messaging.queries import Place
from app.messaging.shapes import AUTHOR, Author, author_json, message_json

TYPING_SECONDS = 3.0

_typed: dict[str, float] = {}
_OWN = Message.__table__.columns.keys()
_AUTHOR = [column.key for column in AUTHOR]
_ONE = Question(
    select(*Message.__table__.columns, *AUTHOR)
    .join(Membership, Membership.id == Message.membership_id)
    .where(Message.id == bindparam("which"), Message.club_id == bindparam("club"))
)


@renders("thread:opened", "thread:retitled")
def _thread_opened(club: Club, ids: Sequence[str]) -> dict[str, Shown]:
    rows = db.session.execute(
        select(Thread, *AUTHOR)
        .join(Membership, Membership.id == Thread.opened_by_id)
        .where(Thread.id.in_(ids), Thread.club_id == club.id)
    )
    return {row[0].id: _opened(row[0], row) for row in rows}


def _opened(thread: Thread, author: Author) -> Shown:
    return Shown({"id": thread.id, "title": thread.title, "author": author_json(author)}, thread.seq)


@renders_by_id("message:posted", "message:edited", "message:withdrawn", "message:hidden", "message:restored")
def _messages(club_id: str, ids: Sequence[str]) -> dict[str, Shown]:
    read = _one(club_id, ids[0]) if len(ids) == 1 else _many(club_id, ids)
    return {message.id: shown_message(message, author) for message, author in read}


def _one(club_id: str, message_id: str) -> list[tuple[Message, Any]]:
    """As nearly every push has it: by the driver."""
    rows = [(row[: len(_OWN)], row[len(_OWN) :]) for row in _ONE.all(club=club_id, which=message_id)]
    return [(Message(**_named(_OWN, own)), SimpleNamespace(**_named(_AUTHOR, author))) for own, author in rows]


def _named(names: Sequence[str], row: Sequence[Any]) -> dict[str, Any]:
    return dict(zip(names, row, strict=True))


def _many(club_id: str, ids: Sequence[str]) -> list[tuple[Message, Any]]:
    rows = db.session.execute(
        select(Message, *AUTHOR)
        .join(Membership, Membership.id == Message.membership_id)
        .where(Message.id.in_(ids), Message.club_id == club_id)
        .execution_options(populate_existing=True)
    )
    return [(row[0], row) for row in rows]


def shown_message(message: Message, author: Author) -> Shown:
    """What its club reads of a message, from the row of its post on."""
    return Shown(message_json(message, author), message.seq)


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
    bus.nudge("typing", {"thread": place.thread.id, "membership": me.id, "seq": place.last_seq})
    _tell_typing(place.club.id, place.thread.id, place.last_seq, me)


@bus.on("typing")
def _typing_elsewhere(told: bus.Payload) -> None:
    """A member types who is connected to another process: their name is read here, if anyone listens."""
    me = db.session.get(Membership, told["membership"])
    if me is not None and me.name is not None:
        _tell_typing(me.club_id, str(told["thread"]), int(told["seq"]), me)


def _tell_typing(club_id: str, thread_id: str, last_seq: int, me: Membership) -> None:
    room = room_of(club_id)
    for sid, floor in realtime.listeners(room).items():
        held = realtime.connection(sid)
        if held is not None and floor <= last_seq and held.rooms.get(room) != f"membership:{me.id}":
            realtime.tell(sid, "thread:typing", {"thread": thread_id, "name": me.name})


def _forget(moment: float) -> None:
    for key in [key for key, at in _typed.items() if moment - at >= TYPING_SECONDS]:
        del _typed[key]

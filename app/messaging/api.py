"""The JSON door of discussions: threads, messages, reactions."""

from typing import Any

from apiflask.fields import Integer, List, Nested, String
from apiflask.validators import Range
from marshmallow import EXCLUDE

from app.clubs.queries import member_club_for
from app.core.errors import Invalid
from app.messaging import actions
from app.messaging.actions import Draft, Posted
from app.messaging.models import Thread
from app.messaging.queries import messages_between, page_of_threads, place_for
from app.messaging.shapes import author_json, message_json
from app.web.api import (
    NEEDED,
    SOMETIMES,
    Answer,
    PageQuery,
    Schema,
    blueprint,
    decode_cursor,
    encode_cursor,
    paged,
    stamp,
)
from app.web.guard import actor

bp = blueprint("messaging")
SEQ = Range(0, 2**53)


class ClientId(String):
    """A text, or whatever was sent in its place: what is no identifier is refused with one code, whatever it is."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return value


class MessageIn(Schema):
    """What is said. ``client_id``: a random UUID (version 4); sent twice, it is stored once."""

    class Meta:
        unknown = EXCLUDE

    client_id = ClientId(load_default=None, allow_none=True, metadata={"format": "uuid", NEEDED: True})
    body = String(
        load_default=None,
        allow_none=True,
        metadata={"description": "1 to 4000 characters, light Markdown", NEEDED: True},
    )
    reply_to = String(load_default=None, allow_none=True)
    membership = String(
        load_default=None,
        allow_none=True,
        metadata={"description": "as whom it was written: 404 when the author is another membership by now"},
    )


class ThreadIn(MessageIn):
    """A discussion and its first message."""

    title = String(load_default=None, allow_none=True, metadata={"description": "1 to 120 characters", NEEDED: True})


class BodyIn(Schema):
    """What a message says from now on."""

    class Meta:
        unknown = EXCLUDE

    body = String(load_default=None, allow_none=True, metadata={NEEDED: True})


class AuthorOut(Answer):
    """``id`` is the membership's."""

    id = String()
    name = String()
    role = String(metadata={"enum": ["member", "lead", "former"]})
    former_name = String(metadata={"description": "for seven days after a change of name", **SOMETIMES})


class HiddenOut(Answer):
    """``rule``: the number of a rule of the house, or a rule in words."""

    rule = String()
    by = String(metadata={"enum": ["lead", "staff"]})


class MessageOut(Answer):
    """A message; one withdrawn or hidden has neither body nor html. ``hidden``: there while it is hidden."""

    id = String()
    thread = String()
    seq = Integer()
    changed_seq = Integer()
    author = Nested(AuthorOut)
    body = String(metadata=SOMETIMES)
    html = String(metadata=SOMETIMES)
    hidden = Nested(HiddenOut, metadata=SOMETIMES)
    client_id = String()
    reply_to = String(allow_none=True)
    posted_at = String(metadata={"format": "date-time"})
    edited_at = String(allow_none=True, metadata={"format": "date-time"})


class MessagesOut(Answer):
    items = List(Nested(MessageOut))
    next_cursor = String(allow_none=True)


class ThreadOut(Answer):
    id = String()
    club = String()
    title = String()


class ThreadLineOut(ThreadOut):
    """A discussion in the list, with its last message's number and time."""

    seq = Integer()
    last_seq = Integer()
    last_at = String(metadata={"format": "date-time"})


class ThreadsOut(Answer):
    items = List(Nested(ThreadLineOut))
    next_cursor = String(allow_none=True)


class OpenedOut(Answer):
    thread = Nested(ThreadOut)
    message = Nested(MessageOut)


class ReactionOut(Answer):
    message = String()
    emoji = String()
    author = Nested(AuthorOut)


class MessagesQuery(PageQuery):
    """``after`` and ``before`` are numbers of the log (``seq``), both left out."""

    after = Integer(validate=SEQ)
    before = Integer(validate=SEQ)


@bp.get("/clubs/<slug>/threads")
@bp.input(PageQuery, location="query", arg_name="query")
@bp.output(ThreadsOut)
@bp.doc(summary="The discussions of a club")
def list_threads(slug: str, query: dict[str, Any]) -> dict[str, Any]:
    """The discussions of a club, the last spoken in first."""
    club, membership = member_club_for(actor(), slug)
    rows = page_of_threads(club, membership, _number(query.get("cursor")), query["limit"] + 1)
    return paged(rows, query["limit"], lambda row: str(row[1]), lambda row: _thread_line(row[0], slug, row[1], row[2]))


@bp.post("/clubs/<slug>/threads")
@bp.input(ThreadIn, location="json", arg_name="data")
@bp.output(OpenedOut, 201)
@bp.doc(summary="Open a discussion", responses=[200, 409, 429])
def open_thread(slug: str, data: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """Open a discussion with its first message."""
    draft = Draft(data["client_id"], data["body"], membership=data["membership"])
    posted = actions.open_thread(actor(), slug, data["title"], draft)
    thread = {"id": posted.thread.id, "club": posted.club.slug, "title": posted.thread.title}
    return {"thread": thread, "message": message_json(posted.message, posted.author)}, _status(posted)


@bp.get("/threads/<thread_id>/messages")
@bp.input(MessagesQuery, location="query", arg_name="query")
@bp.output(MessagesOut)
@bp.doc(summary="The messages of a discussion")
def list_messages(thread_id: str, query: dict[str, Any]) -> dict[str, Any]:
    """Messages in order of ``seq``: from the first, from ``after``, or the last ones before ``before``."""
    place = place_for(actor(), thread_id)
    after, before, backward = _span(query)
    limit = query["limit"]
    rows = messages_between(place, after, before, limit + 1, last=backward)
    if not backward:
        return paged(rows, limit, lambda row: f"after {row[0].seq}", _message_line)
    page = rows[-limit:]
    cursor = encode_cursor(f"before {page[0][0].seq}") if len(rows) > limit else None
    return {"items": [_message_line(row) for row in page], "next_cursor": cursor}


@bp.post("/threads/<thread_id>/messages")
@bp.input(MessageIn, location="json", arg_name="data")
@bp.output(MessageOut, 201)
@bp.doc(summary="Say something", responses=[200, 409, 429])
def post_message(thread_id: str, data: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """Say something. The same ``client_id`` again answers 200 and the same message."""
    draft = Draft(data["client_id"], data["body"], data["reply_to"], membership=data["membership"])
    posted = actions.post_message(actor(), thread_id, draft)
    return message_json(posted.message, posted.author), _status(posted)


@bp.patch("/messages/<message_id>")
@bp.input(BodyIn, location="json", arg_name="data")
@bp.output(MessageOut)
@bp.doc(summary="Change one's own message", responses=[403, 410, 429])
def edit_message(message_id: str, data: dict[str, Any]) -> dict[str, Any]:
    """Change one's own message."""
    edited = actions.edit_message(actor(), message_id, data["body"])
    return message_json(edited.message, edited.author)


@bp.delete("/messages/<message_id>")
@bp.output({}, 204)
@bp.doc(summary="Take one's own message back", responses=[403, 429])
def withdraw_message(message_id: str) -> str:
    """Take one's own message back: its place stays, empty."""
    actions.withdraw_message(actor(), message_id)
    return ""


@bp.put("/messages/<message_id>/reactions/<emoji>")
@bp.output(ReactionOut)
@bp.doc(summary="Say a word about a message", responses=[410, 422, 429])
def react(message_id: str, emoji: str) -> dict[str, Any]:
    """Say one of the four words about a message: 🙏 👏 ✋ 🤝."""
    message, author, key = actions.react(actor(), message_id, emoji)
    return {"message": message.id, "emoji": key, "author": author_json(author)}


@bp.delete("/messages/<message_id>/reactions/<emoji>")
@bp.output({}, 204)
@bp.doc(summary="Take one's word back", responses=[422, 429])
def unreact(message_id: str, emoji: str) -> str:
    """Take one's word back."""
    actions.unreact(actor(), message_id, emoji)
    return ""


def _thread_line(thread: Thread, slug: str, last_seq: int, last_at: Any) -> dict[str, Any]:
    return {
        "id": thread.id,
        "club": slug,
        "title": thread.title,
        "seq": thread.seq,
        "last_seq": last_seq,
        "last_at": stamp(last_at),
    }


def _message_line(row: Any) -> dict[str, Any]:
    return message_json(row[0], row)


def _status(posted: Posted) -> int:
    return 201 if posted.created else 200


def _span(query: dict[str, Any]) -> tuple[int, int | None, bool]:
    """``(after, before, backward)``; a cursor goes on where the page before ended."""
    after, before = query.get("after"), query.get("before")
    backward = before is not None and after is None
    way, _, number = (decode_cursor(query.get("cursor")) or "").partition(" ")
    if way == "before":
        return 0, _whole(number), True
    if way == "after":
        return _whole(number), before, False
    if way:
        raise Invalid("cursor_invalid", field="cursor")
    return after or 0, before, backward


def _number(cursor: str | None) -> int | None:
    text = decode_cursor(cursor)
    return None if text is None else _whole(text)


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise Invalid("cursor_invalid", field="cursor")
    return int(text)

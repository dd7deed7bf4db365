"""The JSON of messages and their authors, the same at every door (CONTRACT 5)."""

from typing import Any, Protocol

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from app.clubs.models import Membership
from app.messaging.markdown import html_of
from app.messaging.models import Message
from app.web.api import stamp


class Author(Protocol):
    """What a club sees of a member."""

    id: Any
    name: Any
    role: Any
    ended_at: Any


AUTHOR = (Membership.id, Membership.name, Membership.role, Membership.ended_at)


def author_json(author: Author) -> dict[str, Any]:
    """``{id, name, role}``; who has left is "un ancien membre", in the house's language: a push has many readers."""
    if author.ended_at is None and author.name is not None:
        return {"id": author.id, "name": author.name, "role": author.role}
    with force_locale(str(current_app.config["DEFAULT_LOCALE"])):
        return {"id": author.id, "name": str(_("Un ancien membre")), "role": "former"}


def author_name(author: Author) -> str:
    """The name to show on a page, in the reader's language when it is nobody's any more."""
    shown = author_json(author)
    return str(_("Un ancien membre")) if shown["role"] == "former" else str(shown["name"])


def message_json(message: Message, author: Author) -> dict[str, Any]:
    """A message as its club reads it today; a withdrawn one has neither ``body`` nor ``html``."""
    told = {
        "id": message.id,
        "thread": message.thread_id,
        "seq": message.seq,
        "changed_seq": message.changed_seq,
        "author": author_json(author),
        "client_id": message.client_id,
        "reply_to": message.reply_to_id,
        "posted_at": stamp(message.posted_at),
        "edited_at": stamp(message.edited_at),
    }
    if message.withdrawn_at is None:
        told["body"] = message.body
        told["html"] = html_of(message.id, message.changed_seq, message.body)
    return told

"""The JSON of messages and their authors, the same at every door (CONTRACT 5)."""

from typing import Any, Protocol

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from app.clubs.models import Membership, shown_former_name
from app.messaging.markdown import html_of
from app.messaging.models import Message
from app.web.api import stamp


class Author(Protocol):
    """What a club sees of a member."""

    id: Any
    name: Any
    role: Any
    ended_at: Any
    visit_until: Any
    former_name: Any
    renamed_at: Any


AUTHOR = (
    Membership.id, Membership.name, Membership.role, Membership.ended_at, Membership.visit_until,
    Membership.former_name, Membership.renamed_at,
)  # fmt: skip


def author_json(author: Author) -> dict[str, Any]:
    """``{id, name, role}``, and for seven days after a change of name the ``former_name``.

    Who has left is "un ancien membre", in the house's language: a push has many readers.
    One of the team keeps their name and ``staff`` when the visit is over: what they said, they said for the house.
    """
    if author.visit_until is not None:
        return {"id": author.id, "name": author.name or _of_the_team(), "role": "staff"}
    if author.ended_at is None and author.name is not None:
        told = {"id": author.id, "name": author.name, "role": author.role}
        before = shown_former_name(author.former_name, author.renamed_at)
        return {**told, "former_name": before} if before else told
    with force_locale(str(current_app.config["DEFAULT_LOCALE"])):
        return {"id": author.id, "name": str(_("Un ancien membre")), "role": "former"}


def _of_the_team() -> str:
    """Somebody of the team who has left for good."""
    with force_locale(str(current_app.config["DEFAULT_LOCALE"])):
        return str(_("Une personne de l’équipe"))


def author_name(author: Author) -> str:
    """The name to show on a page, in the reader's language when it is nobody's any more."""
    shown = author_json(author)
    return str(_("Un ancien membre")) if shown["role"] == "former" else str(shown["name"])


def message_json(message: Message, author: Author) -> dict[str, Any]:
    """A message as its club reads it today; one withdrawn or hidden has neither ``body`` nor ``html``."""
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
    if message.state == "hidden":
        told["hidden"] = {"rule": message.hidden_rule, "by": message.hidden_by}
    if message.state == "sent":
        told["body"] = message.body
        told["html"] = html_of(message.id, message.changed_seq, message.body)
    return told

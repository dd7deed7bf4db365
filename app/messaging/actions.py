"""What members do in discussions. Each action is one transaction; a push follows what is committed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from app.clubs import live
from app.clubs.models import Club, Membership
from app.clubs.queries import member_club_for
from app.clubs.written import filled, together
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import Base, constraint_of, db, is_sqlite, transaction
from app.core.errors import DomainError, Gone, NotAllowed, NotFound
from app.core.ids import new_id
from app.core.limits import POST, Bucket, spend
from app.core.sealed import keyed_hash
from app.messaging import policy
from app.messaging.checks import checked_body, checked_client_id, checked_title, folded_client_id
from app.messaging.live import shown_message
from app.messaging.models import Message, Reaction, Thread
from app.messaging.queries import (
    Place,
    is_readable,
    living_reaction,
    message_for,
    place_for,
    posting_place_for,
    sent_before,
)
from app.messaging.reactions import reaction_key
from app.messaging.unread import MARKED_NOW, move_mark

CHANGE = Bucket("change", 60, 30)
# Core, not the unit of work: posting is what this house does most.
MESSAGES = Base.metadata.tables["message"]
STORE = insert(MESSAGES)
# The same on PostgreSQL, in one way to the server; who has the discussion before their eyes has read it.
SAID = ("id", "thread_id", "club_id", "membership_id", "body", "client_id", "first_digest", "reply_to_id", "posted_at")
SAY = insert(MESSAGES).from_select(*filled(MESSAGES, SAID, "seq", "changed_seq"))
STORE_ALL = {live_too: together(SAY, *([MARKED_NOW] if live_too else [])) for live_too in (True, False)}


@dataclass(frozen=True)
class Draft:
    """A message on its way in. live: its sender has the discussion before their eyes, so they have read it.

    membership: as whom it was written, where that is known. What waited for the network may find the same browser
    signed in by somebody else, or back in the club under another name.
    """

    client_id: Any
    body: Any
    reply_to: str | None = None
    live: bool = False
    membership: str | None = None


@dataclass(frozen=True)
class Posted:
    """A message as stored, its author and thread; ``created`` is false when it had been sent before."""

    message: Message
    author: Membership
    thread: Thread
    club: Club
    created: bool


def open_thread(actor: Actor, slug: str, title: Any, draft: Draft) -> Posted:
    """A member opens a discussion with its first message; sent twice under one ``client_id``, it is opened once."""
    return _once_more_if_raced(lambda: _open_thread(actor, slug, title, draft))


def post_message(actor: Actor, thread_id: str, draft: Draft) -> Posted:
    """A member says something in a discussion they may read; sent twice under one ``client_id``, it is stored once."""
    return _once_more_if_raced(lambda: _post_message(actor, thread_id, draft))


def edit_message(actor: Actor, message_id: str, body: Any) -> Posted:
    """Its author changes a message; what it said before is not kept."""
    with transaction():
        message, place = message_for(actor, message_id, to_change=True)
        if not policy.can_edit_message(place.membership, message):
            raise not_yours()
        standing(message)
        text = checked_body(body)
        spend(CHANGE, place.membership.id)
        if text != message.body:
            message.body, message.edited_at = text, now()
            message.changed_seq = live.record(place.club.id, "message:edited", message.id)
        return Posted(message, place.membership, place.thread, place.club, created=False)


def withdraw_message(actor: Actor, message_id: str) -> None:
    """Its author takes a message back: its place stays, its body is blanked for good. Twice is once."""
    with transaction():
        message, place = message_for(actor, message_id, to_change=True)
        if not policy.can_withdraw_message(place.membership, message):
            raise not_yours()
        if message.withdrawn_at is not None:
            return
        spend(CHANGE, place.membership.id)
        message.body, message.withdrawn_at = "", now()
        message.changed_seq = live.record(place.club.id, "message:withdrawn", message.id)


def hide_message(message: Message, by: str, rule: str) -> None:
    """In the transaction of a decision, on a message held until its end: the club reads it no more, only the rule.

    by: ``lead`` or ``staff``. Whoever calls has asked who may.
    """
    message.hidden_at, message.hidden_by, message.hidden_rule = now(), by, rule
    message.changed_seq = live.record(message.club_id, "message:hidden", message.id)


def restore_message(message: Message) -> None:
    """In the transaction of a decision, on a message held until its end: the club reads it again as it was."""
    message.hidden_at = message.hidden_by = message.hidden_rule = None
    message.changed_seq = live.record(message.club_id, "message:restored", message.id)


def react(actor: Actor, message_id: str, emoji: str) -> tuple[Message, Membership, str]:
    """A member says one of the four words about a message that stands. Twice is once."""
    try:
        with transaction():
            return _react(actor, message_id, emoji)
    except IntegrityError as error:
        # The same word from the same member at the same moment: one of the two is stored, as asked.
        if not _clashed(error, "reaction"):
            raise
        message, place = message_for(actor, message_id)
        return message, place.membership, reaction_key(emoji)


def unreact(actor: Actor, message_id: str, emoji: str) -> None:
    """A member takes their word back. What was not said is taken back too."""
    with transaction():
        message, place = message_for(actor, message_id)
        if not policy.can_react(place.membership):
            raise NotAllowed()
        key = reaction_key(emoji)
        said = living_reaction(message, place.membership, key, to_change=True)
        if said is None:
            return
        spend(CHANGE, place.membership.id)
        said.removed_at = now()
        live.record(place.club.id, "reaction:removed", said.id)


def mark_read(actor: Actor, thread_id: str, seq: int) -> None:
    """Opening a discussion moves the member's private pointer to the last message shown, never back."""
    # The page is only to be read: it does not wait for a busy database as a message would.
    with transaction(patience=0.5):
        place = place_for(actor, thread_id)
        move_mark(place.membership.id, place.thread.id, min(seq, place.last_seq))


def _once_more_if_raced(attempt: Callable[[], Posted]) -> Posted:
    """The database settles two sendings at once; the loser, whole transaction undone, then finds the winner's."""
    try:
        return _in_transaction(attempt)
    except IntegrityError as error:
        if not _clashed(error, "client_id"):
            raise
        return _in_transaction(attempt)


def _in_transaction(attempt: Callable[[], Posted]) -> Posted:
    with transaction():
        return attempt()


def _post_message(actor: Actor, thread_id: str, draft: Draft) -> Posted:
    client_id = folded_client_id(draft.client_id)
    place, sent = posting_place_for(actor, thread_id, client_id)
    _check_author(place.membership, draft)
    checked_client_id(client_id)
    body = checked_body(draft.body)
    if sent is not None:
        return _same(sent, place.thread, place, body)
    if draft.reply_to and not is_readable(place, draft.reply_to):
        raise NotFound()
    spend(POST, place.membership.id)
    return _store(place, client_id, body, draft)


def _open_thread(actor: Actor, slug: str, title: Any, draft: Draft) -> Posted:
    club, membership = member_club_for(actor, slug)
    _check_author(membership, draft)
    line, body = checked_title(title), checked_body(draft.body)
    client_id = checked_client_id(folded_client_id(draft.client_id))
    sent = sent_before(membership, client_id)
    if sent is not None:
        message, thread = sent
        if thread.title != line or thread.opened_by_id != membership.id:
            raise _reused()
        return _same(message, thread, Place(thread, club, membership, message.seq), body)
    spend(POST, membership.id)
    thread = _store_thread(club, membership, line)
    return _store(Place(thread, club, membership, thread.seq), client_id, body, draft)


def _check_author(membership: Membership, draft: Draft) -> None:
    """Is it who wrote this, and may they post? What waited is nothing to another membership. Raises NotFound."""
    if draft.membership and draft.membership != membership.id:
        raise NotFound()
    if not policy.can_post_message(membership):
        raise NotAllowed()


def _store_thread(club: Club, membership: Membership, title: str) -> Thread:
    thread = Thread(
        id=new_id(),
        club_id=club.id,
        title=title,
        opened_by_id=membership.id,
        opened_at=now(),
        seq=live.next_seq(club.id),
    )
    db.session.add(thread)
    db.session.flush()
    live.record(club.id, "thread:opened", thread.id, seq=thread.seq)
    return thread


def _store(place: Place, client_id: str, body: str, draft: Draft) -> Posted:
    values = {
        "id": new_id(),
        "thread_id": place.thread.id,
        "club_id": place.club.id,
        "membership_id": place.membership.id,
        "body": body,
        "client_id": client_id,
        "first_digest": first_digest(client_id, body),
        "reply_to_id": draft.reply_to or None,
        "posted_at": now(),
    }
    message = Message(**values, edited_at=None, withdrawn_at=None)
    known = live.Said(place.club.slug, place.club.seq, lambda: shown_message(message, place.membership))
    message.seq = message.changed_seq = _write(values, draft, known)
    return Posted(message, place.membership, place.thread, place.club, created=True)


def _write(values: dict[str, Any], draft: Draft, known: live.Said) -> int:
    """The message, its row in the log, and the pointer of who has it before their eyes. Returns its number."""
    club_id, row = values["club_id"], ("message:posted", values["id"])
    if not is_sqlite():
        return live.record_with(STORE_ALL[draft.live], club_id, *row, values, known)
    seq = live.next_seq(club_id)
    db.session.execute(STORE, {**values, "seq": seq, "changed_seq": seq})
    if draft.live:
        move_mark(values["membership_id"], values["thread_id"], seq)
    return live.record(club_id, *row, seq=seq, said=known)


def _same(sent: Message, thread: Thread, place: Place, body: str) -> Posted:
    """What was sent under this ``client_id``. Raises client_id_reused when it was something else."""
    if sent.thread_id != thread.id or sent.first_digest != first_digest(sent.client_id, body):
        raise _reused()
    return Posted(sent, place.membership, thread, place.club, created=False)


def _react(actor: Actor, message_id: str, emoji: str) -> tuple[Message, Membership, str]:
    message, place = message_for(actor, message_id)
    if not policy.can_react(place.membership):
        raise NotAllowed()
    key = reaction_key(emoji)
    standing(message)
    if living_reaction(message, place.membership, key) is None:
        spend(CHANGE, place.membership.id)
        said = Reaction(
            id=new_id(), message_id=message.id, membership_id=place.membership.id, emoji=key, added_at=now()
        )
        db.session.add(said)
        db.session.flush()
        live.record(place.club.id, "reaction:added", said.id)
    return message, place.membership, key


def first_digest(client_id: str, body: str) -> str:
    """What tells, later, whether a message sent again is the same: nobody can read the body from it."""
    return keyed_hash("first-body", f"{client_id}\n{body}")


def _clashed(error: IntegrityError, on: str) -> bool:
    return on in constraint_of(error)


def _reused() -> DomainError:
    detail = _l("Ce numéro de message a déjà servi. Rechargez la page, puis recommencez.")
    return DomainError("client_id_reused", detail, status=409, field="client_id")


def not_yours() -> NotAllowed:
    return NotAllowed("not_yours", _l("Seule la personne qui a écrit ce message peut faire cela."))


def standing(message: Message) -> None:
    """Is there still something to read? Raises Gone for a message that was withdrawn or hidden."""
    if message.withdrawn_at is not None:
        raise Gone("message_withdrawn", _l("Ce message a été retiré."))
    if message.hidden_at is not None:
        raise Gone("message_hidden", _l("Ce message est caché."))

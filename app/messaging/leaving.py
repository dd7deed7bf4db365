"""What becomes of what a person said in a club when they leave for good, and what they take away of it."""

from datetime import timedelta
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import bindparam, delete, or_, select, update

from app.clubs import live
from app.clubs.leaving import club_names
from app.clubs.models import Membership
from app.clubs.partings import Messages, parting
from app.core import jobs
from app.core.clock import now
from app.core.db import Base, db, transaction
from app.core.privacy import Rows, keep_back, take_away
from app.messaging.archives.models import ArchiveRefusal, ClubArchive
from app.messaging.models import Message, Reaction, ReadingMark, Thread

# Who is there hears that a word is taken back; who comes later finds nothing.
HEARD = timedelta(minutes=5)
MESSAGES = Base.metadata.tables["message"]
BLANK = (
    update(MESSAGES)
    .where(MESSAGES.c.id == bindparam("message"))
    .values(
        body="", first_digest="", withdrawn_at=bindparam("at"), changed_seq=bindparam("number"), hidden_at=None,
        hidden_by=None, hidden_rule=None,
    )
)  # fmt: skip


def part_from_talk(membership_id: str, messages: Messages) -> None:
    """In one club, in the transaction that ends the membership: reactions and marks go, messages as was chosen."""
    membership = db.session.get_one(Membership, membership_id)
    db.session.execute(delete(ReadingMark).where(ReadingMark.membership_id == membership_id))
    _take_words_back(membership)
    if messages == "blank":
        _blank_messages(membership)
        _blank_titles(membership)


def _take_words_back(membership: Membership) -> None:
    theirs = select(Reaction).where(Reaction.membership_id == membership.id)
    said = list(db.session.scalars(theirs.where(Reaction.removed_at.is_(None)).order_by(Reaction.id)))
    for each in said:
        each.removed_at = now()
    db.session.flush()
    live.record_all(membership.club_id, [("reaction:removed", each.id) for each in said])
    jobs.enqueue("messaging:drop_words", {"membership": membership.id}, now() + HEARD)


@jobs.handler("messaging:drop_words")
def drop_words(payload: dict[str, Any]) -> None:
    """The words of who has left, once everybody there has heard that they are taken back."""
    with transaction():
        db.session.execute(delete(Reaction).where(Reaction.membership_id == payload["membership"]))


def _blank_messages(membership: Membership) -> None:
    """Every message keeps its place, none its text; those withdrawn before have nothing left but their digest."""
    theirs = select(Message.id).where(Message.membership_id == membership.id)
    ids = list(db.session.scalars(theirs.where(Message.withdrawn_at.is_(None)).order_by(Message.seq)))
    numbers = live.record_all(membership.club_id, [("message:withdrawn", each) for each in ids])
    if ids:
        moment = now()
        told = [{"message": each, "at": moment, "number": n} for each, n in zip(ids, numbers, strict=True)]
        db.session.connection().execute(BLANK, told)
    mine = Message.membership_id == membership.id
    db.session.execute(update(Message).where(mine).values(first_digest="", hidden_rule=None))
    db.session.expire_all()


def _blank_titles(membership: Membership) -> None:
    with force_locale(str(current_app.config["DEFAULT_LOCALE"])):
        nobody_s = _("Discussion sans titre")
    theirs = select(Thread).where(Thread.opened_by_id == membership.id, Thread.title != nobody_s).order_by(Thread.seq)
    opened = list(db.session.scalars(theirs))
    for each in opened:
        each.title = nobody_s
    db.session.flush()
    live.record_all(membership.club_id, [("thread:retitled", each.id) for each in opened])


def message_rows(account_id: str) -> Rows:
    """What a person said, by discussion. What others said, and what is quoted of it, is not there."""
    names = club_names(account_id)
    rows = db.session.execute(
        select(Message, Thread.title)
        .join(Thread, Thread.id == Message.thread_id)
        .join(Membership, Membership.id == Message.membership_id)
        .where(Membership.account_id == account_id)
        .order_by(Message.club_id, Thread.seq, Message.seq)
    )
    return [
        {
            "discussion": title,
            "club": names[message.club_id],
            "at": message.posted_at,
            "edited": message.edited_at,
            "state": message.state if message.state != "sent" else None,
            "text": message.body,
        }
        for message, title in rows
    ]


def thread_rows(account_id: str) -> Rows:
    """The discussions that a person opened."""
    names = club_names(account_id)
    rows = db.session.scalars(
        select(Thread)
        .join(Membership, Membership.id == Thread.opened_by_id)
        .where(Membership.account_id == account_id)
        .order_by(Thread.opened_at, Thread.id)
    )
    return [{"title": each.title, "club": names[each.club_id], "at": each.opened_at} for each in rows]


def reaction_rows(account_id: str) -> Rows:
    """The words that a person said about messages, by discussion."""
    rows = db.session.execute(
        select(Thread.title, Reaction.emoji, Reaction.added_at)
        .join(Message, Message.id == Reaction.message_id)
        .join(Thread, Thread.id == Message.thread_id)
        .join(Membership, Membership.id == Reaction.membership_id)
        .where(Membership.account_id == account_id, Reaction.removed_at.is_(None))
        .order_by(Thread.seq, Reaction.added_at, Reaction.id)
    )
    return [{"discussion": row.title, "word": row.emoji, "at": row.added_at} for row in rows]


def archive_rows(account_id: str) -> Rows:
    """What a person asked, as a lead, or chose about archives of their clubs."""
    names = club_names(account_id)
    mine = select(Membership.id).where(Membership.account_id == account_id)
    by_them = or_(ClubArchive.asked_by_id.in_(mine), ClubArchive.confirmed_by_id.in_(mine))
    asked = db.session.scalars(select(ClubArchive).where(by_them).order_by(ClubArchive.asked_at))
    refused = db.session.execute(
        select(ClubArchive.club_id, ArchiveRefusal.at)
        .join(ArchiveRefusal, ArchiveRefusal.archive_id == ClubArchive.id)
        .where(ArchiveRefusal.membership_id.in_(mine))
        .order_by(ArchiveRefusal.at)
    )
    said = [{"what": "archive_asked", "club": names[each.club_id], "at": each.asked_at} for each in asked]
    return said + [{"what": "archive_refused", "club": names[row.club_id], "at": row.at} for row in refused]


parting.append(part_from_talk)
take_away("messages", _l("Mes messages"), message_rows, ("message", "membership_id"))
take_away("discussions", _l("Les discussions que j’ai ouvertes"), thread_rows, ("thread", "opened_by_id"))
take_away("reactions", _l("Mes réactions"), reaction_rows, ("reaction", "membership_id"))
take_away(
    "club-archives",
    _l("Les archives de mes clubs"),
    archive_rows,
    ("club_archive", "asked_by_id"),
    ("club_archive", "confirmed_by_id"),
    ("archive_refusal", "membership_id"),
)
keep_back("reading_mark", "membership_id", "a pointer into other people's messages, which says nothing by itself")

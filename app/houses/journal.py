"""The journal: what the team and the leads did, added to in the transaction of the act, never changed.

Each club reads the part that concerns it, each person what was opened about them, the team all of it.
"""

from typing import Any

from sqlalchemy import select

from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db
from app.core.sealed import keyed_hash
from app.houses.models import JournalEntry


def about(account_id: str) -> str:
    """By which a person finds the entries that concern them; nobody reads from it who it is."""
    return keyed_hash("journal-about", account_id)


def note(
    act: str,
    by: Actor | None,
    *,
    role: str = "",
    house_id: str | None = None,
    club_id: str | None = None,
    about_id: str | None = None,
    subject_id: str | None = None,
    **facts: Any,
) -> JournalEntry:
    """Add an entry in the present transaction.

    act: ``thing:done``. by: None for what the clock did. role: ``lead`` or ``member`` for who belongs to a club; who it
    was is then not kept. about_id: the account that it concerns. facts: plain values, no content and no name.
    """
    who = role or (by.role if by else "house")
    entry = JournalEntry(
        at=now(),
        act=act,
        by_role=who,
        by_id=by.account_id if by and by.is_staff else None,
        house_id=house_id,
        club_id=club_id,
        about_key=about(about_id) if about_id else None,
        subject_id=subject_id,
        facts=facts,
    )
    db.session.add(entry)
    return entry


def entries_of_club(club_id: str, before: int | None = None, limit: int = 50) -> list[JournalEntry]:
    """What concerns a club, the newest first; the caller has proved to be one of its members, or of the team."""
    return _page(select(JournalEntry).where(JournalEntry.club_id == club_id), before, limit)


def entries_about(actor: Actor, before: int | None = None, limit: int = 50) -> list[JournalEntry]:
    """What was opened or decided about a person, the newest first."""
    return _page(select(JournalEntry).where(JournalEntry.about_key == about(actor.account_id)), before, limit)


def all_entries(before: int | None = None, limit: int = 50) -> list[JournalEntry]:
    """All of it, the newest first; for the team."""
    return _page(select(JournalEntry), before, limit)


def _page(query: Any, before: int | None, limit: int) -> list[JournalEntry]:
    if before is not None:
        query = query.where(JournalEntry.number < before)
    return list(db.session.scalars(query.order_by(JournalEntry.number.desc()).limit(limit)))

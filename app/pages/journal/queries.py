"""Reads of the journal, always for someone, a page at a time.

A page is named by the rank of its entries among those that the reader may read, counted from the first one: it stays
the same when entries are added, and says nothing of what happens elsewhere, as the entry's own number would.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.accounts.models import Account
from app.clubs.cards import plant_name
from app.clubs.models import Club, Membership
from app.clubs.queries import known_to
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import NotFound
from app.facilitation.models import Report
from app.houses.journal import about
from app.houses.models import House, JournalEntry, StaffPost
from app.houses.queries import houses_of_staff
from app.messaging.models import Message
from app.pages.journal.policy import can_read_journal
from app.pages.journal.words import WHO, act_in_words, facts_in_words, moment_in_words

LINES = 30


@dataclass(frozen=True)
class Line:
    """One act as it is read. club: a plant name, empty inside a club."""

    at: str
    act: str
    who: str
    club: str = ""


@dataclass(frozen=True)
class JournalPage:
    """The newest first. older: the rank that begins the next page, None on the last; newer: is it not the first?"""

    lines: list[Line]
    older: int | None
    newer: bool

    @property
    def rows(self) -> list[list[str]]:
        """When, what, in which club where one is named, by whom."""
        clubs = self.with_club
        return [[line.at, line.act, *([line.club or "–"] if clubs else []), line.who] for line in self.lines]

    @property
    def with_club(self) -> bool:
        return any(line.club for line in self.lines)


def club_journal_for(actor: Actor, club: Club, before: int | None = None) -> JournalPage:
    """What concerns a club; the caller has proved to be in it."""
    entries, older = _page(and_(JournalEntry.club_id == club.id, _told_to(actor)), before)
    lines = [_line(entry, inside=True) for entry in entries]
    return JournalPage(lines, older, before is not None)


def own_journal_for(actor: Actor, before: int | None = None) -> JournalPage:
    """What was opened or decided about a person."""
    mine = and_(JournalEntry.about_key == about(actor.account_id), _told_to(actor))
    entries, older = _page(mine, before)
    # A club that they left may have another name since.
    known = known_to(actor, {entry.club_id for entry in entries if entry.club_id})
    plants = {club_id: plant for club_id, plant in _plants(entries).items() if club_id in known}
    lines = [_line(entry, inside=True, club=plants.get(entry.club_id or "", "")) for entry in entries]
    return JournalPage(lines, older, before is not None)


def staff_journal_for(actor: Actor, before: int | None = None) -> tuple[list[House], JournalPage]:
    """All of it, in the houses where one works; who of the team it was by the name chosen for this work."""
    if not can_read_journal(actor):
        raise NotFound()
    houses = houses_of_staff(actor)
    entries, older = _page(_of_houses(houses), before)
    plants, names = _plants(entries), _names(entries)
    lines = [
        _line(entry, inside=False, club=plants.get(entry.club_id or "", ""), name=names.get(entry.by_id or "", ""))
        for entry in entries
    ]
    return houses, JournalPage(lines, older, before is not None)


def _told_to(actor: Actor) -> ColumnElement[bool]:
    """A report that nobody has decided does not exist for the person whose message it is about."""
    written = (
        select(Report.id)
        .join(Message, Message.id == Report.message_id)
        .join(Membership, Membership.id == Message.membership_id)
        .where(Membership.account_id == actor.account_id)
    )
    decided = select(Report.id).where(Report.decided_at.is_not(None))
    about_them = or_(JournalEntry.about_key == about(actor.account_id), JournalEntry.subject_id.in_(written))
    undecided = or_(JournalEntry.subject_id.is_(None), JournalEntry.subject_id.not_in(decided))
    # An entry about nobody has no key: unknown is not yes.
    return or_(JournalEntry.act.not_like("report:%"), func.coalesce(about_them, False).is_(False), ~undecided)


def _of_houses(houses: Sequence[House]) -> ColumnElement[bool]:
    """Of these houses and their clubs; what belongs to no house, such as an account, is for every team."""
    ids = [house.id for house in houses]
    clubs = select(Club.id).where(Club.house_id.in_(ids))
    return or_(
        JournalEntry.house_id.in_(ids),
        and_(JournalEntry.house_id.is_(None), JournalEntry.club_id.in_(clubs)),
        and_(JournalEntry.house_id.is_(None), JournalEntry.club_id.is_(None)),
    )


def _page(readable: ColumnElement[bool], before: int | None) -> tuple[list[JournalEntry], int | None]:
    """The entries below a rank, the newest first, and the rank that the next page begins with."""
    count = int(db.session.scalar(select(func.count()).select_from(JournalEntry).where(readable)) or 0)
    end = min(before - 1, count) if before is not None else count
    start = max(0, end - LINES)
    rows = select(JournalEntry).where(readable).order_by(JournalEntry.number).offset(start).limit(max(0, end - start))
    return list(reversed(db.session.scalars(rows).all())), start + 1 if start else None


def _line(entry: JournalEntry, *, inside: bool, club: str = "", name: str = "") -> Line:
    said = [act_in_words(entry), *facts_in_words(entry, inside=inside)]
    return Line(moment_in_words(entry.at), " ".join(said), name or str(WHO[entry.by_role]), club)


def _plants(entries: Sequence[JournalEntry]) -> dict[str, str]:
    ids = {entry.club_id for entry in entries if entry.club_id}
    return {club.id: plant_name(club) for club in db.session.scalars(select(Club).where(Club.id.in_(ids)))}


def _names(entries: Sequence[JournalEntry]) -> dict[str, str]:
    """How those of the team who are still there call themselves."""
    ids = {entry.by_id for entry in entries if entry.by_id}
    named = (
        select(StaffPost.account_id, StaffPost.name)
        .join(Account, Account.id == StaffPost.account_id)
        .where(StaffPost.account_id.in_(ids), StaffPost.name != "", Account.role != "member")
        .order_by(StaffPost.house_id)
    )
    return {row.account_id: row.name for row in db.session.execute(named)}

"""What stands in each calendar, and for whom. What leaves the house names no club (PRODUCT 4.4).

Ids of entries are keyed hashes, of another kind for each feed: two people's calendars cannot be laid side by side, nor
a person's beside the house's.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import Select, and_, or_, select

from app.accounts.models import Account
from app.accounts.queries import may_enter
from app.clubs.models import Club, Membership
from app.clubs.names import name_key
from app.clubs.queries import ACTIVE
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.sealed import keyed_hash
from app.houses.models import House
from app.meetings.agenda import Entry as Line
from app.meetings.agenda import others_of
from app.meetings.calendars.models import CalendarKey
from app.meetings.models import Meeting, Rsvp
from app.meetings.queries import ENDS, OFF, STARTS, MeetingView, end_of, is_off, open_to_all, start_of
from app.rooms.models import Claim, Room
from app.web.filters import house_zone

# CONTRACT 6: every entry of every club bears this word, in every language.
ANY_MEETING = "Rendez-vous"
# What is over stays a month; that a meeting is off is said for two weeks.
PAST, CANCELLED = timedelta(days=31), timedelta(days=14)
MOST = 500
MAX_SECRET = 200
WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Entry:
    """One thing as a calendar says it. Times bear the zone of its house. word: the door word, empty for outsiders.

    room, house: where a meeting is; place: where something else is, in words · whole_day: it has a day and no hour.
    """

    uid: str
    title: str
    start: datetime
    end: datetime
    room: Room | None
    house: House | None
    word: str
    revision: int
    cancelled: bool
    changed: datetime
    place: str = ""
    whole_day: bool = False

    @property
    def zone(self) -> str:
        return str(self.start.tzinfo)


def secret_key(secret: str) -> str:
    """By which an address is found; it does not tell the address."""
    return keyed_hash("calendar", secret)


def calendar_key_of(actor: Actor) -> CalendarKey | None:
    """One's own secret address; the address itself is known to nobody but its reader."""
    return db.session.get(CalendarKey, actor.account_id, populate_existing=True)


@dataclass(frozen=True)
class Opened:
    """A secret address that opens: with which key, and in which language its person reads."""

    key: CalendarKey
    language: str


def open_calendar(secret: str) -> Opened | None:
    """Whose agenda a secret address opens, while the account may be entered at all."""
    row = db.session.execute(
        select(CalendarKey, Account.locale, Account.demo)
        .join(Account, Account.id == CalendarKey.account_id)
        .where(CalendarKey.secret_hash == secret_key(secret[:MAX_SECRET]))
        .where(Account.locked_at.is_(None), Account.role == "member")
    ).first()
    return Opened(row[0], row[1]) if row and may_enter(row[2]) else None


def entries_of(key: CalendarKey) -> list[Entry]:
    """The agenda of a person: what all their clubs have ahead and lately had, but a no; then the rest."""
    moment = now()
    rows = db.session.execute(
        select(Meeting, Claim, Room, House)
        .outerjoin(Claim, Claim.id == Meeting.claim_id)
        .outerjoin(Room, Room.id == Claim.room_id)
        .join(House, House.id == Meeting.house_id)
        .join(Membership, Membership.club_id == Meeting.club_id)
        .outerjoin(Rsvp, and_(Rsvp.meeting_id == Meeting.id, Rsvp.membership_id == Membership.id))
        .where(Membership.account_id == key.account_id, Membership.visit_until.is_(None), ACTIVE)
        .where(moment - PAST < ENDS, or_(Rsvp.answer.is_(None), Rsvp.answer != "no"))
        .where(or_(OFF.is_(None), moment - CANCELLED < OFF))
        .order_by(STARTS, Meeting.id)
        .limit(MOST)
    )
    found = [_inside(meeting, claim, room, house, f"person:{key.id}") for meeting, claim, room, house in rows]
    return found + [_beside(one, key) for one in others_of(Actor(key.account_id, "calendar")) if _stands(one)]


def _stands(one: Line) -> bool:
    """Did the person say yes to it, and has it a day?"""
    return one.on is not None and one.answer == "yes"


def _beside(one: Line, key: CalendarKey) -> Entry:
    """What is no meeting: when, and in which house; nothing of a task, of an adviser or of a partner."""
    begin = one.start or datetime.combine(one.on or date.min, time(), house_zone())
    return Entry(
        uid=keyed_hash("calendar-entry", f"person:{key.id}:{one.ref}")[:32],
        title=ANY_MEETING,
        start=begin,
        end=one.end or begin + timedelta(days=1),
        room=None,
        house=None,
        word=one.word,
        revision=0,
        cancelled=False,
        changed=key.made_at,
        place=str(one.outside),
        whole_day=one.start is None,
    )


def entry_of(seen: MeetingView) -> Entry:
    """One meeting, for who may see it: by its door word for its club, by its title for the others."""
    if seen.me is not None:
        return _inside(seen.meeting, seen.claim, seen.room, seen.house, f"file:{seen.me.account_id}")
    # From outside only what stands in a room is seen.
    if seen.claim is None or seen.room is None:
        raise NotFound()
    return _outside(seen.claim, seen.room, seen.house, seen.club)


def entries_of_house(house: House) -> list[Entry]:
    """What listed clubs have in the open there, soonest first."""
    rows = db.session.execute(_open_in(house).limit(MOST))
    return [_outside(*row) for row in rows]


def _open_in(house: House) -> Select[Claim, Room, House, Club]:
    return open_to_all().where(House.id == house.id)


def _inside(meeting: Meeting, claim: Claim | None, room: Room | None, house: House, kind: str) -> Entry:
    word = claim.door_word if claim else ""
    return _entry(claim or meeting, room, house, kind, ANY_MEETING, word)


def _outside(claim: Claim, room: Room, house: House, club: Club) -> Entry:
    title = _("Rencontre ouverte à tous") if names_club(claim.title, club) else claim.title
    return _entry(claim, room, house, "open", title, "")


def names_club(title: str, club: Club) -> bool:
    """Does a title say the name of its club, in whatever case or accents? It may say so here, but not elsewhere."""
    said = _words(title)
    return any(f" {_words(name).strip()} " in said for name in (club.name, club.plant, club.slug))


def _words(text: str) -> str:
    return f" {' '.join(name_key(word) for word in WORD.findall(text))} "


def _entry(one: Claim | Meeting, room: Room | None, house: House, kind: str, title: str, word: str) -> Entry:
    zone = ZoneInfo(house.timezone)
    return Entry(
        uid=keyed_hash("calendar-entry", f"{kind}:{one.id}")[:32],
        title=title,
        start=start_of(one).astimezone(zone),
        end=end_of(one).astimezone(zone),
        room=room,
        house=house,
        word=word,
        revision=one.revision,
        cancelled=is_off(one),
        changed=one.changed_at or one.made_at or now(),
    )

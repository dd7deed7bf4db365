"""Reads of meetings, always for someone. Names of who comes go to the club's own members alone."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, select

from app.clubs.cards import plant_name
from app.clubs.models import Club, Membership
from app.clubs.queries import ACTIVE, member_club_by_id, membership_of, memberships_of
from app.core.actor import Actor
from app.core.clock import is_evening, now
from app.core.db import db
from app.core.errors import NotFound
from app.houses.models import House
from app.meetings.models import Rsvp
from app.meetings.policy import can_see_from_outside
from app.rooms.models import Claim, MeetingSession, Room


@dataclass(frozen=True)
class Meeting:
    """A claim seen as a meeting. Times bear the zone of its house.

    me: the reader's membership, None from outside. coming: the names used in the club, empty from outside.
    """

    claim: Claim
    room: Room
    house: House
    club: Club
    me: Membership | None
    answer: str | None
    coming: tuple[str, ...]
    full: bool

    @property
    def id(self) -> str:
        return self.claim.id

    @property
    def title(self) -> str:
        return self.claim.title

    @property
    def start(self) -> datetime:
        return self.claim.starts_at.astimezone(ZoneInfo(self.house.timezone))

    @property
    def end(self) -> datetime:
        return self.claim.ends_at.astimezone(ZoneInfo(self.house.timezone))

    @property
    def evening(self) -> bool:
        return is_evening(self.start)

    @property
    def past(self) -> bool:
        return self.claim.ends_at <= now()

    @property
    def plant(self) -> str:
        return plant_name(self.club)

    @property
    def places_left(self) -> int:
        return max(0, self.room.capacity - len(self.coming))


@dataclass(frozen=True)
class Step:
    """One meeting of a session. state: ``done``, ``next`` or empty."""

    start: datetime
    state: str


@dataclass(frozen=True)
class SessionPath:
    """A session that is under way, from its first meeting to its last."""

    name: str
    steps: list[Step]


def meeting_for(actor: Actor | None, claim_id: str) -> Meeting:
    """A meeting of one's own club, released or not; another's only if open to all. Raises NotFound."""
    row = db.session.execute(_all().where(Claim.id == claim_id)).first()
    if row is None:
        raise NotFound()
    claim, _room, _house, club = row
    me = None if actor is None or actor.is_staff else membership_of(actor, club.id)
    if me is not None and me.active:
        return _told([row], {club.id: me})[0]
    if can_see_from_outside(club, claim):
        return _told([row], {})[0]
    raise NotFound()


def upcoming_for_club(actor: Actor, club: Club, limit: int = 6) -> list[Meeting]:
    """What a club has ahead, for one of its members. Raises NotFound for others."""
    _club, me = member_club_by_id(actor, club.id)
    rows = db.session.execute(living().where(Claim.club_id == club.id).limit(limit))
    return _told(rows.all(), {club.id: me})


def agenda_for(actor: Actor, limit: int = 100) -> list[Meeting]:
    """What all the clubs of a person have ahead, soonest first."""
    mine = {} if actor.is_staff else {club.id: me for club, me in memberships_of(actor)}
    rows = db.session.execute(living().where(Claim.club_id.in_(mine)).limit(limit))
    return _told(rows.all(), mine)


def session_for_club(actor: Actor, club: Club) -> SessionPath | None:
    """The session that a club is in the middle of, for one of its members; None when there is none."""
    member_club_by_id(actor, club.id)
    rows = db.session.execute(
        select(MeetingSession, Claim.starts_at, Claim.ends_at, House.timezone)
        .join(Claim, Claim.session_id == MeetingSession.id)
        .join(Room, Room.id == Claim.room_id)
        .join(House, House.id == Room.house_id)
        .where(MeetingSession.club_id == club.id, Claim.released_at.is_(None))
        .order_by(MeetingSession.granted_at, MeetingSession.id, Claim.starts_at)
    ).all()
    under_way = [row for row in rows if row.ends_at > now()]
    if not under_way:
        return None
    session = under_way[-1][0]
    mine = [row for row in rows if row[0].id == session.id]
    coming = next(row.ends_at for row in mine if row.ends_at > now())
    steps = [
        Step(
            row.starts_at.astimezone(ZoneInfo(row.timezone)),
            "done" if row.ends_at < coming else ("next" if row.ends_at == coming else ""),
        )
        for row in mine
    ]
    return SessionPath(session.name, steps)


def rank_in_session(meeting: Meeting) -> tuple[int, str] | None:
    """Which meeting of which session this is, for a member; None outside a session."""
    if meeting.claim.session_id is None or meeting.me is None:
        return None
    rows = db.session.execute(
        select(Claim.id, MeetingSession.name)
        .join(MeetingSession, MeetingSession.id == Claim.session_id)
        .where(Claim.session_id == meeting.claim.session_id, Claim.released_at.is_(None))
        .order_by(Claim.starts_at)
    ).all()
    return next(((n, row.name) for n, row in enumerate(rows, 1) if row.id == meeting.id), None)


def by_nearness(meetings: Sequence[Meeting]) -> dict[str, list[Meeting]]:
    """``today``, ``week`` (until Sunday) and ``later``, each on the calendar of its own house."""
    found: dict[str, list[Meeting]] = {"today": [], "week": [], "later": []}
    for one in meetings:
        today = now().astimezone(ZoneInfo(one.house.timezone)).date()
        found[_nearness(one.start.date(), today)].append(one)
    return found


def _nearness(day: date, today: date) -> str:
    if day <= today:
        return "today"
    return "week" if day <= today + timedelta(days=6 - today.weekday()) else "later"


def _all() -> Select[Claim, Room, House, Club]:
    return (
        select(Claim, Room, House, Club)
        .join(Room, Room.id == Claim.room_id)
        .join(House, House.id == Room.house_id)
        .join(Club, Club.id == Claim.club_id)
    )


def living() -> Select[Claim, Room, House, Club]:
    """Meetings of any club that are not over, soonest first; who may know of them is for the caller to say."""
    return _all().where(Claim.released_at.is_(None), Claim.ends_at > now()).order_by(Claim.starts_at, Claim.id)


def _told(rows: Sequence[Row[Claim, Room, House, Club]], mine: dict[str, Membership]) -> list[Meeting]:
    """Add who comes, in one query for all of them."""
    said: dict[str, list[tuple[str, str, str | None]]] = defaultdict(list)
    for claim_id, answer, membership_id, name in db.session.execute(_answers([claim.id for claim, *_ in rows])):
        said[claim_id].append((answer, membership_id, name))
    return [_meeting(claim, room, house, club, mine.get(club.id), said[claim.id]) for claim, room, house, club in rows]


def _answers(claim_ids: list[str]) -> Select[str, str, str, str | None]:
    """Only of those who are still in the club."""
    return (
        select(Rsvp.claim_id, Rsvp.answer, Rsvp.membership_id, Membership.name)
        .join(Membership, Membership.id == Rsvp.membership_id)
        .where(Rsvp.claim_id.in_(claim_ids), ACTIVE)
        .order_by(Rsvp.at, Rsvp.membership_id)
    )


def _meeting(
    claim: Claim, room: Room, house: House, club: Club, me: Membership | None, said: list[tuple[str, str, str | None]]
) -> Meeting:
    coming = [name or "" for answer, _id, name in said if answer == "yes"]
    own = next((answer for answer, who, _name in said if me is not None and who == me.id), None)
    names = tuple(coming) if me is not None else ()
    return Meeting(claim, room, house, club, me, own, names, len(coming) >= room.capacity)

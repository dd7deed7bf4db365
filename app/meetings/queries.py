"""Reads of meetings, always for someone. Names of who comes go to the club's own members alone."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Row, Select, func, or_, select

from app.clubs.cards import plant_name
from app.clubs.models import Club, Membership
from app.clubs.queries import (
    ACTIVE,
    IN_CLUB,
    clubs_of,
    member_club_by_id,
    membership_of,
    memberships_of,
    own_club_by_id,
)
from app.core.actor import Actor
from app.core.clock import is_evening, now
from app.core.db import db
from app.core.errors import NotFound
from app.houses.models import House
from app.meetings.models import Meeting, Rsvp
from app.meetings.policy import can_see_from_outside
from app.rooms.models import Claim, MeetingSession, Room

# A room's claim says when and whether it takes place; elsewhere the meeting itself does.
STARTS = func.coalesce(Claim.starts_at, Meeting.starts_at)
ENDS = func.coalesce(Claim.ends_at, Meeting.ends_at)
OFF = func.coalesce(Claim.released_at, Meeting.cancelled_at)


@dataclass(frozen=True)
class MeetingView:
    """A meeting as its reader may know it. Times bear the zone of its house.

    claim, room: None outside the rooms of the house · me: the reader's membership, None from outside · answer, guests,
    held_until: what they said, who comes along, until when a place is kept for them · coming, perhaps: the names used
    in the club, empty from outside · people: who comes, guests too · taken: places that are taken or kept.
    """

    meeting: Meeting
    claim: Claim | None
    room: Room | None
    house: House
    club: Club
    me: Membership | None
    answer: str | None
    guests: int
    held_until: datetime | None
    coming: tuple[str, ...]
    perhaps: tuple[str, ...]
    people: int
    taken: int
    full: bool

    @property
    def id(self) -> str:
        return self.meeting.id

    @property
    def said(self) -> Claim | Meeting:
        """What says how it is called, and when it is."""
        return self.claim or self.meeting

    @property
    def title(self) -> str:
        return self.said.title or ""

    @property
    def start(self) -> datetime:
        return start_of(self.said).astimezone(ZoneInfo(self.house.timezone))

    @property
    def end(self) -> datetime:
        return end_of(self.said).astimezone(ZoneInfo(self.house.timezone))

    @property
    def span(self) -> tuple[datetime, datetime]:
        """When it begins and ends, to reckon with: in UTC, where a day is a day."""
        return start_of(self.said), end_of(self.said)

    @property
    def held(self) -> datetime | None:
        """Until when a place is kept for the reader, on the clock of the house."""
        return self.held_until.astimezone(ZoneInfo(self.house.timezone)) if self.held_until else None

    @property
    def evening(self) -> bool:
        return is_evening(self.start)

    @property
    def past(self) -> bool:
        return end_of(self.said) <= now()

    @property
    def off(self) -> bool:
        return is_off(self.said)

    @property
    def public(self) -> bool:
        return self.claim is not None and self.claim.public

    @property
    def door_word(self) -> str:
        """Empty outside the rooms: there is no desk to say it to."""
        return self.claim.door_word if self.claim else ""

    @property
    def spot(self) -> str:
        """Where, in a word."""
        if self.room is not None:
            return self.room.name
        return _("En ligne") if self.meeting.online and not self.meeting.area else self.meeting.area

    @property
    def moved(self) -> bool:
        """Does it stand elsewhere on this day than it was said to?"""
        return bool(self.meeting.moved_to) and not self.past and not self.off

    @property
    def moved_to(self) -> str:
        """Where, in a lead's words: for the club; outside the rooms for who comes, and for the leads, alone."""
        reads = self.me is not None and (self.room is not None or self.answer == "yes" or self.me.leads)
        return self.meeting.moved_to if self.moved and reads else ""

    @property
    def place(self) -> str:
        """Where, for a line of a list."""
        if self.room is None:
            return self.spot
        return (
            _("%(room)s, %(floor)s", room=self.room.name, floor=self.room.floor) if self.room.floor else self.room.name
        )

    @property
    def plant(self) -> str:
        return plant_name(self.club)

    @property
    def places(self) -> int | None:
        return places_of(self.meeting, self.room)

    @property
    def places_left(self) -> int | None:
        """None: as many as wish."""
        return None if self.places is None else max(0, self.places - self.taken)


def places_of(meeting: Meeting, room: Room | None) -> int | None:
    """How many people there is room for; None: as many as wish."""
    return room.capacity if room else meeting.seats


def start_of(one: Claim | Meeting) -> datetime:
    """When it begins: asked of its claim, or of a meeting that has none."""
    return _said(one.starts_at)


def end_of(one: Claim | Meeting) -> datetime:
    """When it ends."""
    return _said(one.ends_at)


def is_off(one: Claim | Meeting) -> bool:
    """Does it not take place? The room was given back, or the meeting called off."""
    return (one.released_at if isinstance(one, Claim) else one.cancelled_at) is not None


def _said(moment: datetime | None) -> datetime:
    # The table's own check: without a claim both times are there.
    assert moment is not None
    return moment


def meeting_for(actor: Actor | None, meeting_id: str) -> MeetingView:
    """A meeting of one's own club, off or not; another's only if open to all. Raises NotFound."""
    row = db.session.execute(_all().where(Meeting.id == meeting_id)).first()
    # Asked of what does not exist too: one statement less would tell by the clock that it does not.
    me = membership_of(actor, row[4].id if row else "")
    if row is None:
        raise NotFound()
    _meeting, claim, _room, _house, club = row
    if me is not None and me.active:
        return _told([row], {club.id: me})[0]
    if can_see_from_outside(club, claim):
        return _told([row], {})[0]
    raise NotFound()


def my_meeting(
    actor: Actor, meeting_id: str, *, lock: bool = False, paused: bool = False
) -> tuple[Meeting, Club, Membership]:
    """A meeting of one of the actor's own clubs, to write about it. Raises NotFound for who is not in the club.

    lock: nobody else writes about it, moves it or calls it off until the transaction ends.
    paused: also for who is on pause, to take back what is theirs.
    """
    mine = clubs_of(actor, IN_CLUB if paused else ACTIVE)
    wanted = select(Meeting).where(Meeting.id == meeting_id, Meeting.club_id.in_(mine))
    if lock:
        # The claim first, as who moves it does.
        claimed = select(Claim.id).where(Claim.id == meeting_id, Claim.club_id.in_(mine))
        db.session.execute(claimed.with_for_update())
        wanted = wanted.with_for_update()
    found = db.session.scalars(wanted).first()
    if found is None:
        raise NotFound()
    inside = own_club_by_id if paused else member_club_by_id
    return (found, *inside(actor, found.club_id))


def lock_meeting(meeting_id: str) -> Meeting | None:
    """For the clock, which acts for nobody: as ``my_meeting`` locks it."""
    db.session.execute(select(Claim.id).where(Claim.id == meeting_id).with_for_update())
    return db.session.scalars(select(Meeting).where(Meeting.id == meeting_id).with_for_update()).first()


def said_of(meeting: Meeting) -> Claim | Meeting:
    """What says when a meeting is, as it stands now: the claim of its room, or itself elsewhere."""
    return db.session.get_one(Claim, meeting.claim_id, populate_existing=True) if meeting.claim_id else meeting


def open_meeting_for(actor: Actor | None, meeting_id: str) -> MeetingView:
    """A meeting that a listed club opened to all, as everyone may know it. Raises NotFound, for its members too."""
    found = meeting_for(actor, meeting_id)
    if not can_see_from_outside(found.club, found.claim):
        raise NotFound()
    return found


def upcoming_for_club(actor: Actor, club: Club, limit: int = 6) -> list[MeetingView]:
    """What a club has ahead, for one of its members. Raises NotFound for others."""
    _club, me = member_club_by_id(actor, club.id)
    rows = db.session.execute(living().where(Meeting.club_id == club.id).limit(limit))
    return _told(rows.all(), {club.id: me})


def agenda_for(actor: Actor, limit: int = 100, *, since: datetime | None = None) -> list[MeetingView]:
    """What all the clubs of a person have ahead, soonest first; since: with what was over after that."""
    mine = {} if actor.is_staff else {club.id: me for club, me in memberships_of(actor)}
    rows = db.session.execute(living(since).where(Meeting.club_id.in_(mine)).limit(limit))
    return _told(rows.all(), mine)


def rank_in_session(meeting: MeetingView) -> tuple[int, str] | None:
    """Which meeting of which session this is, for a member; None outside a session."""
    if meeting.claim is None or meeting.claim.session_id is None or meeting.me is None:
        return None
    rows = db.session.execute(
        select(Claim.id, MeetingSession.name)
        .join(MeetingSession, MeetingSession.id == Claim.session_id)
        .where(Claim.session_id == meeting.claim.session_id, Claim.released_at.is_(None))
        .order_by(Claim.starts_at)
    ).all()
    return next(((n, row.name) for n, row in enumerate(rows, 1) if row.id == meeting.id), None)


Told = Row[Meeting, Claim | None, Room | None, House, Club]


def _all() -> Select[Meeting, Claim | None, Room | None, House, Club]:
    return (
        select(Meeting, Claim, Room, House, Club)
        .outerjoin(Claim, Claim.id == Meeting.claim_id)
        .outerjoin(Room, Room.id == Claim.room_id)
        .join(House, House.id == Meeting.house_id)
        .join(Club, Club.id == Meeting.club_id)
    )


def living(since: datetime | None = None) -> Select[Meeting, Claim | None, Room | None, House, Club]:
    """Meetings of any club that are not over, soonest first; who may know of them is for the caller to say.

    since: with those that were over after that.
    """
    return _all().where(OFF.is_(None), (since or now()) < ENDS).order_by(STARTS, Meeting.id)


def open_to_all() -> Select[Claim, Room, House, Club]:
    """Those, in a room, that a listed club opened to everyone, soonest first."""
    return (
        select(Claim, Room, House, Club)
        .join(Room, Room.id == Claim.room_id)
        .join(House, House.id == Room.house_id)
        .join(Club, Club.id == Claim.club_id)
        .where(Claim.public, Club.door != "discreet", Claim.released_at.is_(None), Claim.ends_at > now())
        .order_by(Claim.starts_at, Claim.id)
    )


def takes_a_place() -> ColumnElement[bool]:
    """Which answers take a place: a yes, and one that is kept for who waits."""
    return or_(Rsvp.answer == "yes", Rsvp.held_until > now())


@dataclass(frozen=True)
class Answer:
    """What one member said."""

    membership_id: str
    name: str
    answer: str
    guests: int
    held_until: datetime | None

    @property
    def places(self) -> int:
        """How many places it takes now."""
        held = self.held_until is not None and self.held_until > now()
        return 1 + self.guests if self.answer == "yes" or held else 0


def _told(rows: Sequence[Told], mine: dict[str, Membership]) -> list[MeetingView]:
    """Add who comes, in one query for all of them."""
    if not rows:
        return []
    said: dict[str, list[Answer]] = defaultdict(list)
    for meeting_id, who, name, answer, guests, held in db.session.execute(_answers([row[0].id for row in rows])):
        said[meeting_id].append(Answer(who, name or "", answer, guests, held))
    return [_view(row, mine.get(row[4].id), said[row[0].id]) for row in rows]


def _answers(meeting_ids: list[str]) -> Select[str, str, str | None, str, int, datetime | None]:
    """Only of those who are still in the club; by name, for who answers in two clubs in one go would stand alike."""
    return (
        select(Rsvp.meeting_id, Rsvp.membership_id, Membership.name, Rsvp.answer, Rsvp.guests, Rsvp.held_until)
        .join(Membership, Membership.id == Rsvp.membership_id)
        .where(Rsvp.meeting_id.in_(meeting_ids), ACTIVE)
        .order_by(Membership.name, Rsvp.membership_id)
    )


def _view(row: Told, me: Membership | None, said: list[Answer]) -> MeetingView:
    meeting, claim, room, house, club = row
    taken, places = sum(one.places for one in said), places_of(meeting, room)
    full = places is not None and taken >= places
    own = next((one for one in said if me is not None and one.membership_id == me.id), None)
    # From outside, whether there are places is all.
    seen = said if me is not None else []
    return MeetingView(
        meeting, claim, room, house, club, me,
        answer=own.answer if own else None,
        guests=own.guests if own else 0,
        held_until=own.held_until if own and own.places and own.answer == "waiting" else None,
        coming=tuple(one.name for one in seen if one.answer == "yes"),
        perhaps=tuple(one.name for one in seen if one.answer == "maybe"),
        people=sum(one.places for one in seen if one.answer == "yes"),
        taken=taken if me is not None else 0,
        full=full,
    )  # fmt: skip

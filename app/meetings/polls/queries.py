"""Reads of polls, always for a member of the club: to everybody else they do not exist."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, func, or_, select

from app.clubs import live
from app.clubs.models import Club, Membership
from app.clubs.queries import ACTIVE, IN_CLUB
from app.core.actor import Actor
from app.core.clock import is_evening, now
from app.core.db import db
from app.core.errors import NotFound
from app.houses.models import House
from app.meetings.polls.models import Poll, PollAnswer, PollDate
from app.rooms.models import Hold, Room

# How long what became of a poll stands on the page of its club.
STILL_SHOWN = timedelta(days=7)


@dataclass(frozen=True)
class Said:
    """One member's answer to a date, under the name used in the club."""

    membership_id: str
    name: str
    answer: str


@dataclass(frozen=True)
class Moment:
    """A date with all that is said of it. house: on whose clock it stands: that of the room, else that of the club.

    held_until: while a slot is kept for it. said: by name, from who is in the club.
    """

    date: PollDate
    house: House
    room: Room | None
    held_until: datetime | None
    said: tuple[Said, ...]

    @property
    def id(self) -> str:
        return self.date.id

    @property
    def start(self) -> datetime:
        return self.date.starts_at.astimezone(ZoneInfo(self.house.timezone))

    @property
    def end(self) -> datetime:
        return self.date.ends_at.astimezone(ZoneInfo(self.house.timezone))

    @property
    def evening(self) -> bool:
        return is_evening(self.start)

    @property
    def held(self) -> bool:
        return self.held_until is not None

    @property
    def lost(self) -> bool:
        """A room that is not kept for it any more."""
        return self.room is not None and not self.held and self.date.chosen_at is None

    def names(self, answer: str) -> tuple[str, ...]:
        return tuple(one.name for one in self.said if one.answer == answer)

    def count(self, answer: str) -> int:
        return len(self.names(answer))

    def answer_of(self, membership_id: str) -> str:
        return next((one.answer for one in self.said if one.membership_id == membership_id), "")


@dataclass(frozen=True)
class Question:
    """A poll for one member: its dates in their order, who proposed it, the discussion that it came out of."""

    poll: Poll
    club: Club
    me: Membership
    house: House
    by: str
    moments: tuple[Moment, ...]

    @property
    def open(self) -> bool:
        """May one still answer? The clock ends it by itself, before any job has written that down."""
        return is_open(self.poll)

    @property
    def ends(self) -> datetime:
        return self.poll.ends_at.astimezone(ZoneInfo(self.house.timezone))

    @property
    def answered(self) -> bool:
        return any(one.said for one in self.moments)


def is_open(poll: Poll) -> bool:
    return poll.outcome is None and poll.ends_at > now()


def poll_for(actor: Actor | None, poll_id: str) -> Question:
    """A poll of one of the actor's own clubs. Raises NotFound."""
    poll, club, me = _row(actor, poll_id)
    house = db.session.get_one(House, club.house_id)
    by = db.session.scalar(select(Membership.name).where(Membership.id == poll.opened_by_id)) or ""
    return Question(poll, club, me, house, by, tuple(moments_of(poll, house)))


def my_poll(actor: Actor | None, poll_id: str) -> tuple[Poll, Club, Membership]:
    """As ``poll_for``, to write: the club is held until the transaction ends, and all is read behind that."""
    poll, club, me = _row(actor, poll_id)
    live.hold(club.id)
    db.session.refresh(poll)
    db.session.refresh(me)
    if not me.active:
        raise NotFound()
    return poll, club, me


def _row(actor: Actor | None, poll_id: str) -> tuple[Poll, Club, Membership]:
    mine = (
        select(Poll, Club, Membership)
        .join(Club, Club.id == Poll.club_id)
        .join(Membership, Membership.club_id == Club.id)
        .where(Poll.id == poll_id, Membership.account_id == (actor.account_id if actor else None), ACTIVE, IN_CLUB)
        .where(Membership.first_seq <= Poll.seq)
    )
    found = db.session.execute(mine).first()
    if found is None:
        raise NotFound()
    return found[0], found[1], found[2]


def moments_of(poll: Poll, house: House) -> list[Moment]:
    """The dates of a poll, soonest first, with who said what; three queries, however many there are."""
    rows = db.session.execute(_dates().where(PollDate.poll_id == poll.id)).all()
    said = said_of([date.id for date, *_more in rows])
    return [
        Moment(date, its_house or house, room, hold.until if hold else None, said.get(date.id, ()))
        for date, room, its_house, hold in rows
    ]


def _dates() -> Select[PollDate, Room, House, Hold]:
    kept = and_(Hold.id == PollDate.hold_id, Hold.until > now())
    return (
        select(PollDate, Room, House, Hold)
        .outerjoin(Room, Room.id == PollDate.room_id)
        .outerjoin(House, House.id == Room.house_id)
        .outerjoin(Hold, kept)
        .order_by(PollDate.starts_at, PollDate.number)
        .execution_options(populate_existing=True)
    )


def said_of(date_ids: Sequence[str]) -> dict[str, tuple[Said, ...]]:
    """By name, for who answers in two clubs in one go would stand alike; of who is still in the club alone."""
    rows = db.session.execute(
        select(PollAnswer.date_id, PollAnswer.membership_id, Membership.name, PollAnswer.answer)
        .join(Membership, Membership.id == PollAnswer.membership_id)
        .where(PollAnswer.date_id.in_(date_ids), IN_CLUB)
        .order_by(Membership.name, Membership.id)
    )
    found: dict[str, tuple[Said, ...]] = {}
    for date_id, membership_id, name, answer in rows:
        found[date_id] = (*found.get(date_id, ()), Said(membership_id, name or "", answer))
    return found


def date_of(poll: Poll, date_id: str) -> PollDate:
    """One of the dates of a poll that the actor may see. Raises NotFound."""
    found = db.session.get(PollDate, date_id, populate_existing=True)
    if found is None or found.poll_id != poll.id:
        raise NotFound()
    return found


def number_open(club: Club) -> int:
    """How many votes a club has at a time."""
    running = select(func.count()).where(Poll.club_id == club.id, Poll.outcome.is_(None), Poll.ends_at > now())
    return int(db.session.scalar(running) or 0)


def shown_polls_of(membership: Membership) -> list[Poll]:
    """For a member: what is open, and what ended within a week and waits for the leads; the soonest end first."""
    shown = select(Poll).where(
        Poll.club_id == membership.club_id,
        Poll.seq >= membership.first_seq,
        or_(Poll.outcome.is_(None), Poll.outcome == "over"),
        Poll.ends_at > now() - STILL_SHOWN,
    )
    return list(db.session.scalars(shown.order_by(Poll.ends_at, Poll.id)))


def answered_by(membership: Membership, polls: Sequence[Poll]) -> set[str]:
    """Which of these polls a member has answered."""
    rows = db.session.scalars(
        select(PollDate.poll_id)
        .join(PollAnswer, PollAnswer.date_id == PollDate.id)
        .where(PollDate.poll_id.in_([poll.id for poll in polls]), PollAnswer.membership_id == membership.id)
        .distinct()
    )
    return set(rows)

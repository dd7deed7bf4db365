"""The dates of a session and why one cannot be asked for; requests, for the leads of a club and for the team."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select

from app.clubs.models import Club, Membership
from app.clubs.queries import clubs_of, member_club_by_id
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotAllowed, NotFound
from app.houses.models import House
from app.houses.queries import houses_of_staff
from app.rooms.actions import NOT_A_LEAD
from app.rooms.calendar import Stretch, stretch_at
from app.rooms.models import Hold, Room
from app.rooms.queries import Slot
from app.rooms.quota import LAST_MINUTE
from app.rooms.series.queries import WEEK, slots_alike
from app.rooms.sessions.models import SessionRequest
from app.rooms.sessions.policy import can_answer_session, can_ask_session

SHOWN_FOR = timedelta(days=30)
UNLISTED = _l("La salle n’ouvre pas à cette heure ce jour-là.")
TOO_SOON = _l("C’est dans moins de 3 jours : l’équipe n’aurait pas le temps de répondre.")
IN_DRAW = _l("Ce moment est très demandé : il se donne au tirage au sort.")
HOLIDAY = _l("C’est un jour férié.")
OURS = _l("Votre club a déjà ce moment.")
TAKEN = _l("Un autre club a ce moment.")
HELD = _l("Ce moment est gardé pour un autre club.")
BESIDE = _l("La salle n’est pas libre à ce moment.")


@dataclass(frozen=True)
class Date:
    """One date of a session. why: the rule by which it cannot be asked for, in plain words."""

    slot: Slot
    why: Any = None

    @property
    def day(self) -> date:
        return self.slot.stretch.day


@dataclass(frozen=True)
class Asked:
    """A request with all that is said of it. membership: of who reads it, when they lead the club."""

    request: SessionRequest
    club: Club
    room: Room
    house: House
    membership: Membership | None = None

    @property
    def spans(self) -> list[tuple[datetime, datetime]]:
        """The moments of its dates, on the clock of the house."""
        return [(self._here(start), self._here(end)) for start, end in self.request.dates]

    @property
    def lost(self) -> list[datetime]:
        """Those that cannot be had any more."""
        return [self._here(start) for start in self.request.lost]

    @property
    def left(self) -> list[tuple[datetime, datetime]]:
        """The moments of the dates that can."""
        return [(start, end) for start, end in self.spans if start not in self.lost]

    def _here(self, moment: str) -> datetime:
        return datetime.fromisoformat(moment).astimezone(ZoneInfo(self.house.timezone))


def dates_of(first: Slot, every: int, count: int, club: Club | None) -> list[Date]:
    """The same room at the same local time, ``count`` times, each with why the club cannot have it. One question."""
    days = [first.stretch.day + number * every * WEEK for number in range(count)]
    return [Date(slot, why_refused(slot, club)) for slot in slots_alike(first, days)]


def why_refused(slot: Slot, club: Club | None) -> Any:
    """The rule by which a date cannot be asked for, in plain words; None when it can."""
    if slot.why == "none":
        return UNLISTED
    if slot.start - now() <= LAST_MINUTE:
        return TOO_SOON
    if slot.stretch.scarce:
        return IN_DRAW
    ours = club is not None and slot.club is not None and slot.club.id == club.id
    if slot.state == "free" or (ours and slot.hold is not None and slot.hold.kind == "form"):
        return None
    if slot.state == "closed":
        return HOLIDAY if slot.why == "holiday" else _shut(slot)
    return OURS if ours else HELD if slot.state == "held" else TAKEN


def _shut(slot: Slot) -> Any:
    return _l("La salle est fermée : %(reason)s.", reason=slot.why.rstrip(".")) if slot.why else BESIDE


def stretch_of(hold: Hold, room: Room, house: House) -> Stretch:
    """What is held, whether the week still lists it or not."""
    return stretch_at(room, hold.starts_at, hold.ends_at, ZoneInfo(house.timezone))


def holds_of(request: SessionRequest) -> list[Hold]:
    """What is kept for a request, as it is now, the soonest first. The caller holds the club and the room."""
    wanted = select(Hold).where(
        Hold.club_id == request.club_id, Hold.room_id == request.room_id, Hold.kind == "series", Hold.until > now()
    )
    return list(db.session.scalars(wanted.order_by(Hold.starts_at).execution_options(populate_existing=True)))


def request_for(actor: Actor, request_id: str) -> Asked:
    """A request of a club that the actor leads. Raises NotFound, and NotAllowed for its other members."""
    asked = _asked(SessionRequest.id == request_id, SessionRequest.club_id.in_(clubs_of(actor)))
    if asked is None:
        raise NotFound()
    club, membership = member_club_by_id(actor, asked.club.id)
    if not can_ask_session(membership):
        raise NotAllowed("not_a_lead", NOT_A_LEAD)
    return Asked(asked.request, club, asked.room, asked.house, membership)


def request_for_team(actor: Actor, request_id: str) -> Asked:
    """A request for a room of a house where the actor works, answered or not. Raises NotFound."""
    houses = [house.id for house in houses_of_staff(actor)] if can_answer_session(actor) else []
    asked = _asked(SessionRequest.id == request_id, House.id.in_(houses))
    if asked is None:
        raise NotFound()
    return asked


def waiting_in(houses: Sequence[House]) -> list[Asked]:
    """The requests that wait in some houses, the oldest first; the caller has proved to work there."""
    ids = [house.id for house in houses]
    rows = db.session.execute(
        _all(House.id.in_(ids), SessionRequest.outcome.is_(None), SessionRequest.until > now()).order_by(
            SessionRequest.asked_at, SessionRequest.id
        )
    )
    return [Asked(*row) for row in rows]


def latest_of(club: Club) -> Asked | None:
    """What the leads of a club asked last: it waits, or its answer is not old."""
    rows = _all(SessionRequest.club_id == club.id, SessionRequest.asked_at > now() - SHOWN_FOR)
    row = db.session.execute(rows.order_by(SessionRequest.asked_at.desc(), SessionRequest.id.desc()).limit(1)).first()
    return Asked(*row) if row else None


def _asked(*which: Any) -> Asked | None:
    row = db.session.execute(_all(*which)).first()
    return Asked(*row) if row else None


def _all(*which: Any) -> Select[SessionRequest, Club, Room, House]:
    return (
        select(SessionRequest, Club, Room, House)
        .join(Club, Club.id == SessionRequest.club_id)
        .join(Room, Room.id == SessionRequest.room_id)
        .join(House, House.id == Room.house_id)
        .where(*which)
        .execution_options(populate_existing=True)
    )

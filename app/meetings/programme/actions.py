"""Verbs of a meeting's programme. Each is one transaction; the club's log says that it changed, never what it says."""

from typing import Any, TypeVar

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from app.clubs import live
from app.clubs.models import Club, Membership
from app.core.actor import Actor
from app.core.db import db, transaction
from app.core.errors import DomainError, Invalid, NotAllowed, NotFound, Taken
from app.core.ids import new_id
from app.core.limits import Bucket, spend
from app.meetings.actions import still_ahead
from app.meetings.models import Meeting
from app.meetings.programme import policy
from app.meetings.programme.models import LONGEST_POINT, MAX_POINT, MAX_THING, AgendaPoint, Thing
from app.meetings.programme.queries import is_brought, point_for, thing_for
from app.meetings.queries import my_meeting, said_of
from app.web.forms import checked

# Of each, for one meeting: more is no programme any more.
MOST = 20
Row = TypeVar("Row", AgendaPoint, Thing)
CHANGE = Bucket("programme", 30, 20)


def add_point(actor: Actor, meeting_id: str, text: Any, minutes: int | None = None) -> AgendaPoint:
    """A member adds a point at the end, with its minutes if they wish."""
    with transaction():
        meeting, club, me = _ahead(actor, meeting_id)
        line = checked(text, "text", MAX_POINT, empty=_l("Écrivez de quoi il s’agit."))
        if minutes is not None and not 1 <= minutes <= LONGEST_POINT:
            raise Invalid("minutes_out_of_range", _l("De 1 à 240 minutes."), field="minutes")
        _room_for(AgendaPoint, meeting)
        spend(CHANGE, me.id)
        last = db.session.scalar(select(func.max(AgendaPoint.place)).where(AgendaPoint.meeting_id == meeting.id))
        point = AgendaPoint(
            id=new_id(), meeting_id=meeting.id, club_id=club.id, place=(last or 0) + 1, text=line, minutes=minutes,
            added_by_id=me.id, seq=_changed(meeting),
        )  # fmt: skip
        db.session.add(point)
        return point


def move_point(actor: Actor, point_id: str, *, up: bool) -> AgendaPoint:
    """A member moves a point before the one above it, or after the one below. At an end it stays where it is."""
    with transaction():
        point, meeting, me = _point(actor, point_id)
        rows = select(AgendaPoint).where(AgendaPoint.meeting_id == meeting.id)
        points = list(db.session.scalars(rows.order_by(AgendaPoint.place, AgendaPoint.seq)))
        old = points.index(point)
        new = old - 1 if up else old + 1
        if 0 <= new < len(points):
            spend(CHANGE, me.id)
            points[old], points[new] = points[new], points[old]
            for place, one in enumerate(points, 1):
                one.place = place
            _changed(meeting)
        return point


def drop_point(actor: Actor, point_id: str) -> AgendaPoint:
    """Who added it, or a lead, takes a point away."""
    with transaction():
        point, meeting, me = _point(actor, point_id)
        if not policy.can_drop_point(me, point):
            raise NotAllowed()
        spend(CHANGE, me.id)
        db.session.delete(point)
        _changed(meeting)
        return point


def ask_thing(actor: Actor, meeting_id: str, text: Any, *, mine: bool = False) -> Thing:
    """A member says what somebody could bring. mine: they bring it themselves."""
    with transaction():
        meeting, club, me = _ahead(actor, meeting_id)
        line = checked(text, "text", MAX_THING, empty=_l("Écrivez ce qu’il faut apporter."))
        _room_for(Thing, meeting)
        spend(CHANGE, me.id)
        thing = Thing(
            id=new_id(), meeting_id=meeting.id, club_id=club.id, text=line, asked_by_id=me.id,
            taker_id=me.id if mine else None, seq=_changed(meeting),
        )  # fmt: skip
        db.session.add(thing)
        return thing


def take_thing(actor: Actor, thing_id: str) -> Thing:
    """A member brings what nobody brings yet. Of two at once, one; twice is once."""
    with transaction():
        thing, meeting, me = _thing(actor, thing_id)
        if thing.taker_id == me.id:
            return thing
        if is_brought(thing):
            raise Taken("thing_taken", _l("Quelqu’un vient de dire qu’il l’apporte."))
        spend(CHANGE, me.id)
        thing.taker_id = me.id
        _changed(meeting)
        return thing


def leave_thing(actor: Actor, thing_id: str) -> Thing:
    """Who brings it gives it back, without a reason."""
    with transaction():
        thing, meeting, me = _thing(actor, thing_id)
        if thing.taker_id is None:
            return thing
        if not policy.can_leave_thing(me, thing):
            raise NotAllowed()
        spend(CHANGE, me.id)
        thing.taker_id = None
        _changed(meeting)
        return thing


def drop_thing(actor: Actor, thing_id: str) -> Thing:
    """Who asked for it, or a lead, takes it off the list."""
    with transaction():
        thing, meeting, me = _thing(actor, thing_id)
        if not policy.can_drop_thing(me, thing):
            raise NotAllowed()
        spend(CHANGE, me.id)
        db.session.delete(thing)
        _changed(meeting)
        return thing


def _point(actor: Actor, point_id: str) -> tuple[AgendaPoint, Meeting, Membership]:
    found = point_for(actor, point_id)
    meeting, _club, me = _ahead(actor, found.meeting_id)
    return _again(found), meeting, me


def _thing(actor: Actor, thing_id: str) -> tuple[Thing, Meeting, Membership]:
    found = thing_for(actor, thing_id)
    meeting, _club, me = _ahead(actor, found.meeting_id)
    return _again(found), meeting, me


def _again(found: Row) -> Row:
    """As it stands now that its meeting is held."""
    row = db.session.get(type(found), found.id, populate_existing=True)
    if row is None:
        raise NotFound()
    return row


def _ahead(actor: Actor, meeting_id: str) -> tuple[Meeting, Club, Membership]:
    """A meeting that is not over, held until the transaction ends: its programme has one order."""
    meeting, club, me = my_meeting(actor, meeting_id, lock=True)
    if me.visit_until is not None:
        raise NotFound()
    still_ahead(said_of(meeting))
    return meeting, club, me


def _room_for(table: Any, meeting: Meeting) -> None:
    there = db.session.scalar(select(func.count()).where(table.meeting_id == meeting.id))
    if int(there or 0) >= MOST:
        raise DomainError("programme_full", _l("C’est complet : 20 lignes au plus."), status=409)


def _changed(meeting: Meeting) -> int:
    return live.record(meeting.club_id, "programme:changed", meeting.id)

"""Verbs of the day of a meeting: be on one's way, say that it stands elsewhere. Each is one transaction."""

from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l

from app.clubs import live
from app.clubs.models import Membership
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import DomainError, Invalid, NotAllowed
from app.core.limits import Bucket, Window, spend
from app.houses.models import House
from app.meetings.actions import NOT_A_LEAD, still_ahead
from app.meetings.models import Meeting, Rsvp
from app.meetings.policy import can_answer_meeting, can_plan_meeting
from app.meetings.queries import end_of, my_meeting, said_of, start_of
from app.meetings.today.keeping import forget_moves
from app.meetings.today.models import Arrival
from app.meetings.today.notices import tell_moved
from app.meetings.today.policy import is_the_day
from app.web.forms import checked

WAYS = ("way", "late", "none")
MAX_PLACE = 80
SAY = Bucket("on-the-way", 20, 10)
# Each is a mail to everyone who comes.
MOVE = Window("meeting-moved", 4, 60)


def say_on_way(actor: Actor, meeting_id: str, how: str) -> None:
    """Who comes says that they are on their way, or late; or takes it back. Raises NotFound, Invalid, Gone."""
    if how not in WAYS:
        raise Invalid("way_unknown", _l("Choisissez une réponse."), field="how")
    with transaction():
        meeting, me = _today(actor, meeting_id)
        if not can_answer_meeting(me):
            raise NotAllowed()
        answer = db.session.get(Rsvp, (meeting.id, me.id))
        if answer is None or answer.answer != "yes":
            raise DomainError("not_coming", _l("Dites d’abord que vous venez."), status=409)
        # No row of the log, which would keep for months when somebody set out: the page asks for the number again.
        if _set_way(meeting, me, how):
            spend(SAY, me.id)


def _set_way(meeting: Meeting, me: Membership, how: str) -> bool:
    """Returns whether something changed."""
    known = db.session.get(Arrival, (meeting.id, me.id), populate_existing=True)
    if known is None:
        if how != "none":
            db.session.add(Arrival(meeting_id=meeting.id, membership_id=me.id, late=how == "late"))
        return how != "none"
    if how == "none":
        db.session.delete(known)
        return True
    changed, known.late = known.late != (how == "late"), how == "late"
    return changed


def move_meeting(actor: Actor, meeting_id: str, place: Any) -> Meeting:
    """A lead says in words where the meeting stands today; who comes is told that it moved, never where, by mail.

    Raises NotFound, NotAllowed, Invalid, Gone.
    """
    with transaction():
        meeting, me = _led_today(actor, meeting_id)
        words = checked(place, "place", MAX_PLACE, empty=_l("Dites où, en quelques mots."))
        if words != meeting.moved_to:
            spend(MOVE, me.id)
            meeting.moved_to, meeting.moved_by_id = words, me.id
            tell_moved(meeting, said_of(meeting))
            live.record(meeting.club_id, "meeting:moved", meeting.id)
        return meeting


def move_back(actor: Actor, meeting_id: str) -> Meeting:
    """A lead takes it back: the meeting stands where it was said to."""
    with transaction():
        meeting, _me = _led_today(actor, meeting_id)
        if meeting.moved_to:
            forget_moves([meeting.id])
            db.session.refresh(meeting)
            live.record(meeting.club_id, "meeting:moved", meeting.id)
        return meeting


def _led_today(actor: Actor, meeting_id: str) -> tuple[Meeting, Membership]:
    meeting, me = _today(actor, meeting_id)
    if not can_plan_meeting(me):
        raise NotAllowed("not_a_lead", NOT_A_LEAD)
    return meeting, me


def _today(actor: Actor, meeting_id: str) -> tuple[Meeting, Membership]:
    """A meeting of one's club on its own day, locked: nobody moves it to another meanwhile."""
    meeting, _club, me = my_meeting(actor, meeting_id, lock=True)
    said = said_of(meeting)
    still_ahead(said)
    zone = ZoneInfo(db.session.get_one(House, meeting.house_id).timezone)
    if not is_the_day(start_of(said), end_of(said), zone, now()):
        raise DomainError("not_today", _l("On le dit le jour de la rencontre."), status=409)
    return meeting, me

"""Verbs of meetings: plan one outside the rooms, say whether one comes."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from app.clubs import live
from app.clubs.models import Club, Membership
from app.clubs.queries import member_club_for
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Gone, Invalid, NotAllowed, NotFound, Taken
from app.core.ids import new_id
from app.core.limits import Bucket, spend
from app.meetings.models import TAPS, Meeting, Rsvp
from app.meetings.moves import tell_off, tell_other_time
from app.meetings.places.keeping import forget_place, write_place
from app.meetings.policy import can_answer_meeting, can_plan_meeting
from app.meetings.queries import end_of, is_off, my_meeting, said_of, start_of
from app.meetings.seats import offer_places, places_at, taken
from app.rooms.actions import checked_title
from app.rooms.models import Claim

NOT_A_LEAD = _l("Seules les personnes responsables du club prévoient une rencontre.")
FARTHEST = timedelta(days=366)
LONGEST = timedelta(hours=24)
# Ahead at once, in one club.
MOST_PLANNED = 40
MAX_SEATS = 500
# Each may write to everybody who comes.
PLAN = Bucket("meeting-plan", 10, 10)


@dataclass(frozen=True)
class Plan:
    """What a lead says of a meeting outside the rooms. Times bear a zone. seats: None for as many as wish.

    area: in words, for the whole club · address: for those who come alone · online: the house gives it a link.
    """

    title: str
    start: datetime
    end: datetime
    seats: int | None = None
    area: str = ""
    address: str = field(default="", repr=False)
    online: bool = False


def plan_meeting(actor: Actor, slug: str, plan: Plan) -> Meeting:
    """A lead plans a meeting outside the rooms: elsewhere, or online. Raises NotFound, NotAllowed, Invalid."""
    with transaction():
        club, me = member_club_for(actor, slug)
        if not can_plan_meeting(me):
            raise NotAllowed("not_a_lead", NOT_A_LEAD)
        live.hold(club.id)
        _check_number(club)
        said = checked_plan(plan)
        spend(PLAN, me.id)
        meeting = Meeting(
            id=new_id(), club_id=club.id, house_id=club.house_id, made_by_id=me.id, made_at=now(), revision=0, **said
        )
        db.session.add(meeting)
        write_place(meeting, me, plan.area, plan.address, online=plan.online)
        live.record(club.id, "meeting:planned", meeting.id)
        return meeting


def change_meeting(actor: Actor, meeting_id: str, plan: Plan) -> Meeting:
    """A lead says otherwise what was planned outside the rooms; who comes is told of another time.

    An empty address leaves the one that is there. Raises NotFound, NotAllowed, Gone, Invalid.
    """
    with transaction():
        meeting, me = _planned(actor, meeting_id)
        was, said = start_of(meeting), checked_plan(plan)
        spend(PLAN, me.id)
        if said["title"] != meeting.title:
            # A title goes with who wrote it.
            meeting.made_by_id = me.id
        for name, value in said.items():
            setattr(meeting, name, value)
        write_place(meeting, me, plan.area, plan.address, online=plan.online)
        _changed(meeting)
        if was != plan.start:
            tell_other_time(meeting, was)
        offer_places(meeting, meeting)
        return meeting


def cancel_meeting(actor: Actor, meeting_id: str) -> Meeting:
    """A lead calls it off; who comes is told, and where it was is forgotten."""
    with transaction():
        meeting, me = _planned(actor, meeting_id)
        spend(PLAN, me.id)
        meeting.cancelled_at = now()
        forget_place(meeting)
        _changed(meeting)
        tell_off(meeting)
        return meeting


def _planned(actor: Actor, meeting_id: str) -> tuple[Meeting, Membership]:
    """What stands outside the rooms and is ahead, locked. In a room the claim is changed instead."""
    meeting, _club, me = my_meeting(actor, meeting_id, lock=True)
    if not can_plan_meeting(me):
        raise NotAllowed("not_a_lead", NOT_A_LEAD)
    if meeting.claim_id is not None:
        raise NotFound()
    still_ahead(meeting)
    return meeting, me


def _changed(meeting: Meeting) -> None:
    meeting.revision, meeting.changed_at = meeting.revision + 1, now()
    live.record(meeting.club_id, "meeting:changed", meeting.id)


def checked_plan(plan: Plan) -> dict[str, Any]:
    """As the meeting keeps it. Raises Invalid."""
    title = checked_title(plan.title)
    if plan.start <= now():
        raise Invalid("start_past", _l("Choisissez un moment à venir."), field="start")
    if plan.start > now() + FARTHEST:
        raise Invalid("start_far", _l("Choisissez un moment dans l’année qui vient."), field="start")
    if not timedelta() < plan.end.astimezone(UTC) - plan.start.astimezone(UTC) <= LONGEST:
        raise Invalid("end_wrong", _l("La fin vient après le début, le même jour."), field="end")
    if plan.seats is not None and not 1 <= plan.seats <= MAX_SEATS:
        raise Invalid("seats_wrong", _l("Écrivez un nombre de places, de 1 à 500, ou rien."), field="seats")
    return {"title": title, "starts_at": plan.start, "ends_at": plan.end, "seats": plan.seats}


def _check_number(club: Club) -> None:
    ahead = select(func.count()).where(
        Meeting.club_id == club.id, Meeting.ends_at > now(), Meeting.cancelled_at.is_(None)
    )
    if (db.session.scalar(ahead) or 0) >= MOST_PLANNED:
        raise Invalid("too_many_planned", _l("40 rencontres sont prévues : annulez-en une d’abord."), field="title")


def answer_meeting(actor: Actor, meeting_id: str, answer: str) -> Rsvp:
    """A member says whether they come, alone or with somebody, or waits for a place; as often as they wish.

    A yes only while there is a place. Raises NotFound, NotAllowed, Invalid, Gone, Taken.
    """
    if answer not in TAPS:
        raise Invalid("answer_unknown", _l("Choisissez une réponse."), field="answer")
    with transaction():
        # The meeting is locked: the last place goes to one person.
        meeting, _club, me = my_meeting(actor, meeting_id, lock=True)
        if not can_answer_meeting(me):
            raise NotAllowed()
        said = said_of(meeting)
        still_ahead(said)
        # What became free meanwhile is for who waits.
        offer_places(meeting, said)
        rsvp = _write(meeting, me, *_answered(meeting, said, me, answer))
        offer_places(meeting, said)
        return rsvp


def _answered(meeting: Meeting, said: Claim | Meeting, me: Membership, answer: str) -> tuple[str, int]:
    """The answer that is kept, and who comes along. Raises Taken."""
    if answer in ("no", "maybe"):
        return answer, 0
    guests, places = (1 if answer == "plus" else 0), places_at(meeting, said)
    if places is None or taken(meeting, but=me) + 1 + guests <= places:
        return "yes", guests
    if answer == "waiting":
        return "waiting", 0
    raise Taken("meeting_full", _l("Il n’y a plus de place à cette rencontre."))


def still_ahead(said: Claim | Meeting) -> None:
    """Raises Gone for what is off or over."""
    if is_off(said):
        raise Gone("meeting_released", _l("Cette rencontre n’a plus lieu."))
    if end_of(said) <= now():
        raise Gone("meeting_past", _l("Cette rencontre est passée."))


def _write(meeting: Meeting, me: Membership, answer: str, guests: int) -> Rsvp:
    known = db.session.get(Rsvp, (meeting.id, me.id), populate_existing=True)
    if known is None:
        known = Rsvp(meeting_id=meeting.id, membership_id=me.id)
        db.session.add(known)
    elif (known.answer, answer) == ("waiting", "waiting"):
        # One's place in the line stays.
        return known
    known.answer, known.guests, known.at, known.held_until = answer, guests, now(), None
    db.session.flush()
    return known

"""Verbs of meetings: say whether one comes."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from app.clubs.models import Membership
from app.clubs.queries import ACTIVE
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Gone, Invalid, NotAllowed, Taken
from app.meetings.models import ANSWERS, Rsvp
from app.meetings.policy import can_answer_meeting
from app.rooms.queries import Booked, claim_for


def answer_meeting(actor: Actor, claim_id: str, answer: str) -> Rsvp:
    """A member says yes or no, as often as they wish; a yes only while there is a place."""
    if answer not in ANSWERS:
        raise Invalid("answer_unknown", _l("Choisissez une réponse."), field="answer")
    with transaction():
        # The claim is locked: the last place goes to one person.
        booked = claim_for(actor, claim_id, lock=True)
        if not can_answer_meeting(booked.membership):
            raise NotAllowed()
        _still_ahead(booked)
        if answer == "yes" and _others_coming(booked) >= booked.room.capacity:
            raise Taken("meeting_full", _l("Il n’y a plus de place à cette rencontre."))
        return _write(booked, answer)


def _still_ahead(booked: Booked) -> None:
    if booked.claim.released_at is not None:
        raise Gone("meeting_released", _l("Cette rencontre n’a plus lieu."))
    if booked.claim.ends_at <= now():
        raise Gone("meeting_past", _l("Cette rencontre est passée."))


def _others_coming(booked: Booked) -> int:
    count = db.session.scalar(
        select(func.count())
        .select_from(Rsvp)
        .join(Membership, Membership.id == Rsvp.membership_id)
        .where(
            Rsvp.claim_id == booked.claim.id,
            Rsvp.answer == "yes",
            Rsvp.membership_id != booked.membership.id,
            ACTIVE,
        )
    )
    return count or 0


def _write(booked: Booked, answer: str) -> Rsvp:
    known = db.session.get(Rsvp, (booked.claim.id, booked.membership.id))
    if known is None:
        known = Rsvp(claim_id=booked.claim.id, membership_id=booked.membership.id)
        db.session.add(known)
    known.answer, known.at = answer, now()
    return known

"""Who closes with the team after an evening: a person who agreed to be known, under a name of their choosing."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete

from app.core.actor import Actor
from app.core.clock import is_evening, now
from app.core.db import db, transaction
from app.core.errors import Gone, Invalid, NotAllowed, NotFound
from app.houses.models import House
from app.rooms.evenings.models import KeyHolder
from app.rooms.evenings.policy import can_say_holder
from app.rooms.models import Claim
from app.rooms.queries import Booked, claim_for
from app.web.forms import clean_line

MAX_NAME = 60
NOT_A_LEAD = _l("Seules les personnes responsables du club disent qui ferme avec l’équipe.")


def say_holder(actor: Actor, claim_id: str, name: str) -> Booked:
    """A lead says who agreed to be known to the team for an evening; without a name, that nobody is yet."""
    with transaction():
        booked = claim_for(actor, claim_id, lock=True)
        check_may_say(booked)
        write_holder(booked.claim, booked.membership.id, name)
        return booked


def check_may_say(booked: Booked) -> None:
    """Raises NotAllowed, NotFound for what is given back or is no evening, Gone."""
    if not can_say_holder(booked.membership):
        raise NotAllowed("not_a_lead", NOT_A_LEAD)
    if booked.claim.released_at is not None or not in_the_evening(booked.claim.starts_at, booked.house):
        raise NotFound()
    if booked.claim.ends_at <= now():
        raise Gone("claim_past", _l("Cette rencontre est passée."))


def in_the_evening(moment: datetime, house: House) -> bool:
    """Is it evening in the house then?"""
    return is_evening(moment.astimezone(ZoneInfo(house.timezone)))


def write_holder(claim: Claim, said_by_id: str, name: str) -> None:
    """Keep the name for this claim, or none; in the caller's transaction. Raises Invalid."""
    clean = str(clean_line(name))
    if len(clean) > MAX_NAME:
        raise Invalid("holder_too_long", _l("Le nom est trop long : 60 signes au plus."), field="holder_name")
    forget_holder(claim)
    if clean:
        db.session.add(KeyHolder(claim_id=claim.id, name=clean, said_by_id=said_by_id))
        db.session.flush()


def forget_holder(claim: Claim) -> None:
    """Nobody is known for it any more."""
    db.session.execute(delete(KeyHolder).where(KeyHolder.claim_id == claim.id))

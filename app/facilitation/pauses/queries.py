"""Why somebody is kept out of a club, for themselves; whom a lead may pause."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import not_, select

from app.clubs.models import Club, Membership
from app.clubs.queries import IN_CLUB, kept_out, led_lately
from app.core.actor import Actor
from app.core.db import db
from app.facilitation.decisions import rule_words
from app.facilitation.models import Decision


@dataclass(frozen=True)
class KeptOut:
    """What a person is told of their pause or removal."""

    kind: str
    until: datetime
    rule: str
    reason: str


def kept_out_for(actor: Actor, club: Club) -> KeptOut | None:
    """What keeps the actor out of a club, and why; None for everybody else."""
    held = kept_out(actor.account_id, club.id)
    if held is None:
        return None
    decision = db.session.scalars(select(Decision).where(Decision.pause_id == held.id)).first()
    if decision is None:
        return KeptOut(held.kind, held.until, "", "")
    return KeptOut(held.kind, held.until, rule_words(decision.rule), decision.reason)


def may_be_paused(club: Club) -> list[Membership]:
    """The members of a club that a lead may pause now, by name; the caller has proved to lead."""
    able = select(Membership).where(Membership.club_id == club.id, IN_CLUB, not_(led_lately()))
    return [one for one in db.session.scalars(able.order_by(Membership.name)) if not one.paused]

"""Reads of proposals: the founder's own, those one said yes to, and those that wait in the houses of the team."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.clubs.founding.models import FOUNDER, Backer, Proposal
from app.clubs.founding.near import near_clubs
from app.clubs.models import Club
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.ids import ID
from app.core.sealed import unseal
from app.houses.models import House
from app.houses.queries import houses_of_staff

OTHERS = 2


@dataclass(frozen=True)
class Yes:
    """What somebody said yes to, as they may read it. stale: it has changed since."""

    backer: Backer
    proposal: Proposal

    @property
    def stale(self) -> bool:
        return self.backer.seen != self.proposal.seen


def proposal_of(actor: Actor) -> Proposal | None:
    """The club that the actor proposes, if any."""
    return db.session.scalars(select(Proposal).where(Proposal.account_id == actor.account_id)).first()


def own_proposal(actor: Actor, *, lock: bool = False) -> Proposal:
    """As ``proposal_of``, held until the transaction ends if it is to change. Raises NotFound."""
    mine = select(Proposal).where(Proposal.account_id == actor.account_id)
    found = db.session.scalars(mine.with_for_update() if lock else mine).first()
    if found is None:
        raise NotFound()
    return found


def backers_of(proposal: Proposal) -> list[Backer]:
    """The founder, once they gave a name, then the others."""
    rows = select(Backer).where(Backer.proposal_id == proposal.id).order_by(Backer.position)
    return list(db.session.scalars(rows))


def others_of(proposal: Proposal) -> list[Backer]:
    """Who else has said yes to the proposal as it is now."""
    return [one for one in backers_of(proposal) if one.position != FOUNDER and one.seen == proposal.seen]


def near_for(actor: Actor, proposal: Proposal) -> list[Club]:
    """Listed clubs that look like the proposal. A discreet one is never named, not even to its members: not here."""
    listed = db.session.scalars(select(Club).where(Club.door != "discreet"))
    return near_clubs(proposal.name, proposal.sentence, list(listed))


def code_of(proposal: Proposal) -> str:
    """The living code, to be shown to the founder; empty when it is over."""
    if proposal.code_sealed is None or proposal.code_until is None or proposal.code_until <= now():
        return ""
    return unseal(proposal.code_sealed) or ""


def yes_for(actor: Actor, backer_id: str, *, lock: bool = False) -> Yes:
    """One's own yes to somebody else's proposal. Raises NotFound."""
    query = (
        select(Backer, Proposal)
        .join(Proposal, Proposal.id == Backer.proposal_id)
        .where(Backer.id == backer_id, Backer.account_id == actor.account_id, Backer.position != FOUNDER)
    )
    row = db.session.execute(query.with_for_update(of=Proposal) if lock else query).first()
    if row is None or not ID.fullmatch(backer_id):
        raise NotFound()
    return Yes(row[0], row[1])


def yeses_of(actor: Actor) -> list[Yes]:
    """What the actor said yes to and the team has not answered, the latest first."""
    rows = db.session.execute(
        select(Backer, Proposal)
        .join(Proposal, Proposal.id == Backer.proposal_id)
        .where(Backer.account_id == actor.account_id, Backer.position != FOUNDER)
        .order_by(Backer.said_at.desc(), Backer.id)
    )
    return [Yes(backer, proposal) for backer, proposal in rows]


def waiting_in(houses: Sequence[House]) -> list[tuple[str, datetime]]:
    """The proposals that wait in some houses, each with since when; the caller has proved to work there."""
    waiting = select(Proposal.id, Proposal.sent_at).where(
        Proposal.house_id.in_([house.id for house in houses]), Proposal.sent_at.is_not(None)
    )
    return [(row[0], row[1]) for row in db.session.execute(waiting.order_by(Proposal.sent_at)) if row[1]]


def proposal_for_team(actor: Actor, proposal_id: str, *, lock: bool = False) -> tuple[Proposal, House]:
    """A proposal that waits in a house where the actor works. Raises NotFound."""
    houses = {house.id: house for house in houses_of_staff(actor)} if actor.is_staff else {}
    query = select(Proposal).where(
        Proposal.id == proposal_id, Proposal.house_id.in_(list(houses)), Proposal.sent_at.is_not(None)
    )
    found = db.session.scalars(query.with_for_update() if lock else query).first()
    if found is None or not ID.fullmatch(proposal_id):
        raise NotFound()
    return found, houses[found.house_id]

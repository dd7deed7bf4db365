"""How a person who leaves for good parts from the proposals that they said yes to: from each at a moment of its own.

Their own proposal goes with them. Until its moment a yes stays under its name and leads to nobody: it founds no club.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.accounts.leaving import hooks
from app.accounts.leaving.hooks import Messages
from app.clubs.founding.backing import drop_yes
from app.clubs.founding.models import FOUNDER, Backer, Proposal
from app.clubs.founding.queries import Yes
from app.core import jobs
from app.core.apart import WITHIN, draw_again, own_moment, plan_parting
from app.core.clock import now
from app.core.db import db, transaction

KIND = "founding:part"


def part_from_proposals(account_id: str, _messages: Messages, at_once: bool) -> datetime:
    """In the present transaction; returns the moment by which every founder sees it."""
    done_by = now() if at_once else now() + WITHIN
    theirs = select(Backer).where(Backer.account_id == account_id, Backer.position != FOUNDER)
    for backer in db.session.scalars(theirs):
        backer.account_id = None
        plan_parting(KIND, {"backer": backer.id}, done_by, now() if at_once else own_moment())
    db.session.flush()
    return done_by


@jobs.handler(KIND)
def part(payload: dict[str, Any]) -> None:
    """The moment of one yes has come: it goes as if it were taken back."""
    with transaction():
        if draw_again(KIND, payload):
            return
        wanted = select(Backer, Proposal).join(Proposal, Proposal.id == Backer.proposal_id)
        row = db.session.execute(
            wanted.where(Backer.id == payload["backer"]).with_for_update(of=Proposal)
        ).first()  # fmt: skip
        if row is not None:
            drop_yes(Yes(row[0], row[1]))


hooks.partings.append(part_from_proposals)

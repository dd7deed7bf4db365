"""The clock's door of founding: drafts that nobody touches end; and what the desk shows of proposals that wait."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.clubs.founding import leaving as leaving
from app.clubs.founding import partings as partings
from app.clubs.founding.actions import DRAFT_LIFE
from app.clubs.founding.models import PlantDraw, PlantHold, Proposal
from app.clubs.founding.plants import HELD_FOR_A_CLUB, SPAN
from app.clubs.founding.queries import waiting_in
from app.core import jobs
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.retention import Lasting, by_key, stays
from app.houses import desk
from app.houses.models import House

ANSWERED_WITHIN = timedelta(days=3)
NEVER_SENT = Lasting(days=DRAFT_LIFE.days)
DRAWN = Lasting(days=SPAN.days)
HELD = Lasting(days=HELD_FOR_A_CLUB.days)


@jobs.handler("founding:end_draft")
def end_draft(payload: dict[str, Any]) -> None:
    """A draft ends fourteen days after it was last touched; one that waits for the team does not."""
    with transaction():
        proposal = db.session.get(Proposal, payload["proposal"], with_for_update=True)
        if proposal is None:
            return
        over = proposal.touched_at + DRAFT_LIFE
        if proposal.sent_at is None and over <= now():
            db.session.delete(proposal)
        else:
            jobs.enqueue("founding:end_draft", payload, max(over, now() + timedelta(days=1)))


def proposals_waiting(actor: Actor, houses: Sequence[House]) -> list[desk.Case]:
    """One case for each proposal: neither a name nor the club it is for."""
    return [_case(proposal_id, since) for proposal_id, since in waiting_in(houses)]


def _case(proposal_id: str, since: Any) -> desk.Case:
    soon = since + ANSWERED_WITHIN - timedelta(days=1) <= now()
    return desk.Case(
        urgency="today" if soon else "",
        kind="honey",
        icon="sprout",
        label=_("Nouveau club"),
        title=_("Trois personnes proposent un club"),
        text=_("On leur a dit : une réponse sous 3 jours."),
        since=since,
        href=desk.address_of("founding.answer_proposal", proposal_id=proposal_id),
        action=_("Lire et répondre"),
    )


desk.waiting.append(proposals_waiting)

by_key(
    "founding:drafts", ("proposal", "backer"), NEVER_SENT, Proposal.id,
    lambda moment: select(Proposal.id).where(
        Proposal.sent_at.is_(None), Proposal.touched_at < NEVER_SENT.before(moment)
    ),
)  # fmt: skip
by_key(
    "founding:draws", ("plant_draw",), DRAWN, PlantDraw.id,
    lambda moment: select(PlantDraw.id).where(PlantDraw.at < DRAWN.before(moment)),
)  # fmt: skip
by_key(
    "founding:holds", ("plant_hold",), HELD, PlantHold.slug,
    lambda moment: select(PlantHold.slug).where(
        PlantHold.club_id.is_not(None), PlantHold.held_at < HELD.before(moment)
    ),
)  # fmt: skip
stays("retired_slug", "the address of a club that turned discreet must never be given again")

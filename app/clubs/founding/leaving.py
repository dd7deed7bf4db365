"""What a person takes away, and takes along, of the clubs that they propose."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from app.clubs.founding.models import Backer, PlantDraw, Proposal
from app.clubs.founding.plants import draw_key
from app.core import jobs
from app.core.db import db
from app.core.privacy import Rows, declare, keep_back, take_away


def proposal_rows(account_id: str) -> Rows:
    """One's own proposal, and the names chosen for others that one stands behind: not what these say."""
    own = select(Proposal).where(Proposal.account_id == account_id)
    backed = select(Backer).where(Backer.account_id == account_id).order_by(Backer.said_at)
    return [_proposal(each) for each in db.session.scalars(own)] + [
        {"what": "backing", "name": each.name, "consent": each.consent_version, "at": each.said_at}
        for each in db.session.scalars(backed)
    ]


def _proposal(each: Proposal) -> dict[str, object]:
    return {
        "what": "proposal",
        "title": each.name,
        "sentence": each.sentence,
        "languages": each.languages,
        "format": each.format,
        "door": each.door,
        "history": each.history,
        "charter": each.charter,
        "note": each.note,
        "began": each.begun_at,
        "sent": each.sent_at,
    }


def drop_proposals(account_id: str) -> None:
    """A proposal goes with who made it; who had said yes to it is asked for nothing any more."""
    ids = set(db.session.scalars(select(Proposal.id).where(Proposal.account_id == account_id)))
    jobs.forget_about(ids)
    db.session.execute(delete(Proposal).where(Proposal.id.in_(ids)))
    db.session.execute(delete(PlantDraw).where(PlantDraw.drawer_key == draw_key("person", account_id)))


declare("plant_draw", "drawer_key", "how often a person drew names of plants, as a hash", erases=drop_proposals)
keep_back("plant_draw", "drawer_key", "a count against drawing again and again, which says nothing of anybody")
take_away(
    "proposals", _l("Les clubs que je propose"), proposal_rows, ("proposal", "account_id"), ("backer", "account_id")
)

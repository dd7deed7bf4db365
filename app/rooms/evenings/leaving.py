"""What a person takes away, and takes along, of the names that they gave to the team for an evening."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from app.clubs.leaving import club_names, still_inside
from app.clubs.models import Membership
from app.clubs.partings import Messages, parting
from app.core.db import db
from app.core.privacy import Rows, take_away
from app.rooms.evenings.models import KeyHolder
from app.rooms.models import Claim


def part_from_keys(membership_id: str, _messages: Messages) -> None:
    """Whatever becomes of the messages, a name that the team was given goes."""
    db.session.execute(delete(KeyHolder).where(KeyHolder.said_by_id == membership_id))


def key_rows(account_id: str) -> Rows:
    """Whom a person said to be known to the team, and for which evening, to who may still read the club."""
    names, inside = club_names(account_id), still_inside(account_id)
    rows = db.session.execute(
        select(KeyHolder, Claim)
        .join(Claim, Claim.id == KeyHolder.claim_id)
        .join(Membership, Membership.id == KeyHolder.said_by_id)
        .where(Membership.account_id == account_id)
        .order_by(Claim.made_at, Claim.id)
    )
    return [
        {
            "name": holder.name,
            "club": names[claim.club_id],
            "start": claim.starts_at if holder.said_by_id in inside else None,
        }
        for holder, claim in rows
    ]


parting.append(part_from_keys)
take_away("evening-keys", _l("Qui ferme avec l’équipe, après une soirée"), key_rows, ("key_holder", "said_by_id"))

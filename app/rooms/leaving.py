"""What a person takes away, and takes along, of the meetings that they booked for a club."""

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update

from app.clubs.leaving import club_names
from app.clubs.models import Membership
from app.clubs.partings import Messages, parting
from app.core.db import db
from app.core.privacy import Rows, keep_back, take_away
from app.rooms.models import Claim, ClaimRequest
from app.rooms.series.models import ClaimEvent


def part_from_claims(membership_id: str, messages: Messages) -> None:
    """The club keeps its rooms; who booked them is nobody any more, and a title goes with the messages."""
    db.session.execute(delete(ClaimRequest).where(ClaimRequest.membership_id == membership_id))
    theirs = update(Claim).where(Claim.made_by_id == membership_id)
    if messages == "blank":
        with force_locale(str(current_app.config["DEFAULT_LOCALE"])):
            db.session.execute(theirs.values(title=_("Rencontre")))
    db.session.execute(theirs.values(made_by_id=None))
    db.session.execute(update(ClaimEvent).where(ClaimEvent.by_id == membership_id).values(by_id=None))


def claim_rows(account_id: str) -> Rows:
    """The meetings that a person booked, and how they called them."""
    names = club_names(account_id)
    rows = db.session.scalars(
        select(Claim)
        .join(Membership, Membership.id == Claim.made_by_id)
        .where(Membership.account_id == account_id)
        .order_by(Claim.starts_at, Claim.id)
    )
    return [
        {"title": each.title, "club": names[each.club_id], "start": each.starts_at, "end": each.ends_at}
        for each in rows
    ]


parting.append(part_from_claims)
take_away("bookings", _l("Les rencontres que j’ai réservées"), claim_rows, ("claim", "made_by_id"))
keep_back("claim_request", "membership_id", "hashes by which a program's call is known again")
keep_back(
    "hold", "made_by_id", "a slot kept while a page is filled, for some minutes or days: the claim that follows is said"
)
keep_back("claim_event", "by_id", "on which day a booking was made, moved or given back: the booking itself is said")

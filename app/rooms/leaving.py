"""What a person takes away, and takes along, of the meetings that they booked for a club."""

from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, or_, select, update

from app.clubs.leaving import club_names, ends_of, still_inside, was_there
from app.clubs.partings import Messages, parting
from app.core.db import db
from app.core.privacy import Rows, keep_back, take_away
from app.rooms.models import Claim, ClaimRequest
from app.rooms.series.models import ClaimEvent


def part_from_claims(membership_id: str, messages: Messages) -> None:
    """The club keeps its rooms; who booked them is nobody any more, and a title goes with the messages."""
    db.session.execute(delete(ClaimRequest).where(ClaimRequest.membership_id == membership_id))
    called = update(Claim).where(Claim.title_by_id == membership_id)
    if messages == "blank":
        with force_locale(str(current_app.config["DEFAULT_LOCALE"])):
            db.session.execute(called.values(title=_("Rencontre")))
    db.session.execute(called.values(title_by_id=None))
    db.session.execute(update(Claim).where(Claim.made_by_id == membership_id).values(made_by_id=None))
    db.session.execute(update(ClaimEvent).where(ClaimEvent.by_id == membership_id).values(by_id=None))


def claim_rows(account_id: str) -> Rows:
    """The meetings that a person booked, and how they called some, booked by them or by another.

    Who may not read the club any more has their title: when it is now is not theirs to learn, nor what was booked
    since.
    """
    names, ends, inside = club_names(account_id), ends_of(account_id), still_inside(account_id)
    theirs = or_(Claim.made_by_id.in_(ends), Claim.title_by_id.in_(ends))
    rows = db.session.scalars(select(Claim).where(theirs).order_by(Claim.made_at, Claim.id))
    return [
        _claim_row(each, names, set(ends), inside)
        for each in rows
        if was_there(ends, each.made_at, each.made_by_id, each.title_by_id)
    ]


def _claim_row(claim: Claim, names: dict[str, str], mine: set[str], inside: set[str]) -> dict[str, Any]:
    here = not inside.isdisjoint({claim.made_by_id, claim.title_by_id})
    return {
        "title": claim.title if claim.title_by_id in mine else None,
        "club": names[claim.club_id],
        "start": claim.starts_at if here else None,
        "end": claim.ends_at if here else None,
    }


parting.append(part_from_claims)
take_away(
    "bookings", _l("Les rencontres que j’ai réservées"), claim_rows, ("claim", "made_by_id"), ("claim", "title_by_id")
)
keep_back("claim_request", "membership_id", "hashes by which a program's call is known again")
keep_back(
    "hold", "made_by_id", "a slot kept while a page is filled, for some minutes or days: the claim that follows is said"
)
keep_back("claim_event", "by_id", "on which day a booking was made, moved or given back: the booking itself is said")

"""What the pages of founding share: a refusal beside its field, a proposal as it is read, its house."""

from typing import Any

from app.clubs.cards import door_fact, format_fact, languages_fact
from app.clubs.consent import CONSENT_VERSION
from app.clubs.founding.models import Proposal
from app.clubs.models import Club
from app.core.db import db
from app.core.errors import DomainError
from app.houses.models import House
from app.web.forms import Form


def put(form: Form, error: DomainError) -> int:
    """Show a refusal beside its field; one that belongs to no field stands in the summary alone."""
    if error.code == "consent_changed":
        form.consent_version.data, form.consent.data = CONSENT_VERSION, False
    if error.field in form:
        form.refuse(str(error.field), error.detail)
    elif error.status in (409, 422):
        form.form_errors.append(error.detail)
    else:
        raise error
    return error.status


def shown(proposal: Proposal) -> dict[str, Any]:
    """A proposal as whoever reads it sees it: its words, its door, its rules; no person."""
    club = Club(door=proposal.door or "on_request", languages=proposal.languages, format=proposal.format)
    return {
        "name": proposal.name,
        "sentence": proposal.sentence,
        "facts": [door_fact(club), languages_fact(club), format_fact(club)],
        "history": proposal.history,
        "charter": [("check", rule) for rule in proposal.charter],
    }


def place_of(proposal: Proposal) -> House:
    """The house where the club would meet."""
    return db.session.get_one(House, proposal.house_id)

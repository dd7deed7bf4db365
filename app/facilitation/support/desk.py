"""What waits for the team: the requests of clubs that nobody has closed."""

from collections.abc import Sequence

from flask_babel import gettext as _

from app.clubs.cards import plant_name
from app.clubs.models import Club
from app.core.actor import Actor
from app.facilitation.models import HelpRequest
from app.facilitation.support.queries import open_help_in
from app.houses.desk import Case, address_of
from app.houses.models import House


def help_requests(actor: Actor, houses: Sequence[House]) -> list[Case]:
    """Those that nobody has taken first; those of others of the team later."""
    return [_case(actor, *row) for row in open_help_in(houses)]


def _case(actor: Actor, request: HelpRequest, club: Club) -> Case:
    href = address_of("support.show_help", request_id=request.id)
    taken = request.taken_by_id is not None
    text = _("%(club)s. Une personne responsable demande une idée.", club=plant_name(club))
    urgency = "" if taken and request.taken_by_id != actor.account_id else "today"
    act = _("Lire") if taken else _("Répondre")
    return Case(urgency, "honey", "life-buoy", _("Demande d’aide"), request.title, text, request.opened_at, href, act)

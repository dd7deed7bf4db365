"""What waits for the team: what it asked of clubs for somebody, and what they answered. By plant name, and no more."""

from collections.abc import Sequence

from flask_babel import gettext as _

from app.clubs.cards import plant_name
from app.clubs.invitations.models import InvitationRequest
from app.clubs.invitations.queries import desk_requests_in
from app.clubs.models import Club
from app.core.actor import Actor
from app.houses.desk import Case, address_of
from app.houses.models import House


def invitations(_actor: Actor, houses: Sequence[House]) -> list[Case]:
    """Those that were answered first: somebody may come back for them."""
    return [_case(*row) for row in desk_requests_in([house.id for house in houses])]


def _case(asked: InvitationRequest, club: Club) -> Case:
    said = {
        None: ("", "", "hourglass", _("Le club n’a pas encore répondu."), _("Regarder")),
        "yes": ("today", "honey", "check", _("Un mot est prêt. Imprimez-le et remettez-le."), _("Imprimer")),
        "no": ("today", "", "x", _("Le club dit non. Dites-le si la personne revient."), _("Lire et clore")),
    }
    urgency, kind, icon, text, act = said[asked.answer]
    title = _("Invitation demandée : %(club)s", club=plant_name(club))
    href = address_of("invitations.show_desk_request", request_id=asked.id)
    return Case(urgency, kind, icon, _("Invitation"), title, text, asked.asked_at, href, act)

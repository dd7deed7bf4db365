"""What waits for the second person, and what is read now. On the desk of everybody in the house."""

from collections.abc import Sequence

from flask_babel import gettext as _

from app.clubs.cards import plant_name
from app.clubs.models import Club
from app.core.actor import Actor
from app.facilitation.break_glass.models import BreakGlass
from app.facilitation.break_glass.queries import cases_of
from app.facilitation.break_glass.words import GROUNDS, moment_words
from app.houses.desk import Case, address_of
from app.houses.models import House


def emergencies(actor: Actor, _houses: Sequence[House]) -> list[Case]:
    return [_case(actor, *row) for row in cases_of(actor)]


def _case(actor: Actor, one: BreakGlass, club: Club) -> Case:
    href, label = address_of("break_glass.show_case", case_id=one.id), _("Urgence")
    plant = plant_name(club)
    if one.began_at is not None and one.until is not None:
        title = _("%(club)s est lu en urgence", club=plant)
        text = _("Jusqu’au %(moment)s.", moment=moment_words(one.until))
        return Case("today", "brick", "eye", label, title, text, one.began_at, href, _("Voir"))
    mine = one.asked_by_id == actor.account_id
    title = _("Lire %(club)s en urgence ?", club=plant)
    action = _("Voir") if mine else _("Lire et décider")
    text = _("Il faut le oui d’une seconde personne.") if mine else str(GROUNDS[one.ground])
    return Case("" if mine else "now", "brick", "eye", label, title, text, one.asked_at, href, action)

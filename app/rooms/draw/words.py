"""Why a club won or lost, in one sentence."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.rooms.draw.rule import Result
from app.rooms.draw.standings import Standing

WON: dict[str, Any] = {
    "alone": _l("Gagne : personne d’autre ne demandait ce moment."),
    "streak": _l("Gagne : ce club avait perdu plus de tirages de suite que le suivant."),
    "minutes": _l("Gagne : ce club avait eu moins d’heures très demandées que le suivant."),
    "waited": _l("Gagne : ce club attendait depuis plus longtemps que le suivant."),
    "lot": _l("Gagne au sort : tout le reste était égal."),
}
LOST: dict[str, Any] = {
    "streak": _l("Perd : celui qui gagne avait perdu plus de tirages de suite."),
    "minutes": _l("Perd : celui qui gagne avait eu moins d’heures très demandées."),
    "waited": _l("Perd : celui qui gagne attendait depuis plus longtemps."),
    "lot": _l("Perd au sort : tout le reste était égal."),
}
OTHERS: dict[str, Any] = {
    "full": _l("N’a rien : ce club a déjà toutes les réservations qu’il peut avoir. Cela ne compte pas comme perdu."),
    "void": _l("N’a rien : les moments demandés ne sont plus là. Cela ne compte pas comme perdu."),
    "shared": _l("N’a rien de plus : l’autre club, avec qui il tire au sort, a gagné."),
}


def sentence(result: Result) -> str:
    """In the present language. It says who comes before whom, and no number: labels must not be known again by it."""
    if result.outcome in OTHERS:
        return str(OTHERS[result.outcome])
    return str((WON if result.outcome == "won" else LOST)[result.why])


def own_numbers(had: Standing) -> str:
    """What counts for a club as things are, in the words of its own page."""
    lost = ngettext("%(num)s tirage perdu de suite", "%(num)s tirages perdus de suite", had.streak)
    return str(
        _("Pour votre club, à ce jour : %(lost)s, %(hours)s en douze semaines.", lost=lost, hours=hours(had.minutes))
    )


def hours(minutes: int) -> str:
    """``0 heure``, ``2 heures``, ``1 h 30``."""
    whole, rest = divmod(minutes, 60)
    if rest:
        return str(_("%(hours)s h %(minutes)s", hours=whole, minutes=f"{rest:02d}"))
    return str(ngettext("%(num)s heure", "%(num)s heures", whole))

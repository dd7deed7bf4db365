"""The grounds in words, and what the club is told."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.clock import now
from app.facilitation.break_glass.models import BreakGlass
from app.web.filters import day_long, hm

GROUNDS: dict[str, Any] = {
    "danger": _l("Une personne est en danger."),
    "crime": _l("Un acte grave se prépare ou se montre dans le club."),
    "law": _l("La loi oblige la maison à lire."),
}
LATER: dict[str, Any] = {
    "lead": _l("Une personne responsable du club est peut-être le danger."),
    "law": _l("La loi interdit de le dire plus tôt."),
}


def is_under_way(one: BreakGlass) -> bool:
    return one.ends is not None and one.ended_at is None and one.ends > now()


def notice_lines(one: BreakGlass) -> list[str]:
    """What stands in the club for every member: until when, why, in whose words, and why not sooner."""
    ground, began, ends = GROUNDS[one.ground], one.began_at or one.asked_at, one.ends or one.asked_at
    if is_under_way(one):
        told = {"moment": moment_words(ends), "ground": ground}
        first = _("L’équipe lit ce club jusqu’au %(moment)s, pour cette raison : %(ground)s", **told)
    else:
        spans = {"from": moment_words(began), "to": moment_words(ends), "ground": ground}
        first = _("L’équipe a lu ce club du %(from)s au %(to)s, pour cette raison : %(ground)s", **spans)
    said = [first, _("Elle écrit : « %(reason)s »", reason=one.reason)]
    if one.later_ground:
        said.append(_("Elle ne l’a pas dit plus tôt, pour cette raison : %(why)s", why=LATER[one.later_ground]))
    said.append(_("Deux personnes de l’équipe l’ont décidé. Une seule lit, et elle n’écrit rien."))
    return [str(each) for each in said]


def reader_line(one: BreakGlass) -> str:
    """Who reads what one writes, above the box."""
    ends = one.ends or one.asked_at
    return str(_("Lu aussi par l’équipe, jusqu’au %(day)s, %(time)s.", day=day_long(ends), time=hm(ends)))


def moment_words(moment: datetime) -> str:
    return str(_("%(day)s, %(time)s", day=day_long(moment), time=hm(moment)))

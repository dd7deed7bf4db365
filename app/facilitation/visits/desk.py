"""What waits for somebody of the team: the clubs that invite them, and those where they are on a visit."""

from collections.abc import Sequence

from flask_babel import gettext as _

from app.clubs.cards import plant_name
from app.clubs.models import Club
from app.core.actor import Actor
from app.facilitation.models import Visit
from app.facilitation.visits.queries import open_visits_for
from app.houses.desk import Case, address_of
from app.houses.models import House
from app.web.filters import day_long, hm


def visits(actor: Actor, _houses: Sequence[House]) -> list[Case]:
    """Their own only: nobody else of the team is invited by it."""
    return [_invitation(*row) if row[0].began_at is None else _under_way(*row) for row in open_visits_for(actor)]


def _invitation(visit: Visit, club: Club) -> Case:
    href = address_of("visits.show_visit", visit_id=visit.id)
    title, act = _("Un club vous invite"), _("Lire et répondre")
    return Case("today", "honey", "door-open", _("Invitation"), title, _until(visit, club), visit.invited_at, href, act)


def _under_way(visit: Visit, club: Club) -> Case:
    href = address_of("pages.show_club", slug=club.slug)
    title, act = _("Vous êtes en visite"), _("Aller au club")
    return Case("", "", "eye", _("Visite"), title, _until(visit, club), visit.began_at or visit.invited_at, href, act)


def _until(visit: Visit, club: Club) -> str:
    said = {"club": plant_name(club), "day": day_long(visit.until), "time": hm(visit.until)}
    return str(_("%(club)s, jusqu’au %(day)s, %(time)s.", **said))

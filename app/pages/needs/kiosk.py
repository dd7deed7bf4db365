"""The doors of a kiosk's first page: what one needs first, then what the house has; one's own things when signed in."""

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.clubs.cards import is_today, next_fact
from app.core.actor import Actor
from app.houses.devices.hall import Choice, choices
from app.houses.models import House
from app.meetings.queries import agenda_for
from app.pages import queries
from app.pages.context import house_shown
from app.web.filters import hm


def offer(actor: Actor | None, house: House) -> list[Choice]:
    """What is there, for a visitor or for who is signed in."""
    own = _of_visitor(house) if actor is None else _of_team(house) if actor.is_staff else _of_member(actor, house)
    needs = _("Un club, une rencontre, une salle") if actor else _("Sans vous inscrire")
    return [
        *own,
        Choice(10, _("De quoi avez-vous besoin ?"), needs, url_for("needs.show_needs"), "leaves", "pine"),
        Choice(
            50, _("Appeler quelqu’un"), _("Une personne vient vous aider"), url_for("devices.call_somebody"),
            "waves", "sky", post=True,
        ),
    ]  # fmt: skip


def _of_visitor(house: House) -> list[Choice]:
    tonight = [one for one in queries.open_meetings(limit=12) if is_today(one.start) and one.house.id == house.id]
    enter = url_for("accounts.sign_in", next=url_for("devices.show_kiosk"))
    return [
        Choice(20, _("Aujourd’hui à la maison"), _today(len(tonight), house), url_for("pages.home"), "sun", "night"),
        Choice(30, _("Entrer"), _("Avec un code ou une carte"), enter, "ring", "ochre"),
        _rehearsal(),
    ]


def _today(number: int, house: House) -> str:
    """How many meetings, and until when the house is open where it stays open late."""
    met = ngettext("%(num)s rencontre ouverte à tous", "%(num)s rencontres ouvertes à tous", number) if number else ""
    until = house_shown(house)["open_tonight_until"]
    if until is None:
        return met
    if not met:
        return str(_("Ouvert jusqu’à %(time)s", time=hm(until)))
    return str(_("%(meetings)s, jusqu’à %(time)s", meetings=met, time=hm(until)))


def _rehearsal() -> Choice:
    """Not when somebody listens: who has no account is told that of nobody."""
    where = url_for("practice.show_rehearsals")
    return Choice(32, _("Essayer un entretien"), _("Seul, ou avec quelqu’un"), where, "bridge", "clay")


def _rooms(house: House) -> Choice:
    where = url_for("rooms.week", slug=house.slug)
    return Choice(40, _("Les salles"), _("Les heures libres"), where, "bridge", "clay")


def _of_member(actor: Actor, house: House) -> list[Choice]:
    ahead = next((one for one in agenda_for(actor) if one.answer != "no"), None)
    coming = next_fact(ahead.start) if ahead else None
    said = _("Prochaine rencontre : %(moment)s", moment=coming[1]) if coming else ""
    return [
        Choice(0, _("Mes clubs"), _("Ce qui vous attend"), url_for("pages.home"), "star", "plum"),
        Choice(5, _("Mon agenda"), said, url_for("meetings.agenda"), "sun", "night"),
        _rooms(house),
    ]


def _of_team(house: House) -> list[Choice]:
    return [Choice(0, _("Bureau de l’équipe"), "", url_for("desk.show_desk"), "star", "plum"), _rooms(house)]


choices.append(offer)

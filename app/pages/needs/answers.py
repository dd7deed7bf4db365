"""What answers a need: clubs, a meeting, a rehearsal, an hour of advice, a sheet; each says where, and why there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.clubs.cards import card_of, door_fact, languages_fact, next_fact
from app.clubs.diary import diary
from app.clubs.models import Club
from app.clubs.queries import visible_clubs
from app.core.db import db
from app.houses.advice.queries import Hour, free_hours
from app.houses.models import House
from app.houses.needs import Need
from app.houses.shelf.models import ShelfItem
from app.houses.shelf.queries import sheets_for_need
from app.pages.needs.doors import clubs_for, nearest
from app.pages.needs.models import NeedHelp
from app.pages.needs.order import ordered

# Before whom one rehearses.
REHEARSED = ("talk", "job")
FEW = 3
WHY_CLUB = {
    "here": _l("Sur place, parce qu’on s’aide mieux en se voyant."),
    "both": _l("Les deux marchent : sur place pour se voir, en ligne si c’est loin."),
    "online": _l("En ligne, si vous habitez loin ou si les heures ne vous vont pas."),
    "outside": _l("Dehors, parce qu’on parle mieux en marchant."),
}
# Where one meets a club, in the words of ``ways`` and of "outside".
WHERE = {"here": ("here",), "both": ("here", "online"), "online": ("online",), "outside": ("outside",)}
WHY_SHEET = {
    # A sheet of the house's own, and a site of others.
    True: _l("À lire ici, ou sur papier : demandez à l’accueil. Il ne faut pas d’appareil."),
    False: _l("En ligne, à votre rythme, sur un téléphone ou un ordinateur."),
}
WHY_ADVICE = {
    "here": _l("Sur place, pour regarder vos papiers ensemble."),
    "phone": _l("Par téléphone, sans vous déplacer. Choisissez un endroit calme."),
    "online": _l("En ligne, sans vous déplacer. Il faut un écran et un endroit calme."),
}


@dataclass(frozen=True)
class ClubAnswer:
    """A club that answers: what is shown of it, where one meets it, and why there."""

    card: dict[str, Any]
    where: tuple[str, ...]
    facts: list[Any]


@dataclass(frozen=True)
class Answers:
    """Everything that answers one need. order: the kinds that have something, as the printed rule has them."""

    clubs: list[ClubAnswer]
    hours: list[Hour]
    sheets: list[ShelfItem]
    rehearses: bool
    order: list[str]


def answers_to(need: Need, house: House | None, meetings: Sequence[Any], said: str = "") -> Answers:
    """As a visitor sees them, whoever asks: what is not listed is not looked for here.

    said: the words by which the need was found; of the clubs that answer it, those that use them too come first.
    """
    spoken = house.languages[0] if house and house.languages else "fr"
    clubs = nearest(said, clubs_for(need, visible_clubs(None), spoken))
    hours, sheets = free_hours(need=need.name, limit=FEW), sheets_for_need(need.name, str(get_locale() or "fr")[:2])
    rehearses = need.name in REHEARSED
    there = {"club": clubs, "meeting": meetings, "advice": hours, "sheet": sheets, "rehearsal": rehearses}
    order = ordered([kind for kind, found in there.items() if found], _helped(need))
    return Answers(_told(clubs), hours, sheets, rehearses, order)


def clubs_that_say(said: str) -> Answers | None:
    """For words that name no need: the listed clubs that use them of themselves, and a person at the desk."""
    clubs = nearest(said, visible_clubs(None), alone=True)
    return Answers(_told(clubs), [], [], False, ordered(["club"], {})) if clubs else None


def _told(clubs: Sequence[Club]) -> list[ClubAnswer]:
    moments = diary.next_public(clubs)
    found = []
    for club in clubs:
        moment = moments.get(club.id)
        told = [[door_fact(club), next_fact(moment), languages_fact(club)], [("info", str(WHY_CLUB[club.format]))]]
        found.append(ClubAnswer(card_of(club, moment), WHERE[club.format], told))
    return found


def _helped(need: Need) -> dict[str, int]:
    rows = db.session.execute(select(NeedHelp.kind, NeedHelp.times).where(NeedHelp.need == need.name))
    return {row.kind: row.times for row in rows}

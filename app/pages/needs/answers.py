"""What answers a need: clubs, a meeting, a rehearsal, an hour of advice, a sheet; each says where, and why there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.clubs.cards import card_of
from app.clubs.diary import diary
from app.clubs.models import Club
from app.clubs.queries import visible_clubs
from app.core.db import db
from app.houses.advice.queries import Hour, free_hours
from app.houses.models import House
from app.houses.needs import Need
from app.houses.shelf.models import ShelfItem
from app.houses.shelf.queries import sheets_for_need
from app.pages.needs.doors import clubs_for
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
WHY_ADVICE = {
    "here": _l("Sur place, pour regarder vos papiers ensemble."),
    "phone": _l("Par téléphone, sans vous déplacer. Choisissez un endroit calme."),
    "online": _l("En ligne, sans vous déplacer. Il faut un écran et un endroit calme."),
}


@dataclass(frozen=True)
class Answers:
    """Everything that answers one need. order: the kinds that have something, as the printed rule has them."""

    cards: list[dict[str, Any]]
    hours: list[Hour]
    sheets: list[ShelfItem]
    rehearses: bool
    order: list[str]


def answers_to(need: Need, house: House | None, meetings: Sequence[Any]) -> Answers:
    """As a visitor sees them, whoever asks: what is not listed is not looked for here."""
    spoken = house.languages[0] if house and house.languages else "fr"
    clubs = clubs_for(need, visible_clubs(None), spoken)
    hours, sheets = free_hours(need=need.name, limit=FEW), sheets_for_need(need.name, str(get_locale() or "fr")[:2])
    rehearses = need.name in REHEARSED
    there = {"club": clubs, "meeting": meetings, "advice": hours, "sheet": sheets, "rehearsal": rehearses}
    order = ordered([kind for kind, found in there.items() if found], _helped(need))
    return Answers(_cards(clubs), hours, sheets, rehearses, order)


def _cards(clubs: Sequence[Club]) -> list[dict[str, Any]]:
    moments = diary.next_public(clubs)
    cards = [card_of(club, moments.get(club.id)) for club in clubs]
    why = [("info", WHY_CLUB[club.format]) for club in clubs]
    return [{**card, "facts": [*card["facts"], reason]} for card, reason in zip(cards, why, strict=True)]


def _helped(need: Need) -> dict[str, int]:
    rows = db.session.execute(select(NeedHelp.kind, NeedHelp.times).where(NeedHelp.need == need.name))
    return {row.kind: row.times for row in rows}

"""Forms of rehearsals: who listens, who asks."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField

from app.clubs.names import MAX_NAME
from app.houses.trades import TRADES
from app.practice.times import days_in
from app.web.filters import day_long
from app.web.forms import AtLeastOne, AtMost, Boxes, Clock, Form, Required, clean_line, offered

WAYS: dict[str, Any] = {"house": _l("À la maison"), "phone": _l("Par téléphone")}
NAME = _l("Un nom pour ce rendez-vous")
OTHER_NAME = _l("Pas celui d’un de vos clubs : l’autre personne ne doit pas vous y reconnaître.")


class ListenForm(Form):
    """When somebody listens, how, and under which name."""

    name = StringField(
        NAME,
        description=OTHER_NAME,
        filters=[clean_line],
        validators=[Required(_l("Écrivez un nom.")), AtMost(MAX_NAME)],
    )
    day = RadioField(_l("Quel jour ?"), validate_choice=False)
    starts = Clock(_l("De"), validators=[Required(_l("Écrivez une heure."))])
    ends = Clock(_l("À"), validators=[Required(_l("Écrivez une heure."))])
    ways = Boxes(
        _l("Comment ?"), choices=offered(WAYS.items()), validators=[AtLeastOne(_l("Cochez une façon au moins."))]
    )
    house = SelectField(_l("Quelle maison ?"), validate_choice=False)

    def offer(self, houses: list[Any]) -> None:
        """The houses, and the two days on the clock of the first."""
        self.house.choices = offered((house.slug, house.name) for house in houses)
        days = days_in(houses[0].timezone) if houses else []
        self.day.choices = offered((day.isoformat(), day_long(day)) for day in days)
        if self.day.data is None and days:
            self.day.data = days[0].isoformat()


class TakeForm(Form):
    """How somebody rehearses."""

    name = StringField(
        NAME,
        description=OTHER_NAME,
        filters=[clean_line],
        validators=[Required(_l("Écrivez un nom.")), AtMost(MAX_NAME)],
    )
    way = RadioField(_l("Comment ?"), validate_choice=False)
    phone = StringField(
        _l("Votre numéro, pour être appelé"),
        description=_l("Seulement par téléphone. L’autre personne le voit jusqu’à la fin, puis il est effacé."),
        filters=[clean_line],
    )
    trade = SelectField(_l("Quel métier ?"), description=_l("Si vous voulez."), validate_choice=False, default="")

    def offer(self, ways: list[str]) -> None:
        """The ways of this quarter of an hour."""
        self.way.choices = offered((way, WAYS[way]) for way in ways)
        if self.way.data is None:
            self.way.data = ways[0]
        self.trade.choices = offered([("", _l("Sans préciser")), *TRADES.items()])

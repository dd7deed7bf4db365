"""Forms of advice: hours to publish, a name for one hour, the number of a slip."""

from datetime import time
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import NumberRange, Optional, StopValidation

from app.houses.advice.actions import MAX_NAME
from app.houses.advice.planning import MOST_IN_ROW, MOST_PLACES, MOST_WEEKS, Plan
from app.houses.partners.models import Partner
from app.houses.ways import WAYS
from app.web.forms import AtMost, Clock, Day, Form, Number, Required, clean_line, offered
from app.web.reading import NAMES


class BookForm(Form):
    """A name for one hour, never filled in beforehand."""

    name = StringField(
        _l("Le nom pour ce rendez-vous"),
        filters=[clean_line],
        validators=[Required(_l("Écrivez un nom pour ce rendez-vous.")), AtMost(MAX_NAME)],
        description=_l("Celui que vous voulez. Seule la personne qui conseille le lit."),
        render_kw={"autocomplete": "off"},
    )


class SlipForm(Form):
    """The number on a slip."""

    slip = StringField(
        _l("Le numéro du bon"),
        filters=[clean_line],
        validators=[Required(_l("Écrivez le numéro du bon."))],
        render_kw={
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "maxlength": "20",
            "dir": "ltr",
        },
    )


def _number(label: Any, least: int, most: int, hint: Any = "") -> Number:
    words = _l("Écrivez un nombre de %(least)s à %(most)s.", least=least, most=most)
    return Number(
        label,
        validators=[Required(words), NumberRange(least, most, words)],
        description=hint,
        render_kw={"inputmode": "numeric"},
    )


class PublishForm(Form):
    """Hours to publish: talks between two, or a workshop when it has a title."""

    day = Day(_l("Le premier jour"), validators=[Required(_l("Choisissez un jour."))])
    starts = Clock(_l("L’heure du début"), validators=[Required(_l("Écrivez une heure comme 18:30."))])
    minutes = _number(_l("La durée d’un rendez-vous, en minutes"), 15, 180, _l("De 15 à 60. Un atelier : jusqu’à 180."))
    row = _number(_l("Combien de rendez-vous à la suite"), 1, MOST_IN_ROW, _l("Une personne à chaque fois."))
    weeks = _number(_l("Combien de semaines"), 1, MOST_WEEKS, _l("Le même jour, à la même heure."))
    way = RadioField(_l("Comment"), choices=[], validators=[Required(_l("Choisissez une façon."))])
    room = StringField(
        _l("Où exactement"),
        filters=[clean_line],
        validators=[AtMost(80)],
        description=_l("Exemple : bureau 2, rez-de-chaussée. Par téléphone : qui appelle qui."),
    )
    language = SelectField(_l("La langue"), choices=offered(NAMES.items()))
    title = StringField(
        _l("Pour un atelier : son titre"),
        filters=[clean_line],
        validators=[AtMost(80)],
        description=_l("Laissez vide pour un rendez-vous à deux."),
    )
    places = Number(
        _l("Pour un atelier : combien de places"),
        validators=[Optional(), NumberRange(2, MOST_PLACES, _l("Écrivez un nombre de 2 à 30."))],
        render_kw={"inputmode": "numeric"},
    )

    def offer(self, partner: Partner) -> None:
        """The ways of the partner, its first language first."""
        self.way.choices = [SelectChoice(way, WAYS[way]) for way in WAYS if way in partner.ways]
        known = [code for code in NAMES if code in partner.languages]
        self.language.choices = offered((code, NAMES[code]) for code in known or NAMES)

    def validate_places(self, field: Any) -> None:
        if self.title.data and not field.data:
            raise StopValidation(str(_l("Écrivez un nombre de 2 à 30.")))

    @property
    def plan(self) -> Plan:
        """What the action is told."""
        return Plan(
            self.day.data, time.fromisoformat(self.starts.data), self.minutes.data, self.way.data, self.room.data or "",
            self.language.data, row=self.row.data, weeks=self.weeks.data, title=self.title.data or "",
            places=self.places.data or 1,
        )  # fmt: skip

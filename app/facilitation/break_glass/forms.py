"""The form that asks to read a club in an emergency."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.fields import SelectChoice

from app.facilitation.break_glass.actions import Grounds
from app.facilitation.break_glass.models import MAX_REASON
from app.facilitation.break_glass.words import GROUNDS, LATER
from app.facilitation.pauses.forms import OneOf
from app.web.forms import AtMost, Form, Required, clean_line

HOURS: dict[str, Any] = {"1": _l("1 heure"), "4": _l("4 heures"), "12": _l("12 heures"), "24": _l("24 heures")}
DAYS: dict[str, Any] = {
    "0": _l("Tout de suite"),
    "3": _l("Dans 3 jours"),
    "7": _l("Dans 7 jours"),
    "14": _l("Dans 14 jours"),
    "30": _l("Dans 30 jours"),
}


def _choices(words: dict[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(key, said) for key, said in words.items()]


class AskForm(Form):
    """Which club, why, for how long, and when the club is told."""

    club = SelectField(_l("Quel club ?"), validators=[OneOf(_l("Choisissez un club."))], validate_choice=False)
    ground = SelectField(
        _l("Pour quelle raison ?"),
        choices=[SelectChoice("", _l("Choisir une raison")), *_choices(GROUNDS)],
        validators=[OneOf(_l("Choisissez une raison."))],
        validate_choice=False,
    )
    reason = TextAreaField(
        _l("Dites pourquoi, en une phrase"),
        description=_l("Tous les membres du club liront cette phrase. N’y mettez aucun nom."),
        filters=[clean_line],
        validators=[Required(_l("Dites pourquoi, en une phrase.")), AtMost(MAX_REASON)],
    )
    hours = SelectField(
        _l("Combien de temps, à partir du second oui ?"),
        choices=_choices(HOURS),
        default="4",
        validators=[OneOf(_l("Choisissez une durée."))],
        validate_choice=False,
    )
    days = SelectField(
        _l("Quand le club le sait-il ?"),
        choices=_choices(DAYS),
        default="0",
        validators=[OneOf(_l("Choisissez un jour."))],
        validate_choice=False,
    )
    later = SelectField(
        _l("Si c’est plus tard : pourquoi ?"),
        choices=[SelectChoice("", _l("Le club le sait tout de suite")), *_choices(LATER)],
        default="",
        validate_choice=False,
    )

    @property
    def grounds(self) -> Grounds:
        hours, days = int(self.hours.data), int(self.days.data)
        return Grounds(self.ground.data, self.reason.data, hours, self.later.data or "", days)

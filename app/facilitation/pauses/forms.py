"""Forms of pauses: how long, which rule, why."""

from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import StopValidation

from app.facilitation.decisions import RULES, rule_words
from app.facilitation.models import MAX_REASON
from app.web.forms import AtMost, Form, Required, clean_line

LASTING = {
    "1h": (_l("1 heure"), timedelta(hours=1)),
    "1d": (_l("1 jour"), timedelta(days=1)),
    "1w": (_l("1 semaine"), timedelta(weeks=1)),
    "4w": (_l("4 semaines"), timedelta(weeks=4)),
}


class OneOf:
    """One of the choices must be taken; ``message`` says which kind."""

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, _form: Any, field: Any) -> None:
        if not field.data or field.data not in [choice.value for choice in field.choices]:
            field.errors = []
            raise StopValidation(str(self.message))


class RemoveMemberForm(Form):
    """Which rule, and what happened."""

    rule = SelectField(_l("Quelle règle ?"), validators=[OneOf(_l("Choisissez une règle."))], validate_choice=False)
    reason = TextAreaField(
        _l("Dites pourquoi, en une phrase"),
        description=_l("La personne lira cette phrase. Elle saura aussi comment contester."),
        filters=[clean_line],
        validators=[Required(_l("Dites pourquoi, en une phrase.")), AtMost(MAX_REASON)],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule.choices = [SelectChoice(number, rule_words(number)) for number in RULES]


class PauseMemberForm(RemoveMemberForm):
    """And for how long."""

    until = SelectField(
        _l("Combien de temps ?"),
        choices=[SelectChoice(key, words) for key, (words, _time) in LASTING.items()],
        default="1d",
        validators=[OneOf(_l("Choisissez une durée."))],
        validate_choice=False,
    )

    @property
    def lasts(self) -> timedelta:
        return LASTING[self.until.data][1]


class PauseSomebodyForm(PauseMemberForm):
    """And whom, where the page does not say it."""

    member = SelectField(_l("Qui ?"), validators=[OneOf(_l("Choisissez un nom."))], validate_choice=False)

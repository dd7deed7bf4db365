"""Forms of visits: whom, until when, why."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.fields import SelectChoice

from app.facilitation.pauses.forms import OneOf
from app.facilitation.visits.actions import MAX_REASON
from app.web.forms import AtMost, Form, Required, clean_line

LASTING = {
    "1d": (_l("1 jour"), timedelta(days=1)),
    "3d": (_l("3 jours"), timedelta(days=3)),
    "1w": (_l("1 semaine"), timedelta(weeks=1)),
    "2w": (_l("2 semaines"), timedelta(weeks=2)),
}


class InviteVisitorForm(Form):
    """One of the team, for a time, for a reason."""

    person = SelectField(
        _l("Qui, dans l’équipe ?"),
        validators=[OneOf(_l("Choisissez une personne de l’équipe."))],
        validate_choice=False,
    )
    until = SelectField(
        _l("Combien de temps, à partir de maintenant ?"),
        choices=[SelectChoice(key, words) for key, (words, _time) in LASTING.items()],
        default="3d",
        validators=[OneOf(_l("Choisissez une durée."))],
        validate_choice=False,
    )
    reason = TextAreaField(
        _l("Pourquoi, en une phrase ?"),
        description=_l("La personne invitée lit cette phrase."),
        filters=[clean_line],
        validators=[Required(_l("Dites pourquoi, en une phrase.")), AtMost(MAX_REASON)],
    )

    @property
    def lasts(self) -> timedelta:
        return LASTING[self.until.data][1]

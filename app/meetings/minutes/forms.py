"""The form of minutes: the text, and which version it was written from."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField

from app.meetings.minutes.models import MAX_MINUTES
from app.web.forms import AtMost, Form, Required


class WriteMinutesForm(Form):
    """Plain text, as in messages: a line that begins with a dash is a point of a list."""

    text = TextAreaField(
        _l("Compte rendu"),
        description=_l("Une ligne par idée. Une ligne qui commence par un tiret fait une liste."),
        validators=[Required(_l("Écrivez d’abord quelque chose.")), AtMost(MAX_MINUTES)],
    )
    base = HiddenField()

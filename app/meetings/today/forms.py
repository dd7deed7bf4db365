"""Where a meeting stands today."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from app.meetings.today.actions import MAX_PLACE
from app.web.forms import AtMost, Form, Required, clean_line


class MoveForm(Form):
    """In words, for those who are on their way."""

    place = StringField(
        _l("Où, en quelques mots ?"),
        description=_l("Exemple : devant la porte, ou salle 2."),
        filters=[clean_line],
        validators=[Required(_l("Dites où, en quelques mots.")), AtMost(MAX_PLACE)],
        render_kw={"autocomplete": "off"},
    )

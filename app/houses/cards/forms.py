"""The form that prints a card again."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from app.web.forms import Form, Required


class ReprintForm(Form):
    """The number on the card."""

    card = StringField(
        _l("Le numéro de la carte"),
        validators=[Required(_l("Écrivez le numéro de la carte."))],
        description=_l("8 chiffres. La personne vous le donne : il n’y a pas de liste."),
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": "20", "dir": "ltr"},
    )

"""The form of a card."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField

from app.web.forms import AtMost, Form, Required


class CardForm(Form):
    """A number and three words; whether the device is shared (ticked by default)."""

    card = StringField(
        _l("Le numéro"),
        validators=[Required(_l("Écrivez le numéro de la carte."))],
        # Room for the spaces between the groups.
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": "20", "dir": "ltr"},
    )
    words = StringField(
        _l("Les trois mots"),
        validators=[Required(_l("Écrivez les trois mots de la carte.")), AtMost(100)],
        description=_l("Avec une espace entre les mots. Les majuscules et les accents ne comptent pas."),
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "dir": "auto"},
    )
    shared = BooleanField(
        _l("Cet appareil sert à plusieurs personnes"),
        default=True,
        description=_l("Nous effaçons tout quand vous partez."),
    )

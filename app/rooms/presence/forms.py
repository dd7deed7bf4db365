"""The two things that one types to say that one is there."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from app.web.forms import Form, Required, clean_line

TYPED = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "maxlength": "40"}


class CodeForm(Form):
    """The six digits on the screen of the door."""

    code = StringField(
        _l("Les six chiffres de l’écran"),
        description=_l("Ils sont sur l’écran à la porte de la salle. Ils changent chaque minute."),
        filters=[clean_line],
        validators=[Required(_l("Écrivez les six chiffres."))],
        render_kw={**TYPED, "inputmode": "numeric"},
    )


class WordForm(Form):
    """The door word of the meeting."""

    word = StringField(
        _l("Le mot de la rencontre"),
        description=_l("Il est dans l’agenda de chaque membre. Exemple : Boussole."),
        filters=[clean_line],
        validators=[Required(_l("Écrivez le mot."))],
        render_kw=TYPED,
    )

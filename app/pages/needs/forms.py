"""The form of a need in one's own words. It is answered and forgotten: no browser is asked to remember or check it."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from app.web.forms import AtMost, Form, Required, clean_line

MOST = 160


class SayForm(Form):
    """A sentence, or one word."""

    said = StringField(
        _l("J’ai besoin de…"),
        filters=[clean_line],
        validators=[Required(_l("Écrivez un mot, ou choisissez plus bas.")), AtMost(MOST)],
        description=_l("Avec vos mots. Ils sont lus ici, puis oubliés."),
        render_kw={"autocomplete": "off", "spellcheck": "false", "enterkeyhint": "go"},
    )
